"""Un partner si ferma e poi torna, mentre gli altri lavorano: nulla va perso, e le cifre sono le stesse."""

import threading
from collections.abc import Mapping
from datetime import date
from typing import Protocol

GUASTI = ((date(2016, 10, 11), "giovani"), (date(2017, 5, 9), "casa"), (date(2018, 2, 6), "lavoro"))
"""Il giorno da cui, e chi si ferma."""


class Servizio(Protocol):
    """Un servizio che si può fermare e riavviare."""

    def stop(self) -> None: ...

    def start(self) -> None: ...


class Guasti:
    """Ferma e riavvia i servizi nel loro giorno; chi intanto si rivolge a loro riprova finché rispondono."""

    def __init__(self, servizi: Mapping[str, Servizio]) -> None:
        self._servizi, self._da_venire = servizi, list(GUASTI)
        self._in_corso: list[threading.Thread] = []

    def al(self, giorno: date) -> None:
        """È quel giorno: chi si deve fermare si ferma, e torna da sé."""
        while self._da_venire and self._da_venire[0][0] <= giorno:
            _, nome = self._da_venire.pop(0)
            if nome in self._servizi:
                guasto = threading.Thread(target=_ferma_e_riavvia, args=(self._servizi[nome],), name=f"guasto-{nome}")
                guasto.start()
                self._in_corso.append(guasto)

    def finiti(self) -> None:
        """Aspetta che tutti siano tornati."""
        for guasto in self._in_corso:
            guasto.join()


def _ferma_e_riavvia(servizio: Servizio) -> None:
    servizio.stop()
    servizio.start()
