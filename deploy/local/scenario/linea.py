"""La linea in scena: i suoi passi e chi li registra, chi sbaglia e chi corregge, qualunque sia la linea."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import cycle
from random import Random
from typing import Any, TypeVar

from scenario.copione import Copione, Storia
from scenario.distretto import Distretto
from scenario.passo import Atteso, Evento, Passo, accolto, rifiutato
from scenario.rubrica import Persona

RIPETUTI_SUBITO, RIPETUTI_POI = 0.035, 0.012
L = TypeVar("L", bound="Linea")
T = TypeVar("T")


class Linea:
    """Lo sportello di una linea. `passi`: i suoi; `giusto`: per ogni passo rettificato, come doveva essere (None se
    annullato); `soggetti`: ciò che è in scena, per id."""

    servizio, operatore, responsabile = "", "", ""

    def __init__(self, copione: Copione) -> None:
        self.copione, self.distretto = copione, Distretto()
        self.passi: list[Passo] = []
        self.giusto: dict[str, dict[str, Any] | None] = {}
        self.soggetti: dict[str, Any] = {}
        di = "" if self.servizio == "casa" else f"{self.servizio}/"
        self._ritardi, self._ripetizioni = copione.sorte(f"{di}ritardi"), copione.sorte(f"{di}ripetizioni")
        self.sorte, self.id, self.persona, self.avvia = copione.sorte, copione.id, copione.persona, copione.avvia

    @property
    def oggi(self) -> date:
        """Il giorno in corso."""
        return self.copione.oggi

    def registra(
        self,
        path: str,
        campi: Mapping[str, Any],
        *,
        con: Iterable[str] = (),
        dal: date | None = None,
        chi: str | None = None,
        aspetta: frozenset[str] = frozenset(),
    ) -> Passo:
        """Un comando che va accolto. `dal`: il fatto può essere di qualche giorno fa, ma non prima di questo giorno;
        `aspetta`: come in Passo."""
        avvenuto = self.oggi if dal is None else max(min(dal, self.oggi), self.oggi - timedelta(self._ritardo()))
        body = {"avvenuto_il": avvenuto.isoformat(), **campi}
        passo = self._aggiungi(path, body, accolto(path), chi or self.operatore, con, aspetta)
        sorte = self._ripetizioni.random()
        if sorte < RIPETUTI_SUBITO:
            self.ripeti(passo)
        elif sorte < RIPETUTI_SUBITO + RIPETUTI_POI:
            self.avvia(self._ripeti_poi(passo), self._ripetizioni.randint(1, 12))
        return passo

    def rifiuta(
        self,
        path: str,
        campi: Mapping[str, Any],
        codice: str,
        *,
        con: Iterable[str] = (),
        chi: str | None = "",
    ) -> Passo:
        """Un comando sbagliato, che va rifiutato con quel codice. `chi` None: nessuno ha fatto accesso."""
        body = {"avvenuto_il": self.oggi.isoformat(), **campi}
        return self._aggiungi(path, body, rifiutato(codice), self.operatore if chi == "" else chi, con)

    def ripeti(self, passo: Passo, **cambia: Any) -> Passo:
        """Lo stesso comando con la stessa chiave: la rete ha perso la risposta, o qualcuno ha premuto due volte."""
        return self._nuovo(Passo(**{**passo.__dict__, "giorno": self.oggi, **cambia}))

    def rettifica(self, passo: Passo, motivo: str, data: dict[str, Any] | None) -> Passo:
        """Corregge il passo, o lo annulla. Il responsabile firma."""
        self.giusto[passo.id] = data
        campi = {"rettifica": Evento(passo.id), "motivo": motivo, "data": data}
        path = f"{passo.path.rpartition('/')[0]}/rettifica"
        return self.registra(path, campi, con=passo.con, chi=self.responsabile)

    def ultimo(self, nome: str, entita: str | None = None) -> Passo | None:
        """L'ultimo passo accolto con quel nome, di quell'entità se è detta."""
        for passo in reversed(self.passi):
            if passo.nome == nome and passo.expects.accolto and not passo.ripete and entita in (None, passo.entita):
                return passo
        return None

    def com_e(self, passo: Passo) -> dict[str, Any] | None:
        """I dati di un passo, come vanno intesi adesso: rettificati se lo sono stati, None se annullati."""
        return self.giusto.get(passo.id, dict(passo.body))

    def mai_visto(self) -> str:
        """L'id di qualcosa che in scena non c'è mai stato."""
        return self.id(f"mai visto/{self.servizio}/{len(self.passi)}")

    def qualcuno(self, nome: str, caso: Random, *, note: float, minore: bool = False) -> Persona:
        """Una persona che si presenta: con probabilità `note` una che un'altra linea conosce già, se no una nuova."""
        nota = self.copione.rubrica.di_un_altra(self.servizio, caso, minore=minore) if caso.random() < note else None
        return self.incontra(nota or Persona(self.persona(nome), self.distretto.uno(caso), minore))

    def incontra(self, persona: Persona) -> Persona:
        """La persona, ora nota alla rete e con questa linea."""
        return self.copione.rubrica.incontra(persona, self.servizio)

    def _ripeti_poi(self, passo: Passo) -> Storia:
        self.ripeti(passo)
        yield from ()

    def _aggiungi(
        self,
        path: str,
        body: Mapping[str, Any],
        atteso: Atteso,
        chi: str | None,
        con: Iterable[str],
        aspetta: frozenset[str] = frozenset(),
    ) -> Passo:
        return self._nuovo(Passo("", self.oggi, path, body, atteso, chi, "", frozenset(con), self.servizio, aspetta))

    def _nuovo(self, passo: Passo) -> Passo:
        self.passi.append(self.copione.aggiungi(passo))
        return self.passi[-1]

    def _ritardo(self) -> int:
        """Giorni fra il fatto e la registrazione: di solito nessuno, a volte qualche settimana."""
        sorte = self._ritardi.random()
        return 0 if sorte < 0.7 else self._ritardi.randint(1, 3) if sorte < 0.9 else self._ritardi.randint(4, 25)


def a_turno(
    linea: L, nome: str, generi: Sequence[Callable[[L, Random], object]], primo: int, ogni: tuple[int, int]
) -> Storia:
    """Uno dei generi ogni tanti giorni circa, l'uno dopo l'altro; si salta chi non trova nulla di adatto in scena."""
    caso, turni = linea.sorte(nome), cycle(generi)
    yield primo
    while True:
        for _ in generi:
            if next(turni)(linea, caso):
                break
        yield caso.randint(*ogni)


def una(cose: Sequence[T], adatta: Callable[[T], object], caso: Random) -> T | None:
    """Una delle ultime cose adatte; None se non ce n'è."""
    adatte = [c for c in cose if adatta(c)][-12:]
    return caso.choice(adatte) if adatte else None
