"""Com'è stato registrato ciò da cui nascono le cifre: quanto tardi, quanto corretto, con che cosa che manca."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date

from telaio.database import Connection

from cruscotto.cifre.misure import fine_del_mese
from cruscotto.domande.filtro import Filtro
from cruscotto.domande.freschezza import Fonte, fonti

_MESI = """
select source, month, eventi, tardivi, rettifiche, annullamenti, senza_comune from qualita
where month between $1 and $2 order by source, month
"""
# Di un record illeggibile si sa solo il flusso da cui viene: è quello del suo servizio.
_DA_PARTE = """
select coalesce(source, split_part(topic, '.', 1)), reason = 'in-attesa', count(*) from waiting
where discarded_at is null group by 1, 2
"""


@dataclass(frozen=True)
class Registrazioni:
    """Quante registrazioni. tardive: oltre i giorni del registro dopo il fatto."""

    eventi: int = 0
    tardivi: int = 0
    rettifiche: int = 0
    annullamenti: int = 0
    senza_comune: int = 0

    def __add__(self, altre: "Registrazioni") -> "Registrazioni":
        return Registrazioni(*(getattr(self, f.name) + getattr(altre, f.name) for f in fields(self)))


@dataclass(frozen=True)
class DellaFonte:
    """Le registrazioni di un servizio di un partner, in tutto e per mese; quelle messe da parte sono di adesso."""

    fonte: Fonte
    per_mese: Mapping[date, Registrazioni]
    in_quarantena: int
    in_attesa: int

    @property
    def totale(self) -> Registrazioni:
        """Di tutti i mesi guardati."""
        return sum(self.per_mese.values(), Registrazioni())


@dataclass(frozen=True)
class Qualita:
    """Di ogni fonte sentita, e i record illeggibili di cui si sa solo il servizio."""

    fonti: Sequence[DellaFonte]
    illeggibili: Mapping[str, int]

    @property
    def totale(self) -> Registrazioni:
        """Di tutte le fonti."""
        return sum((f.totale for f in self.fonti), Registrazioni())

    @property
    def mesi(self) -> dict[date, Registrazioni]:
        """Di tutte le fonti, mese per mese."""
        somma: dict[date, Registrazioni] = {}
        for fonte in self.fonti:
            for mese, sue in fonte.per_mese.items():
                somma[mese] = somma.get(mese, Registrazioni()) + sue
        return dict(sorted(somma.items()))


async def leggi(connection: Connection, filtro: Filtro) -> Qualita:
    """Le registrazioni fatte nei mesi del filtro, e ciò che oggi è messo da parte."""
    mesi: dict[str, dict[date, Registrazioni]] = {}
    for fonte, mese, *quante in await connection.fetch(_MESI, filtro.dal or date.min, fine_del_mese(filtro.al)):
        mesi.setdefault(fonte, {})[mese] = Registrazioni(*quante)
    da_parte = {(chi, attesa): quanti for chi, attesa, quanti in await connection.fetch(_DA_PARTE)}
    trovate = [
        DellaFonte(f, mesi.get(f.fonte, {}), da_parte.pop((f.fonte, False), 0), da_parte.pop((f.fonte, True), 0))
        for f in await fonti(connection)
    ]
    illeggibili: dict[str, int] = {}
    for (chi, _), quanti in da_parte.items():
        illeggibili[chi] = illeggibili.get(chi, 0) + quanti
    return Qualita(trovate, illeggibili)
