"""Dal registro al valore e all'avanzamento: i due lati di ogni confine, senza database."""

from decimal import Decimal
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from contratti.rete import Event
from cruscotto import service
from cruscotto.cifre.indicatori import PREDEFINITO, Indicatore, Registro
from cruscotto.cifre.valuta import DI_DISTRETTO, IMPLICITO, NON_CALCOLABILE, NON_DEFINITO, Misure, progresso, valuta
from pydantic import ValidationError
from telaio.district import District

REGISTRO = Registro.carica()


def di(codice: str, **misure: Any) -> Any:
    """Il valore di un indicatore quando le misure, dall'avvio e nel periodo, sono queste."""
    per_chiave = {n: v if isinstance(v, dict) else {"": v} for n, v in misure.items()}
    return valuta(REGISTRO.per_codice[codice], Misure(per_chiave, per_chiave))


def inventato(**cambi: Any) -> Indicatore:
    return REGISTRO.per_codice["CA06"].model_copy(update=cambi)


def test_the_three_targets_stand_first() -> None:
    primi = [(i.codice, i.obiettivo) for i in REGISTRO.indicatori][:3]
    assert primi == [("CA01", 80), ("CA02", 20), ("CA03", 4)]
    assert all(i.obiettivo is None or i.implicito for i in REGISTRO.indicatori[3:])


def test_every_row_of_the_strands_is_there() -> None:
    quante = {"CA": range(1, 11), "LA": range(1, 9), "AD": range(1, 9), "PU": range(1, 12), "RE": range(1, 9)}
    assert [i.codice for i in REGISTRO.indicatori] == [f"{linea}{n:02}" for linea, nn in quante.items() for n in nn]


def test_an_implied_target_waits_and_one_of_the_district_does_not(tmp_path: Path) -> None:
    punto = REGISTRO.per_codice["PU02"]
    assert (punto.obiettivo, punto.con_obiettivo, progresso(punto, Decimal(1))) == (1, False, (None, IMPLICITO))
    suo = tmp_path / "distretto.toml"
    suo.write_text("[obiettivi]\nPU02 = 2\n", encoding="utf-8")
    confermato = Registro.carica(suo).per_codice["PU02"]
    assert confermato.con_obiettivo
    assert progresso(confermato, Decimal(1)) == (Decimal(50), None)


def test_every_source_event_is_in_the_contract_and_feeds_a_measure() -> None:
    tipi = {tipo for tipo, _ in Event.registro}
    assert service.LINEE
    assert [e for i in REGISTRO.indicatori for e in i.eventi if e not in tipi] == []


@pytest.mark.parametrize(("quante", "atteso"), [(0, "0.0"), (79, "98.8"), (80, "100.0"), (81, "101.3")])
def test_a_rising_figure_progresses_towards_its_target(quante: int, atteso: str) -> None:
    valore = di("CA01", famiglie_garantite=quante)
    assert (valore.valore, valore.avanzamento) == (quante, Decimal(atteso))


@pytest.mark.parametrize(
    ("valore", "atteso"),
    [("12000", "-40.0"), ("10000", "0.0"), ("7500", "50.0"), ("5000", "100.0"), ("4000", "120.0")],
)
def test_a_falling_figure_progresses_from_its_base(valore: str, atteso: str) -> None:
    scende = inventato(base=Decimal(10000), obiettivo=Decimal(5000))
    assert progresso(scende, Decimal(valore)) == (Decimal(atteso), None)


@pytest.mark.parametrize(
    ("base", "obiettivo", "perche"),
    [(None, None, NON_DEFINITO), (100, None, NON_DEFINITO), (None, 50, NON_DEFINITO), (50, 50, NON_CALCOLABILE)],
)
def test_without_target_or_base_there_is_no_progress(base: Any, obiettivo: Any, perche: str) -> None:
    scende = inventato(
        base=None if base is None else Decimal(base), obiettivo=None if obiettivo is None else Decimal(obiettivo)
    )
    assert progresso(scende, Decimal(70)) == (None, perche)


def test_a_rising_figure_needs_no_base() -> None:
    assert progresso(inventato(direzione="su", obiettivo=Decimal(1)), Decimal(1)) == (Decimal(100), None)


def test_no_target_is_neither_zero_nor_a_hundred_percent() -> None:
    valore = di("CA04", alloggi_disponibili=7)
    assert (valore.valore, valore.avanzamento, valore.senza_avanzamento) == (7, None, NON_DEFINITO)


def test_the_target_is_the_districts_not_a_comunes() -> None:
    valore = valuta(REGISTRO.per_codice["CA01"], Misure({}, {}), del_distretto=False)
    assert (valore.avanzamento, valore.senza_avanzamento) == (None, DI_DISTRETTO)


@pytest.mark.parametrize(
    ("prevenuti", "eseguiti", "atteso"), [(0, 0, None), (1, 0, "100.0"), (0, 1, "0.0"), (2, 1, "66.7")]
)
def test_a_ratio_over_nothing_cannot_be_calculated(prevenuti: int, eseguiti: int, atteso: str | None) -> None:
    valore = di("CA08", sfratti_prevenuti=prevenuti, sfratti_eseguiti=eseguiti, sfratti_aperti=4)
    assert valore.valore == (None if atteso is None else Decimal(atteso))
    assert (valore.numeratore, valore.denominatore) == (prevenuti, prevenuti + eseguiti)
    assert [c.valore for c in valore.a_parte] == [4]


def test_a_ratio_that_cannot_be_calculated_has_no_progress() -> None:
    con_obiettivo = REGISTRO.per_codice["CA08"].model_copy(update={"obiettivo": Decimal(60)})
    assert progresso(con_obiettivo, None) == (None, NON_CALCOLABILE)


def test_claims_are_net_of_recoveries() -> None:
    valore = di("CA09", fondo_escusso=50000, fondo_recuperato=20000, massimali_concessi=240000)
    assert (valore.valore, valore.numeratore, valore.denominatore) == (Decimal("12.5"), 300, 2400)
    assert di("CA09", fondo_escusso=0, fondo_recuperato=0, massimali_concessi=0).valore is None


def test_arrears_are_shown_in_euro() -> None:
    assert di("CA06", morosita=123450).valore == Decimal("1234.5")


def test_members_are_told_apart_by_kind_and_others_are_not_counted() -> None:
    valore = di("CA05", adesioni={"agenzia_immobiliare": 3, "proprietario": 2, "altro": 1})
    assert (valore.valore, [c.valore for c in valore.a_parte]) == (5, [3, 2, 1])


def test_activities_of_residents_and_junior_count_over_all() -> None:
    per_chi = {"custode": 5, "junior": 1, "residenti": 2, "altro": 2}
    assert di("CA10", attivita_condominiali=per_chi).valore == Decimal("30.0")


def test_a_period_counts_only_what_is_its_own() -> None:
    misure = Misure({"famiglie_sfrattate": {"": 9}, "sfratti_aperti": {"": 3}}, {"famiglie_sfrattate": {"": 2}})
    assert valuta(REGISTRO.per_codice["CA07"], misure).valore == 2
    assert valuta(REGISTRO.per_codice["CA01"], Misure({"famiglie_garantite": {"": 9}}, {})).valore == 9
    assert valuta(REGISTRO.per_codice["CA08"], misure).a_parte[0].valore == 3


def test_the_district_brings_its_own_targets_and_bases(tmp_path: Path) -> None:
    suo = tmp_path / "distretto.toml"
    suo.write_text("[obiettivi]\nCA01 = 12\nCA06 = 1000.5\n[basi]\nCA06 = 2000\n", encoding="utf-8")
    registro = Registro.carica(suo)
    assert registro.per_codice["CA01"].obiettivo == 12
    assert (registro.per_codice["CA06"].base, registro.per_codice["CA06"].obiettivo) == (2000, Decimal("1000.5"))
    assert registro.impronta != REGISTRO.impronta


@pytest.mark.parametrize(
    "scritto",
    [
        '{ somma = ["famiglie_garantite"] }',
        '{ distinte = "morosita" }',
        "{ somma = [] }",
        '{ numeratore = ["famiglie_garantite"], denominatore = ["morosita"] }',
        '{ numeratore = ["morosita"], denominatore = [{ distinte = "morosita" }] }',
    ],
)
def test_a_formula_that_counts_what_is_summed_is_refused(tmp_path: Path, scritto: str) -> None:
    sbagliato = tmp_path / "indicatori"
    copytree(PREDEFINITO, sbagliato)
    casa = (sbagliato / "casa.toml").read_text(encoding="utf-8")
    Registro.carica(da=sbagliato)
    (sbagliato / "casa.toml").write_text(casa.replace('{ distinte = "famiglie_garantite" }', scritto), encoding="utf-8")
    with pytest.raises(ValidationError):
        Registro.carica(da=sbagliato)


def test_kinds_of_enti_are_the_districts(tmp_path: Path) -> None:
    """Chi ospita un tirocinio è un'azienda; chi il distretto non dice, «altri»; un tipo inventato è rifiutato."""
    tipi = District.load(None).tipi
    registro = Registro.carica(tipi=tipi)
    chiavi = ("comune-visano", "consorzio-tenda", "scuola-media-calcinato", "aderente/x", "biblioteca-calvisano")
    assert [registro.tipo("enti_attivi", c) for c in chiavi] == [
        "comuni", "privato_sociale", "scuole", "aziende", "altri"
    ]  # fmt: skip
    assert registro.tipo("ascolti_conclusi", "invio") == "invio"
    assert registro.impronta != REGISTRO.impronta
    senza = tmp_path / "distretto.toml"
    senza.write_text("[enti]\ncomune-visano = 'Comune di Visano'\n", encoding="utf-8")
    assert District.load(senza).tipi == {}
    senza.write_text("[tipi]\ncomune-visano = 'municipio'\n", encoding="utf-8")
    with pytest.raises(ValidationError):
        District.load(senza)
