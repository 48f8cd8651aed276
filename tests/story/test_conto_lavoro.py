"""The independent calculation of lavoro, on stories short enough to be counted by hand."""

from datetime import date
from typing import Any

from .detti import Detto, di, rettificato

GIUGNO, DICEMBRE = date(2016, 6, 30), date(2016, 12, 31)


def preso(candidato: str, day: str, persona: str = "", comune: str = "A") -> Detto:
    return f"candidati/{candidato}/presa-in-carico", day, {"persona": persona or f"p-{candidato}", "comune": comune}


def aderisce(aderente: str, day: str, comune: str = "B", tipo: str = "azienda") -> Detto:
    return f"aderenti/{aderente}/sottoscrizione", day, {"tipo": tipo, "comune": comune}


def attivato(tirocinio: str, day: str, candidato: str, aderente: str = "a") -> Detto:
    return f"tirocini/{tirocinio}/attivazione", day, {"candidato": candidato, "aderente": aderente}


def inserito(inserimento: str, day: str, candidato: str) -> Detto:
    return f"inserimenti/{inserimento}/avvio", day, {"candidato": candidato, "aderente": "a"}


def verificato(inserimento: str, day: str, mesi: int, occupato: bool) -> Detto:
    return f"inserimenti/{inserimento}/verifica", day, {"a_mesi": mesi, "ancora_occupato": occupato}


def finanziata(esperienza: str, day: str, **di_che: Any) -> Detto:
    return f"esperienze/{esperienza}/finanziamento", day, {"importo_centesimi": 100, **di_che}


def test_a_person_taken_in_charge_twice_counts_once_where_it_was_first() -> None:
    told = preso("c", "01-10"), preso("d", "01-20"), preso("c", "03-01", comune="B"), preso("e", "02-01", "p-d", "B")
    assert di("LA01", *told) == {("A", ""): 2}


def test_the_network_is_of_those_who_have_not_left_it_by_kind() -> None:
    left = ("aderenti/a/cessazione", "02-01", {})
    told = aderisce("a", "01-10"), aderisce("b", "01-10", tipo="professionista"), left
    assert di("LA02", *told) == {("B", "professionista"): 1}
    assert di("LA02", *told, aderisce("a", "03-01", "C")) == {("B", "professionista"): 1, ("C", "azienda"): 1}


def test_internships_count_where_the_host_is_and_those_supported_apart() -> None:
    told = preso("c", "01-02"), preso("d", "01-02"), aderisce("a", "01-03")
    told += attivato("t", "01-10", "c"), attivato("u", "02-10", "d"), finanziata("e", "02-11", tirocinio="u")
    assert di("LA03", *told) == {("B", ""): 2}
    assert di("LA03.sostenuti", *told, finanziata("f", "03-11", tirocinio="u")) == {("B", ""): 1}


def test_an_internship_is_concluded_or_cut_short() -> None:
    told = preso("c", "01-02"), preso("d", "01-02"), aderisce("a", "01-03")
    told += attivato("t", "01-10", "c"), attivato("u", "01-10", "d")
    told += ("tirocini/t/conclusione", "03-10", {}), ("tirocini/u/interruzione", "02-10", {})
    assert di("LA04", *told) == {("B", "conclusi"): 1, ("B", "interrotti"): 1}
    assert di("LA04", *told, rettificato(6, "tirocini/u", "03-12", None)) == {("B", "conclusi"): 1}


def test_placements_count_and_those_supported_apart() -> None:
    told = preso("c", "01-02"), aderisce("a", "01-03"), inserito("i", "02-01", "c")
    assert di("LA05", *told) == {("B", ""): 1}
    assert di("LA05.sostenuti", *told) == {}
    assert di("LA05.sostenuti", *told, finanziata("e", "02-11", inserimento="i")) == {("B", ""): 1}


def test_whoever_ended_an_internship_long_enough_ago_is_employed_or_not_or_nobody_knows() -> None:
    told = preso("c", "01-02"), preso("d", "01-02"), preso("e", "01-02"), aderisce("a", "01-03")
    told += attivato("t", "01-10", "c"), attivato("u", "01-10", "d"), attivato("v", "01-10", "e")
    told += ("tirocini/t/conclusione", "03-10", {}), ("tirocini/u/interruzione", "03-20", {})
    told += ("tirocini/v/conclusione", "06-10", {}), inserito("i", "03-15", "c"), verificato("i", "04-15", 1, True)
    found = di("LA06", *told, verificato("i", "06-15", 3, False), al=GIUGNO)
    assert found == {
        ("A", "1 occupate"): 1, ("A", "1 non rilevate"): 1,
        ("A", "3 non occupate"): 1, ("A", "3 non rilevate"): 1,
    }  # fmt: skip
    assert di("LA06", *told, al=date(2016, 4, 30)) == {("A", "1 occupate"): 1, ("A", "1 non rilevate"): 1}


def test_a_job_held_before_the_internship_ended_says_nothing_of_after() -> None:
    told = preso("c", "01-02"), aderisce("a", "01-03"), inserito("i", "01-05", "c"), verificato("i", "02-05", 1, True)
    told += attivato("t", "02-10", "c"), ("tirocini/t/interruzione", "02-20", {})
    assert di("LA06", *told) == {("A", "1 non rilevate"): 1}
    assert di("LA06", *told, verificato("i", "03-25", 1, False)) == {("A", "1 non occupate"): 1}


def test_a_month_from_the_last_of_january_is_the_last_of_february() -> None:
    told = preso("c", "01-02"), aderisce("a", "01-03"), attivato("t", "01-10", "c")
    told += (("tirocini/t/interruzione", "01-31", {}),)
    assert di("LA06", *told, al=date(2016, 2, 29)) == {("A", "1 non rilevate"): 1}
    assert di("LA06", *told, al=date(2016, 1, 31)) == {}


def test_training_events_count_when_they_took_place_with_who_was_there() -> None:
    planned = "eventi-formativi/{}/programma"
    told: tuple[Detto, ...] = tuple((planned.format(e), "01-10", {"comune": "A"}) for e in ("e", "f", "g"))
    told += (
        ("eventi-formativi/e/svolgimento", "02-10", {"presenze": 7}),
        ("eventi-formativi/g/annullamento", "02-10", {}),
    )
    assert di("LA07", *told) == {("A", ""): 1}
    assert di("LA07.presenze", *told) == {("A", ""): 7}


def test_services_count_by_kind_where_the_punto_is() -> None:
    served = {"punto": "p", "tipo": "curriculum"}
    told: tuple[Detto, ...] = (("agenti/g/servizio", "02-01", served), ("agenti/g/servizio", "02-02", served))
    assert di("LA08", *told) == {("", "curriculum"): 2}
    assert di("LA08", ("punti/p/apertura", "01-10", {"comune": "A"}), *told) == {("A", "curriculum"): 2}
