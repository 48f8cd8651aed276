"""I Punti di Comunità uno per uno: a che punto sono della loro autonomia, e quanta vita c'è dentro."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pydantic_core import from_json
from telaio.database import Connection

from cruscotto.apporti.punti import GRUPPI, Punto
from cruscotto.cifre.valuta import percento
from cruscotto.domande.filtro import Filtro, mese_scritto

SETTIMANA = ("lunedi", "martedi", "mercoledi", "giovedi", "venerdi", "sabato", "domenica", "altro")
_STATI = "select subject, state from folded where subject >= 'punto/' and subject < 'punto0'"
_GRUPPI = "select key, value from totale where measure = $1"


@dataclass(frozen=True)
class Vita:
    """Le attività di un Punto in un periodo, e quante presenze."""

    attivita: int = 0
    dei_cittadini: int = 0
    insieme: int = 0
    presenze: int = 0
    prime_presenze: int = 0

    @property
    def promosse_dai_cittadini(self) -> Decimal | None:
        """In percento, da soli o insieme al facilitatore (PU04)."""
        return percento(Decimal(self.dei_cittadini + self.insieme), Decimal(self.attivita))

    @property
    def nuovi(self) -> Decimal | None:
        """In percento: prime presenze sulle presenze (PU03)."""
        return percento(Decimal(self.prime_presenze), Decimal(self.presenze))


@dataclass(frozen=True)
class UnPunto:
    """Un Punto. `orari`: giorno, dalle, alle, da lunedì; `gruppi`: quelli nati lì che ci sono ancora."""

    id: str
    nome: str
    comune: str
    aperto: bool
    per_il_lavoro: bool
    fase: str
    fase_dal: date
    orari: Sequence[tuple[str, str, str]]
    tenuto_da: str
    gruppi: int
    vita: Vita

    @property
    def ore_settimanali(self) -> Decimal:
        """Quante ore è aperto ogni settimana; i giorni che non tornano non contano."""
        minuti = sum(_minuti(alle) - _minuti(dalle) for giorno, dalle, alle in self.orari if giorno != "altro")
        return (Decimal(minuti) / 60).quantize(Decimal("0.1"))


async def leggi(connection: Connection, filtro: Filtro) -> list[UnPunto]:
    """I Punti del comune scelto, gli aperti prima, con le attività del periodo."""
    gruppi = dict(await connection.fetch(_GRUPPI, GRUPPI))
    trovati = {soggetto.partition("/")[2]: Punto(**from_json(s)) for soggetto, s in await connection.fetch(_STATI)}
    punti = [_letto(id, p, gruppi.get(id, 0), filtro) for id, p in trovati.items() if p.nome]
    suoi = [p for p in punti if filtro.comune in (None, p.comune)]
    return sorted(suoi, key=lambda p: (not p.aperto, p.nome, p.id))


def _letto(id: str, p: Punto, gruppi: int, filtro: Filtro) -> UnPunto:
    dal, al = mese_scritto(filtro.dal) or "", mese_scritto(filtro.al) or "9999-12"
    mesi = [quante for mese, quante in p.attivita.items() if dal <= mese <= al]
    orari = sorted((giorno, dalle, alle) for giorno, dalle, alle in p.orari)
    return UnPunto(
        id=id,
        nome=p.nome,
        comune=p.comune,
        aperto=p.aperto,
        per_il_lavoro=p.per_il_lavoro,
        fase=p.fase,
        fase_dal=date.fromisoformat(p.fase_dal),
        orari=sorted(orari, key=lambda o: (SETTIMANA.index(o[0]), o[1])),
        tenuto_da=p.tenuto_da,
        gruppi=gruppi,
        vita=Vita(*(sum(colonna) for colonna in zip(*mesi, strict=True))),
    )


def _minuti(ora: str) -> int:
    ore, _, minuti = ora.partition(":")
    return int(ore) * 60 + int(minuti)
