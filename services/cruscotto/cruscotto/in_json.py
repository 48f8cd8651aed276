"""Le cifre in JSON. I numeri sono nell'unità dell'indicatore (euro, non centesimi); null è «non calcolabile»."""

from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any

from telaio.district import District

from cruscotto.cifre.fondo import DelMese as DelMeseDelFondo
from cruscotto.cifre.fondo import Posizione
from cruscotto.cifre.indicatori import Indicatore
from cruscotto.cifre.letture import DelMese
from cruscotto.cifre.valuta import Cifra, Valore
from cruscotto.domande.capienza import Disponibili
from cruscotto.domande.evidenza import Prova
from cruscotto.domande.filtro import mese_scritto
from cruscotto.domande.freschezza import Fonte
from cruscotto.domande.qualita import DellaFonte
from cruscotto.domande.vita_dei_punti import UnPunto

Json = dict[str, Any]
DESCRITTO = {
    "codice", "linea", "nome", "definizione", "unita", "tipo", "livello", "direzione", "finestra", "eventi",
    "precisazione", "nota", "di_distretto",
}  # fmt: skip


def numero(valore: Decimal | None) -> int | float | None:
    """Intero dove è intero."""
    if valore is None:
        return None
    return int(valore) if valore == valore.to_integral_value() else float(valore)


def istante(quando: datetime | None) -> str | None:
    return quando.isoformat() if quando else None


def cifra(valore: Cifra) -> Json:
    """Il valore; per un rapporto anche i suoi due termini."""
    trovata: Json = {"valore": numero(valore.valore)}
    if valore.denominatore is not None:
        trovata |= {"numeratore": numero(valore.numeratore), "denominatore": numero(valore.denominatore)}
    return trovata


def indicatore(voce: Indicatore, valore: Valore) -> Json:
    """Un indicatore con il suo valore."""
    parti = zip(voce.a_parte, valore.a_parte, strict=True)
    return {
        **voce.model_dump(mode="json", include=DESCRITTO),
        "base": numero(voce.base),
        "obiettivo": numero(voce.obiettivo),
        "obiettivo_implicito": voce.implicito,
        **cifra(valore),
        "avanzamento": numero(valore.avanzamento),
        "senza_avanzamento": valore.senza_avanzamento,
        "a_parte": [{"nome": parte.nome, "unita": parte.unita, **cifra(sua)} for parte, sua in parti],
    }


def del_comune(codice: str, nome: str, valore: Cifra) -> Json:
    """La riga di un comune; `comune` null per il non rilevato."""
    return {"comune": codice or None, "nome": nome, **cifra(valore)}


def del_mese(mese: DelMese) -> Json:
    return {"mese": mese_scritto(mese.mese), "nel_mese": cifra(mese.nel_mese), "a_fine_mese": cifra(mese.a_fine_mese)}


def prova(p: Prova, distretto: District) -> Json:
    """Un evento dietro a una cifra."""
    rettifica = p.rettifica and {
        "da": p.rettifica.id,
        "motivo": p.rettifica.motivo,
        "registrata_alle": istante(p.rettifica.registrata_alle),
        "annullato": p.rettifica.annulla,
        "avvenuto_il": p.rettifica.avvenuto_il,
    }
    return {
        "id": p.id,
        "tipo": p.tipo,
        **fonte(p.fonte, distretto),
        "soggetto": p.soggetto,
        "versione": p.versione,
        "comune": p.comuni[0] if len(p.comuni) == 1 else None,
        "comuni": list(p.comuni),
        "avvenuto_il": p.avvenuto_il.isoformat(),
        "registrato_alle": istante(p.registrato_alle),
        "giorni_di_ritardo": p.ritardo,
        "rettificato": rettifica,
    }


def fonte(nome: str, distretto: District) -> Json:
    """Chi ha registrato: servizio e partner, con il nome che il distretto gli dà."""
    _, servizio, partner = nome.split("/", 2)
    return {"servizio": servizio, "partner": partner, "partner_nome": distretto.enti.get(partner, partner)}


def sentita(f: Fonte, distretto: District, adesso: datetime) -> Json:
    return {
        **fonte(f.fonte, distretto),
        "eventi": f.eventi,
        "ultimo_alle": istante(f.ultimo_alle),
        "tace_da_secondi": max(round(f.tace_da(adesso).total_seconds()), 0),
    }


def punto(p: UnPunto) -> Json:
    """Un Punto di Comunità con le attività del periodo."""
    vita = p.vita
    return {
        **{n: getattr(p, n) for n in ("id", "nome", "comune", "aperto", "per_il_lavoro", "fase", "gruppi")},
        "fase_dal": p.fase_dal.isoformat(),
        "orari": [{"giorno": giorno, "dalle": dalle, "alle": alle} for giorno, dalle, alle in p.orari],
        "ore_settimanali": numero(p.ore_settimanali),
        "tenuto_da": p.tenuto_da or None,
        "attivita": vita.attivita,
        "promosse_dai_cittadini": vita.dei_cittadini,
        "promosse_insieme": vita.insieme,
        "promosse_dai_cittadini_percento": numero(vita.promosse_dai_cittadini),
        "presenze": vita.presenze,
        "prime_presenze": vita.prime_presenze,
        "prime_presenze_percento": numero(vita.nuovi),
    }


def posti(d: Disponibili) -> Json:
    """I posti di una prestazione presso un nodo."""
    return asdict(d) | {"aggiornati_il": d.aggiornati_il.isoformat()}


def della_fonte(f: DellaFonte, distretto: District) -> Json:
    """Com'è stato registrato da un servizio di un partner."""
    return {
        **fonte(f.fonte.fonte, distretto),
        **asdict(f.totale),
        "in_quarantena": f.in_quarantena,
        "in_attesa": f.in_attesa,
        "per_mese": [{"mese": mese_scritto(mese), **asdict(sue)} for mese, sue in f.per_mese.items()],
    }


def fondi(garanzia: Posizione, esperienze: Posizione) -> Json:
    """Le posizioni dei due fondi, in centesimi: in primo piano quella del Fondo Garanzia."""
    della_garanzia = _posizione(garanzia, "escusso") | {
        "recuperato_centesimi": garanzia.recuperato,
        "garanzie_attive": garanzia.garanzie_attive,
    }
    return della_garanzia | {"esperienze": _posizione(esperienze, "speso")}


def _posizione(p: Posizione, uscito: str) -> Json:
    return {
        "versato_centesimi": p.versato,
        "versato_per_tipo_centesimi": dict(p.versato_per_tipo),
        "impegnato_centesimi": p.impegnato,
        f"{uscito}_centesimi": p.uscito,
        "saldo_centesimi": p.saldo,
        "disponibile_centesimi": p.disponibile,
    }


def mese_del_fondo(riga: DelMeseDelFondo) -> Json:
    """Una riga del libro mastro di un fondo."""
    importi = {f"{nome}_centesimi": importo for nome, importo in asdict(riga).items() if nome != "mese"}
    return {"mese": mese_scritto(riga.mese), **importi}
