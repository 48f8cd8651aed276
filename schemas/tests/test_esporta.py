"""The committed schemas and samples are what the models say, and samples are for ever."""

import json
from pathlib import Path

import pytest
from contratti import esporta
from contratti.casa import MorositaRilevata
from contratti.rete import Event, leggi

MODELS = esporta.modelli()
SAMPLES = sorted((esporta.CARTELLA / "samples").rglob("*.json"))


def test_the_committed_files_are_what_the_models_say() -> None:
    assert esporta.differenze() == []


def test_check_names_a_schema_that_differs_and_one_that_nobody_explains(tmp_path: Path) -> None:
    esporta.scrivi(tmp_path)
    changed = tmp_path / "json" / "casa.SfrattoIntimato" / "1.json"
    changed.write_text("{}")
    (tmp_path / "json" / "casa.Inventato.json").write_text("{}")
    assert esporta.differenze(tmp_path) == ["json/casa.Inventato.json", "json/casa.SfrattoIntimato/1.json"]


def test_check_names_a_missing_sample(tmp_path: Path) -> None:
    esporta.scrivi(tmp_path)
    (tmp_path / "samples" / "casa.SfrattoIntimato" / "1.json").unlink()
    assert esporta.differenze(tmp_path) == ["samples/casa.SfrattoIntimato/1.json"]


def test_a_sample_already_written_is_never_rewritten(tmp_path: Path) -> None:
    golden = tmp_path / "samples" / "casa.SfrattoIntimato" / "1.json"
    golden.parent.mkdir(parents=True)
    golden.write_text('{"minimo": {"avvenuto_il": "2016-02-01"}}')
    esporta.scrivi(tmp_path)
    assert golden.read_text() == '{"minimo": {"avvenuto_il": "2016-02-01"}}'
    assert esporta.differenze(tmp_path) == []


def test_check_exits_with_one_and_names_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert esporta.main(["--check"], tmp_path) == 1
    assert "json/envelope.json" in capsys.readouterr().out
    assert esporta.main([], tmp_path) == 0
    assert esporta.main(["--check"], tmp_path) == 0


def test_the_writer_s_schema_is_closed() -> None:
    schema = esporta.schema(MorositaRilevata)
    assert schema["additionalProperties"] is False
    assert schema["$id"] == "/schemas/casa.MorositaRilevata/1"
    assert schema["title"] == "MorositaRilevata"
    assert schema["description"].startswith("È stata rilevata")


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda p: p.parent.name)
def test_every_sample_of_every_version_still_parses(sample: Path) -> None:
    for data in json.loads(sample.read_text()).values():
        event = leggi(sample.parent.name, int(sample.stem), data)
        assert json.loads(event.model_dump_json()).items() >= data.items()


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.type_name)
def test_every_event_of_the_contract_has_a_sample(model: type[Event]) -> None:
    sample = json.loads((esporta.CARTELLA / "samples" / model.type_name / f"{model.schema_version}.json").read_text())
    assert set(sample["completo"]) >= set(sample["minimo"])
