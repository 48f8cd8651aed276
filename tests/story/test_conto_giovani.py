"""The independent calculation of giovani, on stories short enough to be counted by hand."""

from datetime import date

from .detti import Detto, di, rettificato


def coprogettato(lab: str, day: str, comune: str = "A", *enti: str) -> Detto:
    return f"laboratori/{lab}/coprogettazione", day, {"comune": comune, "ambito": "sociale", "enti": list(enti)}


def iscritto(lab: str, day: str, persona: str) -> Detto:
    return f"laboratori/{lab}/iscrizione", day, {"persona": persona}


def pubblicata(proposta: str, day: str, posti: int = 4, dal: str = "2016-02-01") -> Detto:
    return f"proposte/{proposta}/pubblicazione", day, {"comune": "B", "posti": posti, "dal": dal}


def assegnato(proposta: str, day: str, persona: str, ore: int = 80) -> Detto:
    return f"proposte/{proposta}/assegnazione", day, {"persona": persona, "ore_previste": ore}


def concluso(proposta: str, day: str, persona: str, ore: int) -> Detto:
    return f"proposte/{proposta}/conclusione-percorso", day, {"persona": persona, "ore_svolte": ore}


def incaricato(facilitatore: str, day: str, *comuni: str) -> Detto:
    return f"facilitatori/{facilitatore}/incarico", day, {"comuni": list(comuni)}


def svolto(evento: str, day: str, partecipanti: int, organizzatori: int) -> Detto:
    fields = {"comune": "A", "partecipanti": partecipanti, "giovani_organizzatori": organizzatori}
    return f"eventi-territoriali/{evento}/svolgimento", day, fields


def test_a_young_person_counts_once_wherever_it_goes_later() -> None:
    told = (
        coprogettato("l", "01-02"),
        pubblicata("p", "01-02"),
        iscritto("l", "01-10", "a"),
        iscritto("l", "01-11", "b"),
    )
    told += (
        assegnato("p", "02-01", "a"),
        assegnato("p", "02-01", "c"),
        ("laboratori/l/ritiro", "02-02", {"persona": "b"}),
    )
    assert di("AD01", *told) == {("A", ""): 2, ("B", ""): 1}


def test_the_young_met_in_the_street_are_counted_apart() -> None:
    met = {"comune": "A", "giovani": 5, "nuovi": 2}
    told: tuple[Detto, ...] = (
        ("facilitatori/f/coinvolgimento", "02-01", met),
        ("facilitatori/f/coinvolgimento", "02-09", met),
    )
    assert di("AD01.anonimi", *told) == {("A", ""): 10}
    assert di("AD01", *told) == {}


def test_facilitators_count_once_in_the_district_and_in_each_of_their_comuni() -> None:
    told = incaricato("f", "01-10", "A", "B"), incaricato("g", "01-10", "B"), ("facilitatori/g/cessazione", "03-10", {})
    assert di("AD02", *told, al=date(2016, 2, 29)) == {("", ""): 2}
    assert di("AD02.comune", *told, al=date(2016, 2, 29)) == {("A", ""): 1, ("B", ""): 2}
    assert di("AD02", *told) == {("", ""): 1}
    assert di("AD02.coperti", *told) == {("", ""): 2}


def test_labs_count_when_they_begin_by_what_they_are_about() -> None:
    told = coprogettato("l", "01-02"), coprogettato("m", "01-02"), ("laboratori/l/avvio", "02-01", {"posti": 8})
    assert di("AD03", *told) == {("A", "sociale"): 1}
    right = {"avvenuto_il": "2016-01-02", "comune": "C", "ambito": "sportivo", "enti": []}
    assert di("AD03", *told, rettificato(0, "laboratori/l", "03-01", right)) == {("C", "sportivo"): 1}


def test_who_designed_a_lab_counts_once_and_labs_without_names_apart() -> None:
    told = coprogettato("l", "01-02", "A", "scuola-x"), coprogettato("m", "02-02", "B", "scuola-x", "comune-y")
    told += coprogettato("n", "02-03", "C"), coprogettato("o", "03-03", "A", "scuola-x")
    assert di("AD04", *told) == {("A", ""): 1, ("B", ""): 1}
    assert di("AD04.senza_nomi", *told) == {("C", ""): 1}


def test_places_are_those_of_the_school_year_published_by_then_and_not_withdrawn() -> None:
    told = pubblicata("p", "01-10", 3, dal="2016-08-31"), pubblicata("q", "01-10", 5, dal="2016-09-01")
    told += pubblicata("r", "03-10", 7, dal="2016-05-02"), ("proposte/p/ritiro", "04-10", {})
    assert di("AD05", *told, al=date(2016, 2, 29)) == {("B", ""): 3}
    assert di("AD05", *told) == {("B", ""): 10}
    assert di("AD05", *told, al=date(2016, 8, 31)) == {("B", ""): 7}
    assert di("AD05", *told, al=date(2016, 9, 30)) == {("B", ""): 5}


def test_three_quarters_of_the_hours_make_a_path_valid() -> None:
    told = (
        pubblicata("p", "01-02"),
        assegnato("p", "01-10", "a"),
        assegnato("p", "01-10", "b"),
        assegnato("p", "01-10", "c"),
    )
    told += concluso("p", "03-01", "a", 60), concluso("p", "03-01", "b", 59)
    assert di("AD06", *told) == {("B", "validi"): 1, ("B", "non validi"): 1}
    right = {"avvenuto_il": "2016-03-01", "persona": "b", "ore_svolte": 61}
    assert di("AD06", *told, rettificato(5, "proposte/p", "03-03", right)) == {("B", "validi"): 2}


def test_events_count_when_they_took_place_with_who_came_and_who_organised() -> None:
    planned = ("eventi-territoriali/f/programma", "01-10", {"comune": "A"})
    told = svolto("e", "02-01", 120, 9), planned, svolto("g", "02-08", 30, 4)
    assert di("AD07", *told) == {("A", ""): 2}
    assert di("AD07.partecipanti", *told) == {("A", ""): 150}
    assert di("AD08", *told) == {("A", ""): 13}
