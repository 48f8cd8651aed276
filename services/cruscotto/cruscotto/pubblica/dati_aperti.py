"""I dati aperti: tutti i rilasci in righe, uguali in CSV e in JSON. Puro."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from contratti.cruscotto import CifraPubblicata, LuogoPubblicato

from cruscotto.cifre.indicatori import Indicatore, Registro
from cruscotto.grafico import innocuo
from cruscotto.pubblica.luoghi_aperti import Punto
from cruscotto.pubblica.pubblicazione import Pubblicazione
from cruscotto.pubblica.regole import Regole
from cruscotto.pubblica.vetrina import fine_del, nome_del_luogo

Riga = dict[str, str | None]
COLONNE = (
    "codice", "indicatore", "cifra", "unita", "codici_istat", "territorio", "riferita_al", "pubblicata_il", "valore",
    "numeratore", "denominatore", "motivo",
)  # fmt: skip
NUMERI = ("valore", "numeratore", "denominatore")
COLONNE_DEI_PUNTI = ("nome", "codice_istat", "comune", "indirizzo", "contatti", "orari", "specializzato_sul_lavoro")


def righe(rilasci: Sequence[Pubblicazione], registro: Registro, comuni: Mapping[str, str], intero: str) -> list[Riga]:
    """Ogni cifra pubblicata una volta, quando lo è stata per la prima volta; ciò che manca, solo dell'ultimo rilascio.
    `intero`: come si chiama il distretto."""
    viste: set[tuple[str, str | None, str | None]] = set()
    trovate = []
    for rilascio in rilasci:
        for cifra in rilascio.cifre:
            chiave = (cifra.codice, cifra.parte, cifra.mese)
            riga = registro.per_codice.get(cifra.codice)
            if riga is None or chiave in viste or (cifra.mese is None and rilascio is not rilasci[-1]):
                continue
            viste.add(chiave)
            comune = _di(riga, cifra) | {"pubblicata_il": rilascio.pubblicata_il.isoformat() if cifra.mese else None}
            trovate += [comune | dove for dove in _dove(cifra, comuni, intero)]
    return trovate


def chiave(riga: Riga) -> tuple[str | None, str | None, date | None]:
    """Di quale cifra è una riga: codice, parte, giorno."""
    al = riga["riferita_al"]
    return riga["codice"], riga["cifra"], date.fromisoformat(al) if al else None


def _di(riga: Indicatore, cifra: CifraPubblicata) -> Riga:
    unita = next((p.unita for p in riga.a_parte if p.nome == cifra.parte), riga.unita)
    al = fine_del(cifra.mese).isoformat() if cifra.mese else None
    return {"codice": riga.codice, "indicatore": riga.nome, "cifra": cifra.parte, "unita": unita, "riferita_al": al}


def _dove(cifra: CifraPubblicata, comuni: Mapping[str, str], intero: str) -> Iterator[Riga]:
    yield {"codici_istat": None, "territorio": intero, "motivo": cifra.motivo, **_numeri(cifra)}
    for luogo in cifra.luoghi:
        senza = "non_calcolabile" if luogo.valore is None else None
        codici = " ".join(luogo.comuni) or None
        yield {
            "codici_istat": codici,
            "territorio": nome_del_luogo(luogo, comuni),
            "motivo": senza,
            **_numeri(luogo),
        }


def _numeri(cifra: CifraPubblicata | LuogoPubblicato) -> Riga:
    return {"valore": cifra.valore, "numeratore": cifra.numeratore, "denominatore": cifra.denominatore}


def in_csv(trovate: Iterable[Mapping[str, str | None]], colonne: Sequence[str]) -> str:
    """Il file: UTF-8 senza segno d'ordine dei byte, RFC 4180, decimali con il punto; ciò che manca è vuoto."""
    foglio = io.StringIO()
    scrivi = csv.writer(foglio)
    scrivi.writerow(colonne)
    for riga in trovate:
        scrivi.writerow([_casella(riga.get(c), c) for c in colonne])
    return foglio.getvalue()


def _casella(valore: str | None, colonna: str) -> str:
    """Un testo scritto da qualcuno non diventa una formula; un numero sotto zero resta un numero."""
    return "" if valore is None else valore if colonna in NUMERI else innocuo(valore)


def dei_punti(aperti: Iterable[Punto], comuni: Mapping[str, str]) -> list[Riga]:
    """I Punti aperti in righe."""
    return [
        {
            "nome": p.nome,
            "codice_istat": p.comune,
            "comune": comuni.get(p.comune, p.comune),
            "indirizzo": p.indirizzo,
            "contatti": "; ".join(f"{tipo} {valore}" for tipo, valore in p.contatti) or None,
            "orari": "; ".join(f"{giorno} {dalle}-{alle}" for giorno, dalle, alle in p.orari) or None,
            "specializzato_sul_lavoro": "si" if p.per_il_lavoro else "no",
        }
        for p in aperti
    ]


def in_json(fatta: Pubblicazione | None, trovate: Sequence[Riga], regole: Regole) -> dict[str, object]:
    """Le righe con ciò che serve a leggerle."""
    return {
        "licenza": "https://creativecommons.org/licenses/by/4.0/deed.it",
        "titolare": regole.titolare.nome or None,
        "soglia": fatta.soglia if fatta else regole.k,
        "mese": fatta.mese if fatta else None,
        "pubblicata_il": fatta.pubblicata_il.isoformat() if fatta else None,
        "cifre": [{nome: _in_json(nome, valore) for nome, valore in riga.items()} for riga in trovate],
    }


def _in_json(nome: str, valore: str | None) -> str | int | float | None:
    if nome not in NUMERI or valore is None:
        return valore
    return float(valore) if "." in valore else int(valore)
