"""Dalle misure al valore di un indicatore e al suo avanzamento. Pura: non sa da dove vengano le misure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from cruscotto.cifre.formule import Distinte, Formula, Media, Somma, Termine
from cruscotto.cifre.indicatori import Finestra, Indicatore

PerChiave = Mapping[str, int]
DECIMO, CENTESIMO = Decimal("0.1"), Decimal("0.01")
SETTEMBRE = 9

NON_DEFINITO = "obiettivo non definito"
NON_CALCOLABILE = "non calcolabile"
DI_DISTRETTO = "obiettivo di tutto il distretto"
IMPLICITO = "obiettivo implicito, attende la conferma di un coordinatore"


@dataclass(frozen=True)
class Misure:
    """Le misure di un territorio, per chiave: `fino`, dall'avvio ad `al`; `nel`, da `dal` ad `al`.

    Di una misura distinta ogni chiave è già contata una volta. `giorno`: quello a cui stanno.
    """

    fino: Mapping[str, PerChiave]
    nel: Mapping[str, PerChiave]
    giorno: date = date.max

    def somma(self, termini: tuple[Termine, ...], finestra: Finestra) -> int:
        """La somma con segno dei termini; una misura senza quote vale zero."""
        tutte = self.nel if finestra == "nel_periodo" else self.fino
        return sum(t.segno * _di_chiavi(tutte.get(t.misura, {}), self._chiavi(t)) for t in termini)

    def _chiavi(self, termine: Termine) -> tuple[str, ...]:
        return (anno_scolastico(self.giorno),) if termine.anno_scolastico else termine.chiavi


def anno_scolastico(giorno: date) -> str:
    """L'anno in cui comincia: va dal 1° settembre al 31 agosto (d.lgs. 297/1994, art. 74)."""
    return str(giorno.year - (giorno.month < SETTEMBRE))


def _di_chiavi(misura: PerChiave, chiavi: tuple[str, ...]) -> int:
    return sum(misura.get(c, 0) for c in chiavi) if chiavi else sum(misura.values())


@dataclass(frozen=True)
class Cifra:
    """Un numero mostrato. `valore` None: non calcolabile; numeratore e denominatore solo di un rapporto."""

    valore: Decimal | None
    numeratore: Decimal | None = None
    denominatore: Decimal | None = None


@dataclass(frozen=True)
class Valore(Cifra):
    """Il valore di un indicatore. `avanzamento`, in percento, manca per il motivo che dice `senza_avanzamento`;
    `a_parte` ha l'ordine del registro."""

    a_parte: tuple[Cifra, ...] = ()
    avanzamento: Decimal | None = None
    senza_avanzamento: str | None = None


def valuta(indicatore: Indicatore, misure: Misure, *, del_distretto: bool = True) -> Valore:
    """Il valore dell'indicatore; l'avanzamento solo dell'intero distretto, di cui è l'obiettivo."""
    cifra = calcola(indicatore.formula, misure, indicatore.finestra, indicatore.scala)
    avanzamento, perche = progresso(indicatore, cifra.valore) if del_distretto else (None, _assente(indicatore))
    parti = tuple(calcola(p.formula, misure, p.finestra or indicatore.finestra, p.scala) for p in indicatore.a_parte)
    if indicatore.di_distretto and not del_distretto:
        cifra, parti = Cifra(None), (Cifra(None),) * len(parti)
    return Valore(cifra.valore, cifra.numeratore, cifra.denominatore, parti, avanzamento, perche)


def calcola(formula: Formula, misure: Misure, finestra: Finestra, scala: int = 1) -> Cifra:
    """Il numero di una formula. Un denominatore che non è positivo la rende non calcolabile."""
    if isinstance(formula, Somma | Distinte):
        return Cifra(_al_centesimo(Decimal(misure.somma(formula.termini, finestra)) / scala))
    if isinstance(formula, Media):
        totale, quanti = misure.somma(formula.totale, finestra), misure.somma(formula.quanti, finestra)
        media = (Decimal(totale) / quanti).quantize(DECIMO, ROUND_HALF_UP) if quanti > 0 else None
        return Cifra(media, Decimal(totale), Decimal(quanti))
    sopra = Decimal(misure.somma(formula.numeratore, finestra)) / formula.scala
    sotto = Decimal(misure.somma(formula.denominatore, finestra)) / formula.scala
    return Cifra(percento(sopra, sotto), sopra, sotto)


def _al_centesimo(valore: Decimal) -> Decimal:
    """Intero dov'è intero, se no con i decimali che servono, al più due."""
    return valore if valore == valore.to_integral_value() else valore.quantize(CENTESIMO, ROUND_HALF_UP).normalize()


def percento(sopra: Decimal, sotto: Decimal) -> Decimal | None:
    """Il rapporto in percento, al decimo; None dove non si può calcolare."""
    return (100 * sopra / sotto).quantize(DECIMO, ROUND_HALF_UP) if sotto > 0 else None


def progresso(indicatore: Indicatore, valore: Decimal | None) -> tuple[Decimal | None, str | None]:
    """Quanta parte della strada verso l'obiettivo è fatta, in percento, o perché non si può dire.

    Chi sale: valore / obiettivo. Chi scende: (base - valore) / (base - obiettivo), e senza base non si può dire.
    """
    sale, base, obiettivo = indicatore.direzione == "su", indicatore.base, indicatore.obiettivo
    if indicatore.implicito:
        return None, IMPLICITO
    if obiettivo is None or (base is None and not sale):
        return None, NON_DEFINITO
    if valore is None:
        return None, NON_CALCOLABILE
    fatta, intera = (valore, obiettivo) if sale or base is None else (base - valore, base - obiettivo)
    avanzamento = percento(fatta, intera)
    return avanzamento, None if avanzamento is not None else NON_CALCOLABILE


def _assente(indicatore: Indicatore) -> str:
    if indicatore.implicito:
        return IMPLICITO
    return NON_DEFINITO if indicatore.obiettivo is None else DI_DISTRETTO
