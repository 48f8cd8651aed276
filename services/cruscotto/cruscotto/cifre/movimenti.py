"""I movimenti dei due fondi, mese per mese e anno per anno, e dove stanno alla fine. Pura."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from telaio.web import formats

from cruscotto import scrittura
from cruscotto.cifre.misure import Mesi, PerMisura, sommate
from cruscotto.grafico import Cella, Grafico, RigaScritta, serie

MESI_MOSTRATI = 12


@dataclass(frozen=True)
class Voce:
    """Una colonna, in centesimi: la somma con segno di alcune misure, nel periodo o fino alla sua fine."""

    nome: str
    misure: Mapping[str, int]
    a_fine_periodo: bool = False

    def importo(self, misure: PerMisura) -> int:
        return sum(segno * sum(misure.get(nome, {}).values()) for nome, segno in self.misure.items())


VERSATO = {"fondo_versato": 1, "fondo_escusso": -1, "fondo_recuperato": 1}
GARANZIA = (
    Voce("Versato", {"fondo_versato": 1}),
    Voce("Impegni presi", {"massimali_concessi": 1}),
    Voce("Escusso", {"fondo_escusso": 1}),
    Voce("Recuperato", {"fondo_recuperato": 1}),
    Voce("Esposizione", {"fondo_impegnato": 1}, a_fine_periodo=True),
    Voce("Saldo", VERSATO, a_fine_periodo=True),
)
SPESO = {"esperienze_versato": 1, "esperienze_speso": -1, "esperienze_impegnato": -1}
ESPERIENZE = (
    Voce("Versato", {"esperienze_versato": 1}),
    Voce("Impegni presi", {"esperienze_finanziate": 1}),
    Voce("Speso", {"esperienze_speso": 1}),
    Voce("Ancora da pagare", {"esperienze_impegnato": 1}, a_fine_periodo=True),
    Voce("Resta", SPESO, a_fine_periodo=True),
)
MISURE = tuple(sorted({m for voce in (*GARANZIA, *ESPERIENZE) for m in voce.misure}))
_MOSTRATE = {"garanzia": ("Esposizione", "Saldo"), "movimenti": ("Versato", "Impegni presi", "Escusso", "Recuperato")}


@dataclass(frozen=True)
class Fondi:
    """Ciò che la pagina mostra. `mesi`: tutti quelli dall'avvio; `dal`: il primo mostrato, se lo si sceglie."""

    trovati: Mesi
    mesi: Sequence[date]
    dal: date | None = None

    def garanzia(self) -> list[Grafico]:
        """Dove sta il Fondo Garanzia alla fine di ogni mese, e che cosa vi è accaduto."""
        righe = self._per_mese()
        return [
            _grafico("garanzia", "Esposizione e saldo a fine mese", "Mese", righe, _ESPOSIZIONE),
            _grafico("movimenti", "Che cosa è accaduto in ogni mese", "Mese", righe, _MOVIMENTI),
        ]

    def esperienze(self) -> Grafico:
        """Quanto è stato speso e promesso dal Fondo Esperienze in ogni anno, e quanto resta alla fine."""
        anni = [(str(anno), [m for m in self.mesi if m.year == anno]) for anno in sorted({m.year for m in self.mesi})]
        righe = _righe(self.trovati, anni, ESPERIENZE)
        colonne = tuple(v.nome for v in ESPERIENZE)
        disegno = serie("barre", colonne, righe, unita="€")
        return Grafico("esperienze", "Anno per anno", ("Anno", *colonne), tuple(righe), disegno, _ESPERIENZE)

    def alla_fine(self, voci: Sequence[Voce]) -> list[tuple[str, str]]:
        """Ogni voce, dall'avvio alla fine."""
        (riga,) = _righe(self.trovati, [("", self.mesi)], voci)
        return [(voce.nome, cella.testo) for voce, cella in zip(voci, riga.celle, strict=True)]

    def _per_mese(self) -> list[RigaScritta]:
        mostrati = [m for m in self.mesi if self.dal is None or m >= self.dal]
        mostrati = mostrati if self.dal else mostrati[-MESI_MOSTRATI:]
        tutte = _righe(self.trovati, [(scrittura.mese(m), [m]) for m in self.mesi], GARANZIA)
        return tutte[len(tutte) - len(mostrati) :]


def _grafico(nome: str, titolo: str, prima: str, righe: list[RigaScritta], info: tuple[str, ...]) -> Grafico:
    """La scheda con le sole colonne che le toccano."""
    tutte = [v.nome for v in GARANZIA]
    quali = [n for n, voce in enumerate(GARANZIA) if voce.nome in _MOSTRATE[nome]]
    sue = [RigaScritta(r.nome, tuple(r.celle[n] for n in quali)) for r in righe]
    colonne = tuple(tutte[n] for n in quali)
    disegno = serie("linee" if nome == "garanzia" else "barre", colonne, sue, unita="€")
    disegno["etichette"] = [r.nome[:3] + " " + r.nome[-2:] for r in sue]
    return Grafico(nome, titolo, (prima, *colonne), tuple(sue), disegno, info)


def _righe(trovati: Mesi, periodi: Sequence[tuple[str, Sequence[date]]], voci: Sequence[Voce]) -> list[RigaScritta]:
    """Una riga per periodo; i periodi sono in fila."""
    fino, righe = trovati.prima, []
    for nome, mesi in periodi:
        nel = sommate(trovati.mesi.get(m, {}) for m in mesi)
        fino = sommate([fino, nel])
        righe.append(RigaScritta(nome, tuple(_euro(v.importo(fino if v.a_fine_periodo else nel)) for v in voci)))
    return righe


def _euro(centesimi: int) -> Cella:
    return Cella(formats.euro(centesimi), Decimal(centesimi) / 100)


_ESPOSIZIONE = (
    "Esposizione: quanto il Fondo dovrebbe pagare se ogni garanzia attiva fosse escussa per intero.",
    "Saldo: quanto c'è, cioè versato meno escusso più recuperato. Gli impegni possono superarlo: è la leva del Fondo.",
)
_MOVIMENTI = (
    "Versato: le dotazioni. Impegni presi: i massimali delle garanzie concesse nel mese. Escusso: quanto il Fondo ha "
    "pagato ai proprietari. Recuperato: quanto le famiglie hanno poi restituito.",
)
_ESPERIENZE = (
    "Impegni presi: quanto il Fondo ha promesso per tirocini e inserimenti. Speso: quanto ha pagato.",
    "Ancora da pagare e Resta sono alla fine dell'anno; resta è versato meno speso meno ancora da pagare.",
)
