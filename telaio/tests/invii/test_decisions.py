"""The commands of sender and receiver: what each allows, and the code with which it refuses."""

from datetime import date
from typing import Any

import pytest
from contratti import invii as c
from contratti.rete import Event
from telaio.here import Here
from telaio.invii.capacity import capienze
from telaio.invii.halves import Ricevuto, Spedito, invii, ricevuti
from telaio.invii.heard import Inviante, Riceventi
from telaio.invii.receiving import Accettazione, Rifiuto
from telaio.invii.sending import Annullamento, Conferma, Reindirizzamento, Richiesta, Scadenza
from telaio.testing.given import ID, Case, given

PRIMA = "7f3c2a10-5b6d-4e8f-9a01-23456789abcd"
GIORNO, DOPO = date(2016, 3, 21), date(2016, 3, 24)
PUNTI, COMUNE, CASA, LAVORO = "punti/ama", "punti/comune", "casa/tenda", "lavoro/sorgente"
INVIANTE = Here((PUNTI, COMUNE))
RICEVENTE = Here((CASA,), frozenset({"accompagnamento_abitativo"}))
CHIESTO = {
    "avvenuto_il": GIORNO, "prestazione": "accompagnamento_abitativo", "comune": "017113", "persona": "p-aaaaaa",
}  # fmt: skip


def richiesta(**changes: Any) -> Richiesta:
    return Richiesta.model_validate({**CHIESTO, "a": CASA, **changes})


def richiesto(**changes: Any) -> c.InvioRichiesto:
    asked = {**CHIESTO, "da": PUNTI, "a": CASA, "rispondere_entro": date(2016, 3, 23)}
    return c.InvioRichiesto.model_validate(asked | changes)


SCADUTO = c.InvioScaduto(avvenuto_il=DOPO)
ACCETTATO = c.InvioAccettato(avvenuto_il=GIORNO, da=CASA)
RIFIUTATO = c.InvioRifiutato(avvenuto_il=GIORNO, da=CASA, motivo="posti_esauriti")
CONFERMATO = c.InvioConfermato(avvenuto_il=GIORNO, a=CASA)
PRESO = c.InvioPresoInCarico(avvenuto_il=GIORNO)
SOSPESO = c.InvioSospeso(avvenuto_il=GIORNO, motivo="salute")
CONCLUSO = c.InvioConcluso(avvenuto_il=GIORNO, esito="aiuto_ottenuto")
FERMATO = c.InvioAnnullato(avvenuto_il=GIORNO, da="inviante", motivo="bisogno_cambiato")
RITIRATO = c.InvioAnnullato(avvenuto_il=GIORNO, da="ricevente", motivo="impossibilita")
LATE = "passo-prima-del-precedente"
FERMA = Annullamento(avvenuto_il=GIORNO, motivo="bisogno_cambiato")


def half(*events: Event) -> Ricevuto:
    found = ricevuti.replay("i", events)
    assert found is not None
    return found


def sent(*events: Event) -> Spedito:
    found = invii.replay("i", events)
    assert found is not None
    return found


def sender(*history: Event, sees: Riceventi | None = None) -> Case:
    return given(invii, *history).seeing(sees or Riceventi(), here=INVIANTE)


def sees(*events: Event, nodo: str = CASA) -> Riceventi:
    return Riceventi({nodo: half(*events)})


def receiver(*history: Event, sees: Spedito | None = None, here: Here = RICEVENTE) -> Case:
    return given(ricevuti, *history).seeing(Inviante(sees), here=here)


# The sender asks


def test_a_request_has_two_working_days_to_be_answered() -> None:
    sender().when("richiesta", richiesta()).then(richiesto())


def test_an_urgent_request_has_one() -> None:
    sender().when("richiesta", richiesta(urgente=True)).then(
        richiesto(urgente=True, rispondere_entro=date(2016, 3, 22))
    )


def test_the_term_can_be_given_and_is_not_before_the_request() -> None:
    sender().when("richiesta", richiesta(rispondere_entro=GIORNO)).then(richiesto(rispondere_entro=GIORNO))
    early = richiesta(rispondere_entro=date(2016, 3, 20))
    sender().when("richiesta", early).rejected("termine-prima-della-richiesta")


def test_an_invio_is_asked_once() -> None:
    sender(richiesto()).when("richiesta", richiesta()).rejected("invio-gia-richiesto")


@pytest.mark.parametrize("who", [{"persona": None}, {"famiglia": "7f3c2a10-5b6d-4e8f-9a01-23456789abcd"}])
def test_a_person_or_a_family_is_sent_not_both_nor_none(who: dict[str, Any]) -> None:
    sender().when("richiesta", richiesta(**who)).rejected("persona-o-famiglia")


def test_a_guest_sends_from_the_service_that_hosts_it() -> None:
    sender().when("richiesta", richiesta(da=COMUNE)).then(richiesto(da=COMUNE))
    sender().when("richiesta", richiesta(da=LAVORO)).rejected("mittente-di-un-altro-servizio")


def test_nobody_sends_to_oneself() -> None:
    sender().when("richiesta", richiesta(a=PUNTI)).rejected("invio-a-se-stessi")
    sender().when("richiesta", richiesta(a=COMUNE)).then(richiesto(a=COMUNE))


# The sender confirms


@pytest.mark.parametrize("late", [(), (SCADUTO,)])
def test_an_acceptance_is_confirmed_in_time_or_late(late: tuple[Event, ...]) -> None:
    confirmed = c.InvioConfermato(avvenuto_il=DOPO, a=CASA)
    sender(richiesto(), *late, sees=sees(ACCETTATO)).when("conferma", Conferma(avvenuto_il=DOPO)).then(confirmed)


def test_without_an_acceptance_in_view_nothing_is_confirmed() -> None:
    command = Conferma(avvenuto_il=GIORNO)
    sender(richiesto()).when("conferma", command).rejected("accettazione-non-vista")
    sender(richiesto(), sees=sees(RIFIUTATO)).when("conferma", command).rejected("accettazione-non-vista")
    sender(richiesto(), sees=sees(ACCETTATO, RITIRATO)).when("conferma", command).rejected("accettazione-non-vista")


def test_only_who_was_asked_is_confirmed() -> None:
    stranger = sees(c.InvioAccettato(avvenuto_il=GIORNO, da=LAVORO), nodo=LAVORO)
    command = Conferma(avvenuto_il=GIORNO, a=LAVORO)
    sender(richiesto(), sees=stranger).when("conferma", command).rejected("accettazione-non-vista")
    open_call = c.InvioConfermato(avvenuto_il=GIORNO, a=LAVORO)
    sender(richiesto(a=None), sees=stranger).when("conferma", command).then(open_call)


@pytest.mark.parametrize("ended", [(CONFERMATO,), (CONFERMATO, FERMATO), (FERMATO,)])
def test_an_acceptance_is_confirmed_once_and_not_after_a_stop(ended: tuple[Event, ...]) -> None:
    command = Conferma(avvenuto_il=GIORNO)
    case = sender(richiesto(), *ended, sees=sees(ACCETTATO))
    case.when("conferma", command).rejected("invio-non-da-confermare")


@pytest.mark.parametrize(
    ("earlier", "free"),
    [
        ((ACCETTATO,), False),
        ((ACCETTATO, PRESO), False),
        ((ACCETTATO, PRESO, SOSPESO), False),
        ((ACCETTATO, RITIRATO), True),
        ((ACCETTATO, PRESO, RITIRATO), True),
        ((ACCETTATO, PRESO, CONCLUSO), True),
    ],
)
def test_in_a_chain_the_next_is_confirmed_only_when_the_one_before_has_ended(
    earlier: tuple[Event, ...], free: bool
) -> None:
    before = (sent(richiesto(), CONFERMATO), {CASA: half(*earlier)})
    view = Riceventi({LAVORO: half(c.InvioAccettato(avvenuto_il=GIORNO, da=LAVORO))}, [before])
    case = sender(richiesto(a=LAVORO, segue=PRIMA), sees=view).when("conferma", Conferma(avvenuto_il=GIORNO))
    if free:
        case.then(c.InvioConfermato(avvenuto_il=GIORNO, a=LAVORO))
    else:
        case.rejected("invio-precedente-ancora-aperto")


def test_a_confirmed_receiver_of_whom_nothing_is_seen_may_be_at_work() -> None:
    view = Riceventi({CASA: half(ACCETTATO)}, [(sent(richiesto(), CONFERMATO), {})])
    case = sender(richiesto(segue=PRIMA), sees=view)
    case.when("conferma", Conferma(avvenuto_il=GIORNO)).rejected("invio-precedente-ancora-aperto")


# The sender stops, lets expire, offers to another, closes


@pytest.mark.parametrize("history", [(), (SCADUTO,), (CONFERMATO,)])
def test_the_sender_stops_an_invio_before_and_after_the_confirmation(history: tuple[Event, ...]) -> None:
    stop, stopped = (e.model_copy(update={"avvenuto_il": DOPO}) for e in (FERMA, FERMATO))
    sender(richiesto(), *history).when("annullamento", stop).then(stopped)


def test_after_the_confirmation_a_stop_is_a_request() -> None:
    assert sent(richiesto(), FERMATO).stadio == "annullato"
    assert sent(richiesto(), CONFERMATO, FERMATO).stadio == "revocato"
    sender(richiesto(), CONFERMATO, FERMATO).when("annullamento", FERMA).rejected("invio-non-annullabile")


def test_an_invio_expires_the_day_after_its_term() -> None:
    due = Scadenza(avvenuto_il=DOPO)
    sender(richiesto()).on(date(2016, 3, 23)).when("scadenza", due).rejected("termine-non-passato")
    sender(richiesto()).on(DOPO).when("scadenza", due).then(SCADUTO)
    sender(richiesto(), CONFERMATO).on(DOPO).when("scadenza", due).rejected("invio-non-in-attesa")


@pytest.mark.parametrize(
    ("own", "seen"),
    [
        ((SCADUTO,), None),
        ((), sees(RIFIUTATO)),
        ((CONFERMATO,), sees(ACCETTATO, RITIRATO)),
        ((CONFERMATO,), sees(ACCETTATO, PRESO, RITIRATO)),
        ((CONFERMATO,), sees(ACCETTATO, PRESO, c.InvioNonRiuscito(avvenuto_il=GIORNO, motivo="altro"))),
    ],
)
def test_what_came_to_nothing_is_offered_to_another_as_the_same_story(
    own: tuple[Event, ...], seen: Riceventi | None
) -> None:
    case = sender(richiesto(), *own, sees=seen).when("reindirizzamento", Reindirizzamento(avvenuto_il=DOPO, a=LAVORO))
    again, redirected = case.outcome()
    assert isinstance(redirected, c.InvioReindirizzato)
    assert isinstance(again, c.InvioRichiesto)
    assert (redirected.a, again.a, again.segue, again.persona) == (LAVORO, LAVORO, ID, "p-aaaaaa")
    assert again.rispondere_entro == date(2016, 3, 29)  # a weekend and Easter Monday in between


@pytest.mark.parametrize(
    ("own", "seen"),
    [
        ((), None),
        ((SCADUTO,), sees(ACCETTATO)),
        ((CONFERMATO,), sees(ACCETTATO, PRESO)),
        ((CONFERMATO,), None),
        ((FERMATO,), None),
    ],
)
def test_what_somebody_has_in_hand_is_not_offered_to_another(own: tuple[Event, ...], seen: Riceventi | None) -> None:
    case = sender(richiesto(), *own, sees=seen)
    again = Reindirizzamento(avvenuto_il=DOPO, a=LAVORO)
    case.when("reindirizzamento", again).rejected("invio-non-reindirizzabile")


def test_an_invio_is_continued_once_and_by_the_successor_it_has() -> None:
    mine = sent(richiesto()).with_(id=ID)
    case = sender(richiesto(), SCADUTO).with_(sent(richiesto(a=LAVORO)))
    completed = c.InvioReindirizzato(avvenuto_il=DOPO, a=LAVORO, nuovo=mine.successore)
    case.when("reindirizzamento", Reindirizzamento(avvenuto_il=DOPO)).then(completed)


def test_what_was_already_offered_to_another_is_not_confirmed() -> None:
    case = sender(richiesto(), SCADUTO, sees=sees(ACCETTATO)).with_(sent(richiesto(a=LAVORO)))
    case.when("conferma", Conferma(avvenuto_il=DOPO)).rejected("invio-non-da-confermare")


def test_the_sender_closes_when_it_is_its_turn() -> None:
    closes = c.InvioArchiviato(avvenuto_il=DOPO, riscontro="positivo")
    sender(richiesto(), CONFERMATO, sees=sees(ACCETTATO, PRESO, CONCLUSO)).when("archiviazione", closes).then(closes)
    sender(richiesto(), SCADUTO).when("archiviazione", closes).then(closes)
    sender(richiesto()).when("archiviazione", closes).rejected("invio-non-archiviabile")
    sender(richiesto(), sees=sees(ACCETTATO)).when("archiviazione", closes).rejected("invio-non-archiviabile")
    at_work = sender(richiesto(), CONFERMATO, sees=sees(ACCETTATO, PRESO))
    at_work.when("archiviazione", closes).rejected("invio-non-archiviabile")


# The receiver answers


ACCETTA = Accettazione(avvenuto_il=GIORNO)
RIFIUTA = Rifiuto(avvenuto_il=GIORNO, motivo="posti_esauriti")


@pytest.mark.parametrize("late", [(), (SCADUTO,)])
def test_a_receiver_accepts_in_time_or_late(late: tuple[Event, ...]) -> None:
    receiver(sees=sent(richiesto(), *late)).when("accettazione", ACCETTA).then(ACCETTATO)


def test_a_receiver_refuses_with_a_reason() -> None:
    receiver(sees=sent(richiesto())).when("rifiuto", RIFIUTA).then(RIFIUTATO)


@pytest.mark.parametrize(("name", "command"), [("accettazione", ACCETTA), ("rifiuto", RIFIUTA)])
def test_an_answer_needs_an_invio_to_this_desk_that_still_waits(name: str, command: Accettazione) -> None:
    receiver().when(name, command).rejected("invio-sconosciuto")
    receiver(ACCETTATO, sees=sent(richiesto())).when(name, command).rejected("invio-gia-risposto")
    receiver(sees=sent(richiesto(a=LAVORO))).when(name, command).rejected("invio-per-altri")
    receiver(sees=sent(richiesto(), FERMATO)).when(name, command).rejected("invio-non-piu-aperto")
    receiver(sees=sent(richiesto(), CONFERMATO)).when(name, command).rejected("invio-non-piu-aperto")


def test_an_open_call_is_answered_by_who_offers_it() -> None:
    call = sent(richiesto(a=None))
    receiver(sees=call).when("accettazione", ACCETTA).then(ACCETTATO)
    receiver(sees=call, here=Here((CASA,))).when("accettazione", ACCETTA).rejected("invio-per-altri")
    own = Here((PUNTI,), frozenset({"accompagnamento_abitativo"}))
    receiver(sees=call, here=own).when("accettazione", ACCETTA).rejected("invio-per-altri")


# The receiver works


def test_work_begins_once_the_confirmation_is_seen() -> None:
    receiver(ACCETTATO, sees=sent(richiesto(), CONFERMATO)).when("presa-in-carico", PRESO).then(PRESO)
    receiver(ACCETTATO, sees=sent(richiesto())).when("presa-in-carico", PRESO).rejected("invio-non-confermato")
    other = sent(richiesto(a=None), c.InvioConfermato(avvenuto_il=GIORNO, a=LAVORO))
    receiver(ACCETTATO, sees=other).when("presa-in-carico", PRESO).rejected("invio-non-confermato")
    begun = receiver(ACCETTATO, PRESO, sees=sent(richiesto(), CONFERMATO))
    begun.when("presa-in-carico", PRESO).rejected("invio-non-da-cominciare")


def test_after_a_request_to_stop_work_does_not_begin_nor_resume() -> None:
    stopped = sent(richiesto(), CONFERMATO, FERMATO)
    receiver(ACCETTATO, sees=stopped).when("presa-in-carico", PRESO).rejected("revoca-in-corso")
    resumed = c.InvioRipreso(avvenuto_il=GIORNO)
    receiver(ACCETTATO, PRESO, SOSPESO, sees=stopped).when("ripresa", resumed).rejected("revoca-in-corso")
    receiver(ACCETTATO, PRESO, sees=stopped).when("conclusione", CONCLUSO).then(CONCLUSO)


def test_work_is_suspended_and_resumed() -> None:
    confirmed = sent(richiesto(), CONFERMATO)
    resumed = c.InvioRipreso(avvenuto_il=GIORNO)
    receiver(ACCETTATO, PRESO, sees=confirmed).when("sospensione", SOSPESO).then(SOSPESO)
    receiver(ACCETTATO, sees=confirmed).when("sospensione", SOSPESO).rejected("invio-non-in-corso")
    receiver(ACCETTATO, PRESO, SOSPESO, sees=confirmed).when("ripresa", resumed).then(resumed)
    receiver(ACCETTATO, PRESO, sees=confirmed).when("ripresa", resumed).rejected("invio-non-sospeso")


@pytest.mark.parametrize("name", ["conclusione", "non-riuscita"])
def test_work_ends_with_an_outcome_once_it_has_begun(name: str) -> None:
    end: Any = CONCLUSO if name == "conclusione" else c.InvioNonRiuscito(avvenuto_il=GIORNO, motivo="altro")
    receiver(ACCETTATO, PRESO).when(name, end).then(end)
    receiver(ACCETTATO, PRESO, SOSPESO).when(name, end).then(end)
    receiver(ACCETTATO).when(name, end).rejected("invio-non-in-corso")
    receiver(ACCETTATO, PRESO, end).when(name, end).rejected("invio-non-in-corso")


def test_a_receiver_withdraws_before_work_and_interrupts_after() -> None:
    stop = Annullamento(avvenuto_il=GIORNO, motivo="impossibilita")
    receiver(ACCETTATO).when("annullamento", stop).then(RITIRATO)
    receiver(ACCETTATO, PRESO).when("annullamento", stop).then(RITIRATO)
    assert (half(ACCETTATO, RITIRATO).stadio, half(ACCETTATO, PRESO, RITIRATO).stadio) == ("ritirato", "interrotto")
    receiver(RIFIUTATO).when("annullamento", stop).rejected("invio-gia-finito")
    receiver(ACCETTATO, PRESO, CONCLUSO).when("annullamento", stop).rejected("invio-gia-finito")


def test_a_step_is_not_earlier_than_the_one_before() -> None:
    early = date(2016, 3, 20)
    sender(richiesto()).when("annullamento", FERMA.model_copy(update={"avvenuto_il": early})).rejected(LATE)
    receiver(ACCETTATO, PRESO).when("conclusione", CONCLUSO.model_copy(update={"avvenuto_il": early})).rejected(LATE)


# Places


def test_places_are_told_of_what_is_offered() -> None:
    told = c.PostiDisponibiliAggiornati(
        avvenuto_il=GIORNO, prestazione="accompagnamento_abitativo", posti_liberi=2, in_attesa=0
    )
    given(capienze).seeing(here=RICEVENTE).when("aggiornamento", told).then(told)
    given(capienze).seeing(here=INVIANTE).when("aggiornamento", told).rejected("prestazione-non-offerta")
