"""The independent calculation of the Punti and of the network, on stories short enough to be counted by hand."""

from datetime import date
from typing import Any

from scenario.conto import conta

from .detti import GENNAIO, MARZO, Detto, di, giocato, rettificato

APRE = ("punti/p/apertura", "01-05", {"comune": "A"})
ALTRO = ("punti/q/apertura", "01-06", {"comune": "B"})


def attivita(punto: str, day: str, promossa_da: str, presenze: int = 10, prime: int = 2) -> Detto:
    fields = {"promossa_da": promossa_da, "presenze": presenze, "prime_presenze": prime}
    return f"punti/{punto}/attivita", day, fields


def scambio(id: str, day: str, *parti: tuple[str, int, int], punto: str | None = "p") -> Detto:
    people = [{"persona": chi, "dato_minuti": dato, "ricevuto_minuti": ricevuto} for chi, dato, ricevuto in parti]
    return f"scambi/{id}/registrazione", day, {"partecipanti": people, "punto": punto}


def richiesta(ascolto: str, day: str, comune: str = "C") -> Detto:
    return f"ascolti/{ascolto}/richiesta", day, {"punto": "p", "comune": comune}


def rete(ascolto: str, day: str, persona: str, quante: int) -> Detto:
    return f"ascolti/{ascolto}/rete-di-appoggio", day, {"persona": persona, "persone_di_appoggio": quante}


def star_bene(ascolto: str, day: str, persona: str, benessere: int, fiducia: int) -> Detto:
    return f"ascolti/{ascolto}/star-bene", day, {"persona": persona, "benessere": benessere, "fiducia": fiducia}


def incontro(gruppo: str, day: str, *con: str) -> Detto:
    return f"gruppi/{gruppo}/incontro", day, {"con_gruppi": list(con)}


def test_punti_are_those_open_and_where() -> None:
    told = APRE, ALTRO, ("punti/r/apertura", "01-06", {"comune": "B"}), ("punti/q/chiusura", "03-01", {})
    assert di("PU01", *told) == {("A", ""): 1, ("B", ""): 1}
    assert di("PU01.comuni", *told) == {("", ""): 2}
    assert di("PU01", *told, ("punti/q/apertura", "03-20", {"comune": "B"})) == {("A", ""): 1, ("B", ""): 2}


def test_a_punto_specialised_in_work_counts_while_it_is_open() -> None:
    told: tuple[Detto, ...] = (APRE, ALTRO, ("punti/p/specializzazione", "02-01", {"specializzazione": "lavoro"}))
    told += (("punti/q/specializzazione", "02-01", {"specializzazione": "altro"}),)
    assert di("PU02", *told) == {("A", ""): 1}
    assert di("PU02", *told, ("punti/p/chiusura", "03-01", {})) == {}


def test_presences_and_the_first_ones() -> None:
    told = APRE, attivita("p", "02-01", "insieme", 10, 4), attivita("p", "02-08", "cittadini", 12, 0)
    assert di("PU03", *told) == {("A", "presenze"): 22, ("A", "prime_presenze"): 4}


def test_activities_count_by_who_promoted_them_as_corrected() -> None:
    told = APRE, attivita("p", "02-01", "insieme"), attivita("p", "02-08", "facilitatore")
    right = {"avvenuto_il": "2016-02-08", "promossa_da": "cittadini", "presenze": 1, "prime_presenze": 0}
    assert di("PU04", *told) == {("A", "insieme"): 1, ("A", "facilitatore"): 1}
    found = di("PU04", *told, rettificato(2, "punti/p", "03-01", right))
    assert found == {("A", "insieme"): 1, ("A", "cittadini"): 1}


def test_a_punto_is_autonomous_while_that_is_its_last_phase() -> None:
    told: tuple[Detto, ...] = (APRE, ("punti/p/fase", "02-01", {"fase": "autonomia"}))
    assert di("PU05", *told) == {("A", ""): 1}
    assert di("PU05", *told, ("punti/p/fase", "03-01", {"fase": "cogestione"})) == {}
    assert di("PU05", *told, ("punti/p/chiusura", "03-01", {})) == {}


def test_a_group_is_active_for_ninety_days_after_it_met() -> None:
    told: tuple[Detto, ...] = (APRE, ("gruppi/g/nascita", "01-10", {"punto": "p"}), incontro("g", "02-01"))
    assert di("PU06", *told) == {("A", ""): 1}
    assert di("PU06", APRE, told[1], incontro("g", "2016-01-30"), al=date(2016, 4, 30)) == {}
    assert di("PU06", APRE, told[1], incontro("g", "2016-01-31"), al=date(2016, 4, 30)) == {}
    assert di("PU06", APRE, told[1], incontro("g", "2016-02-01"), al=date(2016, 4, 30)) == {("A", ""): 1}
    assert di("PU06", *told, ("gruppi/g/scioglimento", "03-01", {})) == {}


def test_a_meeting_of_two_groups_is_one_for_both() -> None:
    born: tuple[Detto, ...] = tuple((f"gruppi/{g}/nascita", "01-10", {"punto": "p"}) for g in "ghk")
    told = APRE, *born, incontro("g", "02-01", "h"), incontro("k", "02-20")
    assert di("PU06", *told) == {("A", ""): 3}
    assert di("PU06.legami", *told) == {("A", ""): 2}
    assert di("PU06.legami", APRE, *born, incontro("g", "02-01")) == {}


def test_minutes_given_where_and_who_both_gave_and_received() -> None:
    told = APRE, scambio("s", "02-01", ("a", 90, 0), ("b", 0, 60), ("c", 0, 30))
    told += (scambio("t", "03-01", ("b", 30, 0), ("a", 0, 30), punto=None),)
    assert di("PU07", *told) == {("A", ""): 90, ("", ""): 30}
    assert di("PU08", *told) == {("A", "tutte"): 3, ("A", "reciproche"): 2}
    assert di("PU08", *told, al=date(2016, 2, 29)) == {("A", "tutte"): 3}


def test_who_was_in_two_comuni_in_its_first_month_counts_in_one() -> None:
    told = APRE, ALTRO, scambio("s", "02-01", ("a", 9, 0), ("b", 0, 9), punto="q")
    assert di("PU08", *told, scambio("t", "02-20", ("a", 9, 0), ("c", 0, 9)))["A", "tutte"] == 2
    assert di("PU08", *told, scambio("t", "03-20", ("a", 9, 0), ("c", 0, 9)))["A", "tutte"] == 1


def test_support_is_that_of_the_last_time_for_who_was_asked_twice() -> None:
    told = richiesta("x", "01-10"), richiesta("y", "02-10", "D"), rete("x", "01-10", "a", 0), rete("x", "01-10", "b", 0)
    assert di("PU09", *told) == {}
    assert di("PU09.una_volta", *told) == {("C", ""): 2}
    assert di("PU09", *told, rete("y", "02-10", "a", 0)) == {("C", "rilevate"): 1, ("C", "senza rete"): 1}
    assert di("PU09", *told, rete("y", "02-10", "a", 1)) == {("C", "rilevate"): 1}
    assert di("PU09", *told, rete("y", "02-10", "a", 1), rete("x", "02-09", "a", 0)) == {("C", "rilevate"): 1}


def test_well_being_is_the_last_time_less_the_first() -> None:
    told = richiesta("x", "01-10"), star_bene("x", "01-10", "a", 40, 5), star_bene("x", "03-10", "a", 60, 4)
    told += star_bene("x", "02-10", "a", 10, 1), star_bene("x", "02-10", "b", 10, 1)
    assert di("PU10", *told) == {("C", "rilevate"): 1, ("C", "benessere"): 20, ("C", "fiducia"): -1}
    assert di("PU10.una_volta", *told) == {("C", ""): 1}


def test_listening_ends_with_an_answer_of_the_community_or_otherwise() -> None:
    told: tuple[Detto, ...] = (richiesta("x", "01-10"), richiesta("y", "01-10"), richiesta("z", "01-10"))
    told += (
        ("ascolti/x/conclusione", "02-10", {"esito": "risposta_della_comunita"}),
        ("ascolti/y/conclusione", "02-10", {"esito": "invio"}),
    )
    assert di("PU11", *told) == {("C", "risposta_della_comunita"): 1, ("C", "invio"): 1}


def test_whoever_hosted_designed_or_held_a_meeting_counts_once_and_once_in_each_half_year() -> None:
    told: tuple[Detto, ...] = (("aderenti/a/sottoscrizione", "01-03", {"tipo": "azienda", "comune": "B"}),)
    told += tuple((f"tirocini/{t}/attivazione", day, {"aderente": "a"}) for t, day in (("t", "02-01"), ("u", "07-01")))
    told += (("laboratori/l/coprogettazione", "02-01", {"comune": "A", "enti": ["comune-x", "parrocchia-y"]}),)
    meeting = {"presenti": ["ente_locale", "scuola"], "linea": "punti"}
    told += tuple((f"incontri-di-rete/{n}/registrazione", "02-01", meeting) for n in "ij")
    everybody = {"aziende": 1, "comuni": 1, "parrocchie": 1, "privato sociale": 1}
    assert di("RE05", *told, al=date(2016, 12, 31)) == {("", kind): n for kind, n in everybody.items()}
    assert di("RE05.semestre", *told, al=date(2016, 6, 30)) == {("", kind): n for kind, n in everybody.items()}
    assert di("RE05.semestre", *told, al=date(2016, 12, 31)) == {("", "aziende"): 1}


def test_meetings_where_three_sectors_sat_together() -> None:
    two = ["ente_locale", "cittadini"]
    met: list[list[str]] = [[*two, "privato_sociale", "scuola"], two, [*two, "impresa"]]
    told: list[Detto] = [(f"incontri-di-rete/{n}/registrazione", "02-01", {"presenti": p}) for n, p in enumerate(met)]
    assert di("RE06", *told) == {("", "insieme"): 1, ("", "non insieme"): 2}


def test_who_holds_a_co_design_is_there_with_those_named() -> None:
    together, alone = {"con": ["ente", "reti_informali", "scuola"]}, {"con": ["cittadini", "reti_informali"]}
    told = [(f"coprogettazioni/{n}/registrazione", "02-02", con) for n, con in enumerate((together, alone, alone))]
    assert di("RE06", *told) == {("", "insieme"): 1, ("", "non insieme"): 2}


def test_who_lends_a_hand_counts_once_whatever_the_hand() -> None:
    told: tuple[Detto, ...] = (APRE, ("aiuti/o/offerta", "02-01", {"persona": "a", "comune": "B", "cosa": "tempo"}))
    told += ("aiuti/u/offerta", "02-01", {"ente": "parrocchia-y"}), scambio("s", "03-02", ("a", 30, 0), ("b", 0, 30))
    assert di("RE07", *told) == {("B", ""): 1}
    assert di("RE07", *told, scambio("t", "03-03", ("b", 15, 0), ("a", 0, 15))) == {("B", ""): 1, ("A", ""): 1}


def test_what_was_paid_into_all_funds_by_whom() -> None:
    def paid(number: int, strand: str, da: str) -> Any:
        return giocato(
            f"{number:05}", "fondi/f/versamento", "02-05", {"importo_centesimi": 100, "da": da, "linea": strand}
        )

    found = conta(
        [paid(0, "casa", "fondazione"), paid(1, "lavoro", "fondazione"), paid(2, "lavoro", "comune")], GENNAIO, MARZO
    )
    shown = {(c.codice, c.chiave): value for c, value in found.items() if c.al == MARZO}
    assert (shown["RE08", "fondazione"], shown["RE08", "comune"]) == (200, 100)
    assert shown["fondo", "versato fondazione"] == 100, "the Fondo Garanzia is casa's alone"
