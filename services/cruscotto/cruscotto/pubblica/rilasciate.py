"""Da ciò che si potrebbe dire a ciò che si pubblica: riga per riga, la tutela decide. Pura.

Una riga tutelata si pubblica tutta o per niente: se no resta com'era, con la sua data. Ciò che manca dice sempre la
stessa cosa: quale condizione non tiene, sarebbe già una notizia.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from contratti.cruscotto import CifraPubblicata, LuogoPubblicato

from cruscotto.cifre.valuta import Cifra
from cruscotto.pubblica.tutela import NUMERATORE, RESTO, Blocco, Celle, Storia, Tavola, Tutela

NON_PUBBLICATA, TUTELA, NON_CALCOLABILE = "non_pubblicata", "tutela", "non_calcolabile"


@dataclass(frozen=True)
class Proposta:
    """Una riga che si potrebbe pubblicare, e le celle che la tutela guarda: None per ciò che è libero o si tace."""

    cifra: CifraPubblicata
    celle: Celle | None = None

    @property
    def codice(self) -> str:
        return self.cifra.codice


def rilascia(
    proposte: Iterable[Proposta], prima: Sequence[Sequence[CifraPubblicata]], tutela: Tutela, tutti: Blocco
) -> list[CifraPubblicata]:
    """Ciò che diventa pubblico. `prima`: i rilasci già fatti, dal più lontano; `tutti`: i comuni, e il non rilevato."""
    storia = {codice: list(tavole) for codice, tavole in storia_di(prima, tutti).items()}
    ultime = {(c.codice, c.parte): c for rilascio in prima for c in rilascio if c.mese is not None}
    scelte = []
    for p in proposte:
        tavola = Tavola(p.cifra.mese or "", p.celle) if p.celle is not None else None
        if tavola is not None and not tutela.ammette(p.codice, tavola, storia):
            taciuta = CifraPubblicata(codice=p.codice, motivo=TUTELA)
            scelte.append(ultime.get((p.codice, p.cifra.parte), taciuta))
            continue
        if tavola is not None:
            storia.setdefault(p.codice, []).append(tavola)
        scelte.append(p.cifra)
    return scelte


def storia_di(rilasci: Iterable[Iterable[CifraPubblicata]], tutti: Blocco) -> Storia:
    """Per codice, ogni tavola pubblicata una volta sola."""
    storia: dict[str, dict[str, Tavola]] = {}
    for cifra in (c for rilascio in rilasci for c in rilascio if c.mese is not None and c.parte is None):
        assert cifra.mese is not None
        celle = celle_pubblicate(cifra, tutti)
        if celle is not None:
            storia.setdefault(cifra.codice, {}).setdefault(cifra.mese, Tavola(cifra.mese, celle))
    return {codice: list(tavole.values()) for codice, tavole in storia.items()}


def celle_pubblicate(cifra: CifraPubblicata, tutti: Blocco) -> Celle | None:
    """I blocchi che una cifra pubblicata dice; None se non dice nulla."""
    if cifra.denominatore is not None:
        sotto, sopra = int(Decimal(cifra.denominatore)), int(Decimal(cifra.numeratore or 0))
        return {NUMERATORE: sopra, RESTO: sotto - sopra} if cifra.numeratore is not None else {tutti: sotto}
    if cifra.luoghi:
        return {_blocco(luogo): int(Decimal(luogo.valore or 0)) for luogo in cifra.luoghi}
    return {tutti: int(Decimal(cifra.valore))} if cifra.valore is not None else None


def _blocco(luogo: LuogoPubblicato) -> Blocco:
    return frozenset(luogo.comuni) | ({""} if luogo.altrove else set())


def di_un_conto(codice: str, mese: str, valori: Mapping[str, int], blocchi: Collection[Blocco]) -> Proposta:
    """Un conto per blocchi di comuni. `valori`: quelli di ogni comune e del non rilevato, che insieme sono il totale.
    Ciò che sta in un comune di fuori è con il non rilevato."""
    noti = frozenset().union(*blocchi)
    celle = {b: sum(v for c, v in valori.items() if c in b or (c not in noti and "" in b)) for b in blocchi}
    luoghi = [
        LuogoPubblicato(comuni=tuple(sorted(b - {""})), altrove="" in b, valore=str(quanti))
        for b, quanti in celle.items()
        if len(celle) > 1
    ]
    totale = str(sum(celle.values()))
    return Proposta(CifraPubblicata(codice=codice, mese=mese, valore=totale, luoghi=tuple(luoghi)), celle)


def di_un_rapporto(codice: str, mese: str, cifra: Cifra) -> Proposta:
    """Un rapporto con i suoi due termini: numeratore e resto sono le celle."""
    sopra, sotto = int(cifra.numeratore or 0), int(cifra.denominatore or 0)
    return Proposta(pubblicata(codice, mese, cifra), {NUMERATORE: sopra, RESTO: sotto - sopra})


def di_una_media(codice: str, mese: str, cifra: Cifra, tutti: Blocco) -> Proposta:
    """Una media, e di quanti: il totale non si dice."""
    senza_totale = Cifra(cifra.valore, None, cifra.denominatore)
    return Proposta(pubblicata(codice, mese, senza_totale), {tutti: int(cifra.denominatore or 0)})


def pubblicata(
    codice: str, mese: str, cifra: Cifra, luoghi: Iterable[LuogoPubblicato] = (), parte: str | None = None
) -> CifraPubblicata:
    """Una cifra così com'è; «non calcolabile» se non ha un valore."""
    return CifraPubblicata(
        codice=codice,
        parte=parte,
        mese=mese,
        motivo=None if cifra.valore is not None else NON_CALCOLABILE,
        luoghi=tuple(luoghi),
        **scritta(cifra),
    )


def scritta(cifra: Cifra) -> dict[str, str | None]:
    """I numeri di una cifra come li porta l'evento."""
    numeri = {"valore": cifra.valore, "numeratore": cifra.numeratore, "denominatore": cifra.denominatore}
    return {nome: None if n is None else format(n, "f") for nome, n in numeri.items()}


def in_celle(cifre: Iterable[CifraPubblicata]) -> Iterator[str]:
    """Ogni numero pubblicato, com'è scritto."""
    for cifra in cifre:
        for dove in (cifra, *cifra.luoghi):
            yield from (n for n in (dove.valore, dove.numeratore, dove.denominatore) if n is not None)
