"""Il filtro scritto nell'indirizzo: comune, mesi, e come si sapeva allora; uguale per pagine e API."""

import re
from calendar import monthrange
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TypeVar

from starlette.datastructures import QueryParams
from telaio.clock import ROME
from telaio.district import District
from telaio.web.validation import Finding, Invalid

NOMI = {
    "comune": "Comune",
    "dal": "Dal mese",
    "al": "Al mese o al giorno",
    "semestre": "Semestre",
    "registrato_entro": "Come si sapeva il",
}
MESE = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")
SEMESTRE = re.compile(r"(20[0-9]{2})-([12])")
GIORNO = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}")
ISTANTE = re.compile(
    r"20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?(Z|[+ -][0-9]{2}:[0-9]{2})"
)
T = TypeVar("T")


@dataclass(frozen=True)
class Filtro:
    """Che cosa si guarda. None: tutto il distretto, dall'avvio, fino a oggi, come si sa oggi; `dal` e `al` sono primi
    del mese, `giorno` quello a cui fermarsi dentro il mese `al`; `registrato_entro`: solo ciò che c'era già."""

    comune: str | None = None
    dal: date | None = None
    al: date | None = None
    giorno: date | None = None
    registrato_entro: datetime | None = None

    @property
    def com_era(self) -> bool:
        """Se la risposta non è nelle tabelle di oggi, e va rifatta dai fatti."""
        return self.giorno is not None or self.registrato_entro is not None

    @property
    def ultimo_giorno(self) -> date:
        """L'ultimo giorno guardato; senza `al`, la fine dei tempi."""
        return self.giorno or (_fine(self.al) if self.al else date.max)

    def oggi(self, oggi: date) -> date:
        """Il giorno in cui ci si mette: oggi, quello a cui ci si ferma, quello in cui si sapeva."""
        sapeva = self.registrato_entro.astimezone(ROME).date() if self.registrato_entro else oggi
        return min(oggi, self.giorno or oggi, sapeva)

    def scritto(self) -> dict[str, str | None]:
        """Come sta in un indirizzo."""
        entro = self.registrato_entro
        return {
            "comune": self.comune,
            "dal": mese_scritto(self.dal),
            "al": self.giorno.isoformat() if self.giorno else mese_scritto(self.al),
            "registrato_entro": entro.astimezone(UTC).isoformat().replace("+00:00", "Z") if entro else None,
        }


@dataclass(frozen=True)
class Tempi:
    """Fra quando e quando si può chiedere."""

    avvio: date
    adesso: datetime

    @property
    def oggi(self) -> date:
        return self.adesso.astimezone(ROME).date()


def mese_scritto(mese: date | None) -> str | None:
    return f"{mese:%Y-%m}" if mese else None


def leggi_filtro(
    chiesto: QueryParams, distretto: District, ammessi: Collection[str] = tuple(NOMI), tempi: Tempi | None = None
) -> Filtro:
    """Il filtro. `ammessi`: i parametri che la rotta conosce. Raises: Invalid, con il campo sbagliato."""
    lettura = _Lettura(chiesto, distretto)
    lettura.solo(ammessi)
    comune, (dal, al) = lettura.comune(), lettura.periodo()
    filtro = Filtro(comune, dal, _primo(al), _dentro_il_mese(al), lettura.registrato_entro())
    if dal and dal > filtro.ultimo_giorno:
        lettura.sbagliato("dal", "è dopo il mese finale")
    if tempi:
        lettura.nel_tempo(filtro, tempi)
    if lettura.trovati:
        raise Invalid(lettura.trovati)
    return filtro


def _primo(giorno: date | None) -> date | None:
    return giorno.replace(day=1) if giorno else None


def _fine(giorno: date) -> date:
    """L'ultimo giorno del mese."""
    return giorno.replace(day=monthrange(giorno.year, giorno.month)[1])


def _dentro_il_mese(giorno: date | None) -> date | None:
    """Il giorno a cui fermarsi; None se il mese è intero."""
    return giorno if giorno and giorno != _fine(giorno) else None


class _Lettura:
    """Legge i parametri e raccoglie ciò che non va, tutto insieme."""

    def __init__(self, chiesto: QueryParams, distretto: District) -> None:
        self._chiesto, self._distretto = chiesto, distretto
        self.trovati: list[Finding] = []

    def sbagliato(self, campo: str, messaggio: str) -> None:
        self.trovati.append(Finding((campo,), NOMI.get(campo, campo) or "Senza nome", messaggio))

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
        """Il primo e l'ultimo giorno."""
        semestre = self._letto("semestre", _semestre, "un semestre nella forma AAAA-1 o AAAA-2, per esempio 2016-2")
        dal, al = self._letto("dal", _mese, _FORMA), self._letto("al", _mese_o_giorno, _FORMA_AL)
        if semestre and (dal or al):
            self.sbagliato("semestre", "va indicato da solo, senza i mesi")
        return semestre or (dal, al)

    def registrato_entro(self) -> datetime | None:
        """L'istante; di un giorno, la sua fine in Italia."""
        return self._letto("registrato_entro", _istante, _FORMA_ISTANTE)

    def nel_tempo(self, filtro: Filtro, tempi: Tempi) -> None:
        """Ciò che deve ancora venire e ciò che è prima del progetto non hanno cifre: chi le chiede ha sbagliato."""
        campi = ("semestre",) if self._testo("semestre") else ("dal", "al")
        for campo, giorno in zip(campi, (filtro.dal, filtro.giorno or filtro.al), strict=False):
            if giorno and giorno > tempi.oggi:
                self.sbagliato(campo, "è nel futuro")
        if filtro.ultimo_giorno < tempi.avvio:
            self.sbagliato(campi[-1], f"è prima dell'avvio del progetto, {tempi.avvio:%d/%m/%Y}")
        entro = filtro.registrato_entro
        if entro and entro.astimezone(ROME).date() > tempi.oggi:
            self.sbagliato("registrato_entro", "è nel futuro")
        if entro and entro.astimezone(ROME).date() < tempi.avvio:
            self.sbagliato("registrato_entro", f"è prima dell'avvio del progetto, {tempi.avvio:%d/%m/%Y}")

    def _testo(self, campo: str) -> str | None:
        return self._chiesto.get(campo, "").strip() or None

    def _letto(self, campo: str, leggi: Callable[[str], T | None], forma: str) -> T | None:
        testo = self._testo(campo)
        letto = leggi(testo) if testo else None
        if testo and letto is None:
            self.sbagliato(campo, f"deve essere {forma}")
        return letto


_FORMA = "un mese nella forma AAAA-MM, per esempio 2016-03"
_FORMA_AL = f"{_FORMA}, o un giorno nella forma AAAA-MM-GG"
_FORMA_ISTANTE = (
    "un giorno nella forma AAAA-MM-GG, o un istante con il suo fuso, per esempio 2016-07-15 o 2016-07-15T10:00:00Z"
)


def _mese(testo: str) -> date | None:
    trovato = MESE.fullmatch(testo)
    return date(int(trovato[1]), int(trovato[2]), 1) if trovato else None


def _mese_o_giorno(testo: str) -> date | None:
    """L'ultimo giorno da guardare."""
    mese = _mese(testo)
    return _fine(mese) if mese else _giorno(testo)


def _giorno(testo: str) -> date | None:
    try:
        return date.fromisoformat(testo) if GIORNO.fullmatch(testo) else None
    except ValueError:
        return None


def _istante(testo: str) -> datetime | None:
    giorno = _giorno(testo)
    if giorno:
        return datetime.combine(giorno, time.max, ROME)
    try:
        # Un «+» non scritto come %2B arriva come spazio.
        return datetime.fromisoformat(testo.replace(" ", "+")).astimezone(UTC) if ISTANTE.fullmatch(testo) else None
    except (ValueError, OverflowError):
        return None


def _semestre(testo: str) -> tuple[date, date] | None:
    trovato = SEMESTRE.fullmatch(testo)
    if not trovato:
        return None
    primo = 1 if trovato[2] == "1" else 7
    return date(int(trovato[1]), primo, 1), _fine(date(int(trovato[1]), primo + 5, 1))
