"""The independent calculation, on stories short enough to be counted by hand."""

from datetime import date
from typing import Any

from scenario.conto import Cifra, conta

from .detti import GENNAIO, MARZO, Detto, cifre, giocato


def presa(famiglia: str, day: str, comune: str = "A") -> Detto:
    return f"famiglie/{famiglia}/presa-in-carico", day, {"comune": comune}


def euro(path: str, day: str, importo: int, **fields: Any) -> Detto:
    return path, day, {"importo_centesimi": importo, **fields}


def concessa(garanzia: str, day: str, famiglia: str, massimale: int = 1000) -> Detto:
    fields = {"famiglia": famiglia, "alloggio": f"casa di {famiglia}", "massimale_centesimi": massimale}
    return f"garanzie/{garanzia}/concessione", day, fields


def test_a_family_guaranteed_twice_counts_once_where_it_lived_at_first() -> None:
    found = cifre(
        presa("f", "01-02"), concessa("g", "01-10", "f"), presa("f", "02-01", "B"), concessa("h", "02-10", "f")
    )
    assert found["CA01", "", ""] == 1
    assert found["CA01.comune", "A", ""] == 1
    assert ("CA01.comune", "B", "") not in found


def test_arrears_are_those_of_families_in_charge_and_come_back_with_them() -> None:
    gone = (
        presa("f", "01-02"),
        euro("famiglie/f/rilievo-morosita", "01-10", 500),
        ("famiglie/f/conclusione", "02-01", {}),
    )
    assert ("CA06", "A", "") not in cifre(*gone)
    back = (*gone, presa("f", "03-01", "B"), euro("famiglie/f/morosita-sanata", "03-02", 200))
    assert cifre(*back)["CA06", "B", ""] == 300


def test_a_cohabitation_counts_when_two_lived_there_together_whatever_the_order_of_entry_in_the_books() -> None:
    avvio = ("coabitazioni/c/avvio", "01-01", {"comune": "A", "ospitante": None})
    prima = ("coabitazioni/c/ingresso", "01-05", {"persona": "a"})
    uscita = ("coabitazioni/c/uscita", "02-10", {"persona": "a"})
    insieme = ("coabitazioni/c/ingresso", "02-01", {"persona": "b"})
    dopo = ("coabitazioni/c/ingresso", "02-10", {"persona": "b"})
    assert cifre(avvio, prima, uscita, insieme)["CA02", "A", ""] == 1
    assert ("CA02", "A", "") not in cifre(avvio, prima, uscita, dopo)
    assert cifre(("coabitazioni/c/avvio", "01-01", {"comune": "A", "ospitante": "o"}), prima)["CA02", "A", ""] == 1


def test_the_last_correction_holds_and_an_annulled_fact_is_gone() -> None:
    fund = euro("fondi/f/versamento", "01-05", 100, da="ente")
    right = {"rettifica": "00000.0", "data": {"avvenuto_il": "2016-01-05", "importo_centesimi": 70, "da": "impresa"}}
    annulled = {"rettifica": "00000.0", "data": None}
    once = cifre(fund, ("fondi/f/rettifica", "02-01", right))
    assert once == {("fondo", "", "versato impresa"): 70}
    assert cifre(fund, ("fondi/f/rettifica", "02-01", right), ("fondi/f/rettifica", "02-02", annulled)) == {}
    assert cifre(fund, ("fondi/f/rettifica", "02-01", annulled), ("fondi/f/rettifica", "02-02", right)) == once


def test_freeing_a_home_claims_and_releases_its_guarantee() -> None:
    story = [presa("f", "01-02"), concessa("g", "01-10", "f", 1000), euro("garanzie/g/escussione", "02-01", 300)]
    assert cifre(*story)["fondo", "", "impegnato"] == 700
    fields = {"garanzia_attiva": "escussione_e_svincolo", "importo_escusso_centesimi": 50, "motivo_escussione": "altro"}
    found = cifre(*story, ("alloggi/casa di f/liberazione", "03-01", fields))
    assert found["CA09", "", "escussione"] == 350
    assert ("fondo", "", "impegnato") not in found
    assert ("fondo", "", "garanzie attive") not in found


def test_an_eviction_is_open_until_it_is_known_how_it_ended() -> None:
    intimato, eseguito = ("famiglie/f/sfratto-intimato", "01-10", {}), ("famiglie/f/sfratto-eseguito", "02-10", {})
    assert cifre(presa("f", "01-02"), intimato)["CA08", "A", "aperti"] == 1
    ended = cifre(presa("f", "01-02"), intimato, eseguito)
    assert ended["CA08", "A", "eseguiti"] == ended["CA07", "A", ""] == 1
    assert ("CA08", "A", "aperti") not in ended


def test_a_home_where_the_family_already_lived_is_no_home_more() -> None:
    home = ("alloggi/a/disponibilita", "01-02", {"comune": "A"})
    assert cifre(home, ("alloggi/a/assegnazione", "01-03", {"titolo": "nuova_locazione"}))["CA04", "A", ""] == 1
    assert ("CA04", "A", "") not in cifre(home, ("alloggi/a/assegnazione", "01-03", {"titolo": "locazione_in_corso"}))


def test_figures_are_told_at_the_end_of_every_month() -> None:
    played = [giocato("00000", *euro("fondi/f/versamento", "02-05", 100, da="ente"))]
    found = conta(played, GENNAIO, MARZO)
    ends = [date(2016, 2, 29), date(2016, 3, 31)]
    assert {f for f in found if f.codice == "fondo"} == {Cifra("fondo", end, "", "versato ente") for end in ends}
    assert set(found.values()) == {100}
