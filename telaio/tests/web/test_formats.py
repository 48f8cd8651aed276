"""Values as people in Italy read them."""

import pytest
from telaio.district import District
from telaio.web import formats

DISTRICT = District(comuni={"017113": "Montichiari"})


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("dal", "2016-04-01", "01/04/2016"),
        ("al", "2016-09-30", "30/09/2016"),
        ("prima_rata_il", "2016-04-30", "30/04/2016"),
        ("dovuta_centesimi", 40000, "400,00 €"),
        ("comune", "017113", "Montichiari"),
        ("motivo", "fine_del_progetto", "Fine del progetto"),
        ("mese", "2016-04", "2016-04"),
        ("fascia_eta", "14-17", "14-17"),
        ("fascia_eta", "65_e_oltre", "65 e oltre"),
        ("persona", "p-3f9a1c72d4e8", "p-3f9a1c72d4e8"),
        ("categoria", "disabilita", "Disabilità"),
        ("note", None, "—"),
    ],
)
def test_a_value_is_shown_as_its_name_says(name: str, value: object, shown: str) -> None:
    assert formats.shown(name, value, DISTRICT) == shown


@pytest.mark.parametrize(
    ("code", "words"),
    [("attivita_svolta", "Attività svolta"), ("piano-di-rientro", "Piano di rientro"), ("14-17", "14-17")],
)
def test_a_code_is_read_as_words_and_a_range_of_ages_as_a_range(code: str, words: str) -> None:
    assert formats.words(code) == words
