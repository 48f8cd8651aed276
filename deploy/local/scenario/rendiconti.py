"""I rapporti al finanziatore: la coordinatrice li prepara e li approva nel loro giorno, dalle pagine del cruscotto."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol
from urllib.error import HTTPError
from uuid import UUID, uuid5

from scenario.invii.sportelli import NODI
from scenario.play import Performance

RAPPORTI = UUID("8f1d2a6e-53c4-4b0f-9d57-2c1a7e90b3f4")
ENTI = tuple(nodo.partition("/")[2] for nodo in NODI.values())
"""Chi ha anche una parte sua."""


@dataclass(frozen=True)
class Rapporto:
    """Un semestre («2016-01/2016-06»), quando se ne scrive e che cosa; `approvato`: se non resta una bozza."""

    periodo: str
    dal: date
    testi: Mapping[str, str]
    approvato: bool = True

    @property
    def id(self) -> str:
        return str(uuid5(RAPPORTI, self.periodo))


def _in_breve(sintesi: str, attivita: str) -> dict[str, str]:
    return {"sintesi": sintesi, "attivita": attivita}


SEMESTRI = (
    Rapporto(
        "2016-01/2016-06",
        date(2016, 7, 18),
        _in_breve(
            "Il progetto è partito in tutti e sette i comuni. Le quattro linee hanno aperto i loro sportelli e "
            "cominciato a passarsi le persone con gli invii.",
            "Prime garanzie e prime coabitazioni; apertura dei Punti di Comunità; incarico all'Agente Sviluppo Lavoro; "
            "laboratori progettati con scuole e biblioteche.",
        ),
    ),
    Rapporto(
        "2016-07/2016-12",
        date(2017, 1, 23),
        _in_breve(
            "La rete lavora: chi si rivolge a uno sportello è seguito anche dagli altri quando serve.",
            "Condomini sociali con il loro custode; tirocini sostenuti dal Fondo Esperienze; gruppi di cittadini nei "
            "Punti.",
        ),
    ),
    Rapporto(
        "2017-01/2017-06",
        date(2017, 7, 17),
        _in_breve(
            "Crescono le attività promosse dai cittadini, e con loro l'autonomia dei Punti.",
            "Passaggi di custode nei condomini; scambi di saperi; catalogo delle esperienze di scuola e lavoro.",
        ),
    ),
    Rapporto(
        "2017-07/2017-12",
        date(2018, 1, 22),
        _in_breve(
            "Gli obiettivi del triennio sono vicini. Ciò che dei semestri scorsi è stato corretto è elencato in fondo.",
            "Nuove garanzie e recuperi del Fondo; inserimenti dopo i tirocini; eventi organizzati dai giovani.",
        ),
    ),
    Rapporto(
        "2018-01/2018-06",
        date(2018, 6, 25),
        _in_breve("Bozza: da completare a semestre finito.", ""),
        approvato=False,
    ),
)


class Pagine(Protocol):
    """Le pagine del cruscotto, per chi vi è entrato."""

    def send(self, path: str, form: Mapping[str, str | Sequence[str]]) -> str: ...


class Rendiconti:
    """Prepara i rapporti nel loro giorno, e annota ciò che le pagine non hanno voluto.

    entra: la coordinatrice accede; letto: aspetta che il cruscotto abbia sentito tutto ciò che è stato registrato (un
    giorno del copione dura meno del viaggio di un evento), e dice se è così: senza, non si approva nulla.
    """

    def __init__(self, entra: Callable[[], Pagine], letto: Callable[[], bool], performance: Performance) -> None:
        self._entra, self._letto, self._performance = entra, letto, performance
        self._da_venire = list(SEMESTRI)

    def al(self, giorno: date) -> None:
        """È quel giorno: i rapporti di cui è venuto il momento sono scritti, e approvati."""
        while self._da_venire and self._da_venire[0].dal <= giorno:
            rapporto = self._da_venire.pop(0)
            if no := self._prepara(rapporto):
                self._performance.surprises.append(f"rapporto {rapporto.periodo} {giorno}: {no}")

    def _prepara(self, rapporto: Rapporto) -> str:
        """Lo scrive dalle pagine; che cosa lo ha impedito, o nulla."""
        if not self._letto():
            return "il cruscotto non ha sentito tutto e solo ciò che è stato registrato"
        try:
            _scrivi(self._entra(), rapporto)
        except HTTPError as no:
            return f"{no.code} {no.url}"
        return ""


def _scrivi(pagine: Pagine, rapporto: Rapporto) -> None:
    suo = f"/rendicontazione/{rapporto.id}"
    pagine.send("/rendicontazione", {"_id": rapporto.id, "periodo": rapporto.periodo, "enti": ENTI})
    pagine.send(f"{suo}/bozza", {"gruppo": "in-breve", **rapporto.testi})
    if rapporto.approvato:
        pagine.send(f"{suo}/approvazione", {})
