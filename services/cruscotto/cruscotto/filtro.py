"""Il filtro scritto nell'indirizzo: comune e mesi, uguale per pagine e API."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from starlette.datastructures import QueryParams
from telaio.district import District
from telaio.web.validation import Finding, Invalid

NOMI = {"comune": "Comune", "dal": "Dal mese", "al": "Al mese", "semestre": "Semestre"}
MESE = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")
T = TypeVar("T")
SEMESTRE = re.compile(r"(20[0-9]{2})-([12])")


@dataclass(frozen=True)
class Filtro:
    """Che cosa si guarda. None: tutto il distretto, dall'avvio, fino a oggi; `dal` e `al` sono primi del mese."""

    comune: str | None = None
    dal: date | None = None
    al: date | None = None

    def scritto(self) -> dict[str, str | None]:
        """Come sta in un indirizzo."""
        return {"comune": self.comune, "dal": mese_scritto(self.dal), "al": mese_scritto(self.al)}


def mese_scritto(mese: date | None) -> str | None:
    return f"{mese:%Y-%m}" if mese else None


def leggi_filtro(chiesto: QueryParams, distretto: District, ammessi: Collection[str] = tuple(NOMI)) -> Filtro:
    """Il filtro. `ammessi`: i parametri che la rotta conosce. Raises: Invalid, con il campo sbagliato."""
    lettura = _Lettura(chiesto, distretto)
    lettura.solo(ammessi)
    comune, (dal, al) = lettura.comune(), lettura.periodo()
    if dal and al and dal > al:
        lettura.sbagliato("dal", "è dopo il mese finale")
    if lettura.trovati:
        raise Invalid(lettura.trovati)
    return Filtro(comune, dal, al)


class _Lettura:
    """Legge i parametri e raccoglie ciò che non va, tutto insieme."""

    def __init__(self, chiesto: QueryParams, distretto: District) -> None:
        self._chiesto, self._distretto = chiesto, distretto
        self.trovati: list[Finding] = []

    def sbagliato(self, campo: str, messaggio: str) -> None:
        self.trovati.append(Finding((campo,), NOMI.get(campo, campo), messaggio))

    def solo(self, ammessi: Collection[str]) -> None:
        """Un parametro scritto male cambierebbe la cifra senza dirlo."""
        for campo in self._chiesto:
            if campo not in ammessi:
                self.sbagliato(campo, "non è ammesso a questo indirizzo")
            elif len(self._chiesto.getlist(campo)) > 1:
                self.sbagliato(campo, "è indicato più volte")

    def comune(self) -> str | None:
        comune = self._testo("comune")
        if comune and comune not in self._distretto.comuni:
            self.sbagliato("comune", "non è un comune del distretto")
        return comune

    def periodo(self) -> tuple[date | None, date | None]:
        semestre = self._letto("semestre", _semestre, "un semestre nella forma AAAA-1 o AAAA-2, per esempio 2016-2")
        dal, al = self._letto("dal", _mese, _FORMA), self._letto("al", _mese, _FORMA)
        if semestre and (dal or al):
            self.sbagliato("semestre", "va indicato da solo, senza i mesi")
        return semestre or (dal, al)

    def _testo(self, campo: str) -> str | None:
        return self._chiesto.get(campo, "").strip() or None

    def _letto(self, campo: str, leggi: Callable[[str], T | None], forma: str) -> T | None:
        testo = self._testo(campo)
        letto = leggi(testo) if testo else None
        if testo and letto is None:
            self.sbagliato(campo, f"deve essere {forma}")
        return letto


_FORMA = "un mese nella forma AAAA-MM, per esempio 2016-03"


def _mese(testo: str) -> date | None:
    trovato = MESE.fullmatch(testo)
    return date(int(trovato[1]), int(trovato[2]), 1) if trovato else None


def _semestre(testo: str) -> tuple[date, date] | None:
    trovato = SEMESTRE.fullmatch(testo)
    if not trovato:
        return None
    primo = 1 if trovato[2] == "1" else 7
    return date(int(trovato[1]), primo, 1), date(int(trovato[1]), primo + 5, 1)
