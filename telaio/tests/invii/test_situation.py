"""The table of the protocol: every cell of it, written here a second time as the network's page has it."""

from datetime import date
from typing import Any, get_args

import pytest
from telaio.invii.halves import InStadio, Ricevuto, Risposta, Spedito
from telaio.invii.situation import due, overall, situation
from telaio.invii.termini import PER_STATO, Termini

GIORNO = date(2016, 3, 21)
NODO, ALTRO = "casa/ente", "lavoro/ente"
COLUMNS = ("", "accettato", "rifiutato", "ritirato", "in_corso", "concluso", "non_riuscito", "interrotto")
SAME = "="
"""As in the row of what is not seen yet."""
TABLE = {
    "": "in_arrivo- accettato/S rifiutato/S ritirato/S in_corso/R concluso/S non_riuscito/S interrotto/S",
    "richiesto": "inviato/R accettato/S rifiutato/S ritirato/S = = = =",
    "scaduto": "scaduto/S accettato/S rifiutato/S ritirato/S = = = =",
    "confermato": (
        "confermato/R confermato/R rifiutato/S ritirato/S in_corso/R concluso/S non_riuscito/S interrotto/S"
    ),
    "revocato": (
        "revoca_in_corso/R revoca_in_corso/R rifiutato/S ritirato/S revoca_in_corso/R concluso/S non_riuscito/S"
        " interrotto/S"
    ),
    "annullato": " ".join(["annullato-"] * 8),
    "reindirizzato": " ".join(["reindirizzato-"] * 8),
    "archiviato": " ".join(["archiviato-"] * 8),
}
SIDES = {"S": "inviante", "R": "ricevente"}
CELLS = [
    pytest.param(row, column, cell if cell != SAME else dict(zip(COLUMNS, TABLE[""].split(), strict=True))[column])
    for row, cells in TABLE.items()
    for column, cell in zip(COLUMNS, cells.split(), strict=True)
]


def spedito(stadio: str = "richiesto", **changes: Any) -> Spedito:
    confirmed = {"confermato_a": NODO} if stadio in ("confermato", "revocato") else {}
    return Spedito.model_validate(
        {
            "id": "i", "stadio": stadio, "dal_il": GIORNO, "richiesto_il": GIORNO, "da": "punti/ente", "a": NODO,
            "persona": "p-aaaaaa", "famiglia": None, "comune": "017113", "prestazione": "accompagnamento_abitativo",
            "bisogni": (), "nucleo": None, "minori": None, "fasce_eta": (), "urgente": False,
            "rispondere_entro": date(2016, 3, 23), "segue": None, **confirmed, **changes,
        }
    )  # fmt: skip


def ricevuto(stadio: str, nodo: str = NODO, giorno: date = GIORNO) -> Ricevuto:
    return Ricevuto.model_validate({"stadio": stadio, "dal_il": giorno, "nodo": nodo, "risposto_il": giorno})


@pytest.mark.parametrize(("row", "column", "cell"), CELLS)
def test_every_cell_of_the_table(row: str, column: str, cell: str) -> None:
    found = situation(spedito(row) if row else None, ricevuto(column) if column else None, NODO)
    stato, _, side = cell.rstrip("-").partition("/")
    assert (found.stato, found.tocca_a) == (stato, SIDES.get(side))


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("row", ["confermato", "revocato"])
def test_an_invio_confirmed_to_another_is_over_for_everybody_else(row: str, column: str) -> None:
    other = spedito(row, confermato_a=ALTRO)
    found = situation(other, ricevuto(column) if column else None, NODO)
    assert (found.stato, found.tocca_a) == ("superato", None)


def test_work_that_is_suspended_is_under_way() -> None:
    assert situation(spedito("confermato"), ricevuto("sospeso"), NODO).stato == "in_corso"
    assert situation(spedito("revocato"), ricevuto("sospeso"), NODO).stato == "revoca_in_corso"


def test_the_function_is_total_and_who_must_act_has_a_day_for_it() -> None:
    for row in get_args(InStadio):
        for column in (None, *get_args(Risposta)):
            sent, half = spedito(row), ricevuto(column) if column else None
            found = situation(sent, half, NODO)
            day = due(found, sent, half, Termini())
            assert (day is None) == (found.tocca_a is None)
            assert day is None or day >= GIORNO


def test_every_state_in_which_somebody_must_act_has_a_term() -> None:
    acted = {c.rpartition("/")[0] for cells in TABLE.values() for c in cells.split() if "/" in c}
    assert set(PER_STATO) == acted - {"inviato"}


def test_a_term_runs_from_the_later_half() -> None:
    half = ricevuto("accettato", giorno=date(2016, 3, 24))
    found = situation(spedito(), half, NODO)
    assert due(found, spedito(), half, Termini()) == date(2016, 3, 25)


def test_an_open_call_stands_on_whoever_accepted_first() -> None:
    late, early = ricevuto("accettato", NODO, date(2016, 3, 22)), ricevuto("accettato", ALTRO)
    now, half = overall(spedito(a=None), {NODO: late, ALTRO: early})
    assert (now.stato, half) == ("accettato", early)


def test_a_refusal_does_not_end_an_open_call() -> None:
    assert overall(spedito(a=None), {NODO: ricevuto("rifiutato")})[0].stato == "inviato"
    assert overall(spedito("scaduto", a=None), {NODO: ricevuto("ritirato")})[0].stato == "scaduto"


def test_an_answer_of_somebody_who_was_not_asked_changes_nothing() -> None:
    assert overall(spedito(), {ALTRO: ricevuto("accettato", ALTRO)})[0].stato == "inviato"
