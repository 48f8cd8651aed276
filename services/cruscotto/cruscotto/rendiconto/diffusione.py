"""Il rapporto da diffondere: lo stesso, con le sole cifre già pubbliche. Chi lo legge non impara niente di più.

Le cifre esatte di un rapporto, accanto a quelle dei rilasci, si potrebbero sottrarre: perciò non passano per la tutela
una seconda volta, si prendono da ciò che essa ha già lasciato pubblicare, fino all'ultimo mese del periodo.
"""

from collections.abc import Mapping
from dataclasses import replace

from contratti.cruscotto import CifraFissata, CifraPubblicata, ParteFissata
from telaio.database import Connection

from cruscotto.pubblica.pubblicazione import ultimo_entro
from cruscotto.pubblica.vetrina import ALTRO, MOTIVI, N_D
from cruscotto.rendiconto.contenuto import Contenuto, Parte

Pubbliche = Mapping[tuple[str, str | None], CifraPubblicata]


async def da_diffondere(connection: Connection, contenuto: Contenuto) -> Contenuto:
    """Il rapporto di tutta la rete con le cifre pubblicate, ciascuna con il suo mese; le parti degli enti e le schede
    delle rettifiche non si diffondono."""
    rilascio = await ultimo_entro(connection, contenuto.rapporto.al)
    pubbliche = {(c.codice, c.parte): c for c in (rilascio.cifre if rilascio else ())}
    parte = contenuto.parte(None)
    assert parte is not None
    cifre = tuple(_pubblica(c, pubbliche) for c in parte.cifre)
    return replace(contenuto, parti=[Parte(None, parte.nome, cifre, N_D)], rettifiche=())


def _pubblica(c: CifraFissata, pubbliche: Pubbliche) -> CifraFissata:
    """La cifra come fu pubblicata; «n.d.» con la ragione dove non lo fu."""
    sua = pubbliche.get((c.codice, None))
    a_parte = tuple(_a_parte(p, pubbliche.get((c.codice, p.titolo))) for p in c.a_parte)
    detta = {"avanzamento": None, "senza_avanzamento": _detto(sua), "a_parte": a_parte}
    return c.model_copy(update={**_valori(sua), **detta})


def _a_parte(parte: ParteFissata, sua: CifraPubblicata | None) -> ParteFissata:
    return parte.model_copy(update=_valori(sua))


def _valori(sua: CifraPubblicata | None) -> dict[str, str | None]:
    nomi = ("valore", "numeratore", "denominatore")
    return {nome: getattr(sua, nome) if sua else None for nome in nomi}


def _detto(sua: CifraPubblicata | None) -> str:
    """Di che mese è, o perché non c'è."""
    if sua is not None and sua.valore is not None:
        return f"pubblicata, alla fine del {sua.mese}"
    breve, _ = MOTIVI.get((sua.motivo if sua else None) or "", ALTRO)
    return breve
