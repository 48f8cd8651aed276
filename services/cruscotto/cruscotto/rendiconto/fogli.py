"""I fogli di un rapporto: le stesse righe per ogni formato, e di ogni casella se è un testo o un numero. Puro."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from contratti.cruscotto import CifraFissata, RettificaSuccessiva, Valore
from telaio.web import formats

from cruscotto.rendiconto.cifre import periodo_scritto
from cruscotto.rendiconto.contenuto import Contenuto, Parte
from cruscotto.scrittura import LINEE

Casella = str | Decimal | None
"""Un testo, un numero, o niente."""
CIFRE = (
    "Codice", "Linea", "Indicatore", "A parte", "Unità", "Base", "Obiettivo", "Valore", "Numeratore", "Denominatore",
    "Avanzamento %", "Nota", "Definizione",
)  # fmt: skip
RETTIFICHE = ("Rapporti", "Che cosa", "Evento", "Avvenuto il", "Registrato da", "Scheda", "Versione")


@dataclass(frozen=True)
class Foglio:
    """Una tabella con il suo titolo; la prima riga dice le colonne."""

    titolo: str
    colonne: tuple[str, ...]
    righe: Sequence[tuple[Casella, ...]]


def fogli(contenuto: Contenuto, parte: Parte) -> list[Foglio]:
    """Il rapporto di una parte: che cos'è, le cifre, i testi, le rettifiche dei precedenti."""
    testi = [(sezione.titolo, testo) for sezione, testo in contenuto.testi]
    rettifiche = [_rettifica(r) for r in contenuto.rettifiche]
    return [
        foglio_delle_cifre(parte),
        Foglio("Rapporto", ("Voce", "Che cosa dice"), _intestazione(contenuto, parte)),
        Foglio("Testi", ("Sezione", "Testo"), testi),
        Foglio("Rettifiche", RETTIFICHE, rettifiche),
    ]


def foglio_delle_cifre(parte: Parte) -> Foglio:
    """Un indicatore a riga, e sotto ciò che gli sta a parte."""
    return Foglio("Cifre", CIFRE, [riga for cifra in parte.cifre for riga in _righe(cifra, parte.assente)])


def _righe(c: CifraFissata, assente: str) -> Iterator[tuple[Casella, ...]]:
    linea = LINEE.get(c.linea, c.linea)
    obiettivo = (numero(c.base), numero(c.obiettivo))
    nota = "; ".join(n for n in (_nota(c, assente), c.senza_avanzamento or "") if n)
    yield c.codice, linea, c.titolo, "", c.unita, *obiettivo, *_valori(c), numero(c.avanzamento), nota, c.definizione
    for p in c.a_parte:
        yield c.codice, linea, c.titolo, p.titolo, p.unita, None, None, *_valori(p), None, _nota(p, assente), ""


def _valori(valore: Valore) -> tuple[Casella, Casella, Casella]:
    return numero(valore.valore), numero(valore.numeratore), numero(valore.denominatore)


def _nota(valore: Valore, assente: str) -> str:
    return assente if valore.valore is None else ""


def numero(scritto: str | None) -> Decimal | None:
    """Il numero fissato."""
    return None if scritto is None else Decimal(scritto)


def _intestazione(contenuto: Contenuto, parte: Parte) -> list[tuple[Casella, ...]]:
    r = contenuto.rapporto
    return [
        ("Rapporto numero", Decimal(contenuto.numero)),
        ("Di", parte.nome if parte.ente else f"tutta la rete: {parte.nome}"),
        ("Periodo", periodo_scritto(r.dal, r.al)),
        ("Approvato il", formats.day(contenuto.approvato_il)),
        ("Approvato da", contenuto.da),
        ("Impronta (SHA-256)", r.impronta or ""),
        ("Schede lette", Decimal(r.schede)),
    ]


def _rettifica(r: RettificaSuccessiva) -> tuple[Casella, ...]:
    return (
        ", ".join(f"n. {n}" for n in r.rapporti),
        "corretto o annullato" if r.corregge else "registrato in ritardo",
        formats.title_of(r.tipo),
        formats.day(r.avvenuto_il),
        r.fonte,
        r.soggetto,
        Decimal(r.versione),
    )
