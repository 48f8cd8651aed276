"""A district of ten years to measure with: cards of every strand and referrals between them, as off the wire."""

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from itertools import islice
from uuid import UUID

from contratti import casa, giovani, invii, lavoro, punti, rete
from contratti.rete import Event
from telaio.identity import new_event_id
from telaio.testing.wire import Raw

COMUNI = ("017113", "017039", "017032", "017034", "017160", "017203", "017001")
NODI = ("punti/ama-brescia", "casa/consorzio-tenda", "lavoro/cooperativa-la-sorgente",
        "giovani/cooperativa-la-nuvola-del-sacco")  # fmt: skip
PUNTI, CASA, LAVORO, GIOVANI = NODI
FIRST, DAYS = date(2016, 2, 1), 3650
LAST = FIRST + timedelta(days=DAYS)
PLACES, HOSTS = range(1, 15), range(100, 160)
Card = tuple[str, str, list[Event]]
"""Who publishes it, its subject, its events."""


def uuid(number: int) -> str:
    return str(UUID(int=number))


class District:
    """Makes cards until there are enough events. The same seed, the same district."""

    def __init__(self, events: int, seed: int = 7) -> None:
        self.events, self.chance = events, random.Random(seed)
        self.people = max(events // 25, 20)
        self.number = 1000

    def cards(self) -> Iterator[Card]:
        """Every card whole; those that others name come first."""
        yield (
            CASA,
            "fondo/fondo-garanzia",
            [casa.DotazioneVersata(avvenuto_il=FIRST, importo_centesimi=9_000_000, da="fondazione")],
        )
        for place in PLACES:
            yield self._place(place)
        for host in HOSTS:
            joined = lavoro.AdesioneAllaReteSottoscritta(avvenuto_il=FIRST, tipo="azienda", comune=self._comune())
            yield LAVORO, f"aderente/{uuid(host)}", [joined]
        told = 0
        kinds: Sequence[Callable[[], list[Card]]] = (
            *(self._family,) * 4, *(self._path_to_work,) * 3, *(self._listening,) * 3, self._workshop, self._group,
            *(self._exchange,) * 3, *(self._referral,) * 3, self._meeting,
        )  # fmt: skip
        while told < self.events:
            for card in self.chance.choice(kinds)():
                told += len(card[2])
                yield card

    def _id(self) -> str:
        self.number += 1
        return uuid(self.number)

    def _day(self) -> date:
        return FIRST + timedelta(days=self.chance.randrange(DAYS - 300))

    def _after(self, day: date, within: int = 40) -> date:
        return day + timedelta(days=self.chance.randrange(within))

    def _comune(self) -> str:
        return self.chance.choice(COMUNI)

    def _person(self) -> str:
        return f"p-{self.chance.randrange(self.people):08d}"

    def _place(self, place: int) -> Card:
        """A Punto, open all the time, with a share of all events as its activities."""
        days = sorted(self._day() for _ in range(max(self.events // 300, 1)))
        opened = punti.PuntoDiComunitaAperto(
            avvenuto_il=FIRST, denominazione=f"Punto di prova {place}", comune=COMUNI[place % 7],
            indirizzo="Piazza 12", contatti=(punti.Contatto(tipo="telefono", valore="030 0000000"),),
            gestore="ama-brescia", facilitatore="p-facil1",
        )  # fmt: skip
        hours = punti.OrariAggiornati(
            avvenuto_il=FIRST, orari=(punti.Orario(giorno="martedi", dalle="09:30", alle="12:00"),)
        )
        done: list[Event] = [
            punti.AttivitaSvolta(
                avvenuto_il=day, promossa_da=self.chance.choice(("facilitatore", "cittadini", "insieme")), presenze=9,
                prime_presenze=self.chance.randrange(4),
            )
            for day in days
        ]  # fmt: skip
        return PUNTI, f"punto/{uuid(place)}", [opened, hours, *done]

    def _family(self) -> list[Card]:
        day, id = self._day(), self._id()
        events: list[Event] = [
            casa.FamigliaPresaInCarico(
                avvenuto_il=day, comune=self._comune(), componenti=(self._person(),), minori=0, bisogni=("abitare",)
            )
        ]
        for _ in range(self.chance.randrange(1, 4)):
            amount, day = self.chance.randrange(100, 90000), self._after(day)
            events.append(casa.MorositaRilevata(avvenuto_il=day, importo_centesimi=amount, mensilita=1))
            events.append(casa.MorositaSanata(avvenuto_il=day, importo_centesimi=amount))
        events.append(casa.SfrattoIntimato(avvenuto_il=day))
        ends = casa.SfrattoEseguito(avvenuto_il=self._after(day))
        events.append(casa.SfrattoPrevenuto(avvenuto_il=self._after(day), come="altro") if id[-1] > "3" else ends)
        granted = casa.GaranziaConcessa(
            avvenuto_il=day, famiglia=id, alloggio=self._id(), massimale_centesimi=90000, mesi=12
        )
        return [(CASA, f"famiglia/{id}", events), (CASA, f"garanzia/{self._id()}", [granted])]

    def _path_to_work(self) -> list[Card]:
        day, candidate, stage = self._day(), self._id(), self._id()
        host = uuid(self.chance.choice(HOSTS))
        taken = lavoro.CandidatoPresoInCarico(
            avvenuto_il=day, persona=self._person(), comune=self._comune(), disponibilita=("sera",)
        )
        began, ended = self._after(day), self._after(day, 90) + timedelta(days=40)
        started = lavoro.TirocinioAttivato(
            avvenuto_il=began, candidato=candidate, aderente=host, dal=began, al=ended, ore_settimanali=30,
            indennita_centesimi=50000, tutor_aziendale="p-tutor1",
        )  # fmt: skip
        job = lavoro.InserimentoLavorativoAvviato(
            avvenuto_il=ended, candidato=candidate, aderente=host, contratto="altro"
        )
        checked = lavoro.InserimentoVerificato(
            avvenuto_il=self._after(ended, 30) + timedelta(days=30), a_mesi=1, ancora_occupato=True
        )
        return [
            (LAVORO, f"candidato/{candidate}", [taken]),
            (LAVORO, f"tirocinio/{stage}", [started, lavoro.TirocinioConcluso(avvenuto_il=ended, esito="nessuno")]),
            (LAVORO, f"inserimento/{self._id()}", [job, checked]),
        ]

    def _listening(self) -> list[Card]:
        day, who = self._day(), self._person()
        events: list[Event] = [
            punti.RichiestaDiAiutoRaccolta(
                avvenuto_il=day, punto=uuid(self.chance.choice(PLACES)), comune=self._comune(), bisogni=("lavoro",),
                persona=who,
            )
        ]  # fmt: skip
        for _ in range(2):
            day = self._after(day)
            events.append(
                punti.ReteDiAppoggioRilevata(
                    avvenuto_il=day, persona=who, persone_di_appoggio=self.chance.randrange(4), stabile=True,
                    difficolta_economica=True,
                )
            )  # fmt: skip
            events.append(
                punti.StarBeneRilevato(
                    avvenuto_il=day, persona=who, benessere=self.chance.randrange(100), fiducia=5, conoscenze=1
                )
            )
        events.append(punti.AscoltoConcluso(avvenuto_il=self._after(day), esito="invio"))
        return [(PUNTI, f"ascolto/{self._id()}", events)]

    def _workshop(self) -> list[Card]:
        day = self._day()
        planned = giovani.LaboratorioCoprogettato(
            avvenuto_il=day, ambito="sociale", comune=self._comune(), con=("ente",), enti=("ama-brescia",)
        )
        joined = partial(giovani.IscrizioneRaccolta, fascia_eta="14-17", consenso_espresso_da="un_genitore")
        whose = {self._person() for _ in range(12)}
        events = [planned, giovani.LaboratorioAvviato(avvenuto_il=self._after(day), posti=15)]
        day = self._after(day) + timedelta(days=40)
        return [(GIOVANI, f"laboratorio/{self._id()}", [*events, *(joined(avvenuto_il=day, persona=p) for p in whose)])]

    def _group(self) -> list[Card]:
        day = self._day()
        born = punti.GruppoNato(avvenuto_il=day, punto=uuid(self.chance.choice(PLACES)), tema="donne")
        met = [punti.IncontroDiGruppoSvolto(avvenuto_il=day + timedelta(days=20 * n), presenze=6) for n in range(1, 9)]
        over = punti.GruppoSciolto(avvenuto_il=day + timedelta(days=240))
        return [(PUNTI, f"gruppo/{self._id()}", [born, *met, over])]

    def _exchange(self) -> list[Card]:
        gives = punti.Partecipante(persona=self._person(), dato_minuti=30, ricevuto_minuti=0)
        gets = punti.Partecipante(persona="p-riceve1", dato_minuti=0, ricevuto_minuti=30)
        where = uuid(self.chance.choice(PLACES))
        swap = punti.ScambioAvvenuto(avvenuto_il=self._day(), partecipanti=(gives, gets), punto=where)
        return [(PUNTI, f"scambio/{self._id()}", [swap])]

    def _meeting(self) -> list[Card]:
        kind = self.chance.choice((("cittadini",), ("ente_locale", "privato_sociale", "cittadini")))
        met = rete.IncontroDiReteSvolto(avvenuto_il=self._day(), presenti=kind)
        return [(self.chance.choice(NODI), f"incontro_di_rete/{self._id()}", [met])]

    def _referral(self, follows: str | None = None, day: date | None = None) -> list[Card]:
        """An invio with its answer; one in five is refused and offered to another node, one in fifty still waits."""
        day, id = day or self._day(), self._id()
        sender, receiver = self.chance.sample(NODI, 2)
        asked = invii.InvioRichiesto(
            avvenuto_il=day, da=sender, a=receiver, persona=self._person(), comune=self._comune(),
            prestazione="ascolto", rispondere_entro=day + timedelta(days=3), segue=follows,
        )  # fmt: skip
        then, draw = self._after(day, 8), self.chance.random()
        sent, got = f"invio/{id}", f"invio_ricevuto/{id}"
        if draw < 0.02 and day > LAST - timedelta(days=400):
            return [(sender, sent, [asked])]
        if draw < 0.2:
            more = self._referral(id, then)
            offered = invii.InvioReindirizzato(avvenuto_il=then, nuovo=more[0][1].partition("/")[2])
            refused = invii.InvioRifiutato(avvenuto_il=then, da=receiver, motivo="posti_esauriti")
            return [(sender, sent, [asked, offered]), (receiver, got, [refused]), *more]
        own: list[Event] = [asked, invii.InvioConfermato(avvenuto_il=then, a=receiver)]
        over = self._after(then, 60)
        answers: list[Event] = [
            invii.InvioAccettato(avvenuto_il=then, da=receiver),
            invii.InvioPresoInCarico(avvenuto_il=then),
            invii.InvioConcluso(avvenuto_il=over, esito="aiuto_ottenuto" if draw < 0.8 else "non_ottenuto"),
        ]
        own.append(invii.InvioArchiviato(avvenuto_il=over))
        return [(sender, sent, own), (receiver, got, answers)]


def on_the_wire(cards: Iterable[Card]) -> Iterator[Raw]:
    """The cards' events as records, each card in version order."""
    return (_raw(who, subject, n, event) for who, subject, events in cards for n, event in enumerate(events, 1))


def batches(records: Iterator[Raw], size: int = 4000) -> Iterator[list[Raw]]:
    """The records in lists of that many."""
    return iter(lambda: list(islice(records, size)), [])


def _raw(who: str, subject: str, version: int, event: Event) -> Raw:
    service, source = who.partition("/")[0], f"/{who}"
    value = (
        f'{{"specversion":"1.0","id":"{new_event_id()}","source":"{source}","type":"{event.type_name}",'
        f'"subject":"{subject}","time":"{event.avvenuto_il}T12:00:00.000Z",'
        f'"dataschema":"/schemas/{event.type_name}/{event.schema_version}","datacontenttype":"application/json",'
        f'"entityversion":{version},"data":{event.model_dump_json()}}}'
    )
    return Raw(f"{service}.eventi", 0, version, subject.encode(), value.encode())
