"""Esporta il contratto: `python -m contratti.esporta [--check]` scrive gli schemi JSON e i campioni, o li confronta."""

import json
import pkgutil
import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import contratti
from contratti.rete import Envelope, Event, eventi

DIALETTO = "https://json-schema.org/draft/2020-12/schema"
CARTELLA = Path(__file__).resolve().parents[1]
Oggetto = dict[str, Any]


def modelli() -> list[type[Event]]:
    """Restituisce tutti gli eventi del contratto, di ogni linea e versione."""
    for modulo in pkgutil.iter_modules(contratti.__path__):
        import_module(f"contratti.{modulo.name}")
    return eventi()


def schema(modello: type[Event]) -> Oggetto:
    """Restituisce lo schema JSON dell'evento come lo scrive chi lo pubblica: chiuso ai campi in più."""
    chiuso: Oggetto = _chiuso(modello.model_json_schema(mode="serialization"))
    return {"$schema": DIALETTO, "$id": f"/schemas/{modello.type_name}/{modello.schema_version}"} | chiuso


def _chiuso(nodo: Any) -> Any:
    """Vieta i campi in più a ogni oggetto che elenca i suoi."""
    if isinstance(nodo, list):
        return [_chiuso(v) for v in nodo]
    if not isinstance(nodo, dict):
        return nodo
    chiuso = {chiave: _chiuso(valore) for chiave, valore in nodo.items()}
    if isinstance(nodo.get("properties"), dict):
        chiuso["additionalProperties"] = False
    return chiuso


def campione(nodo: Mapping[str, Any], *, completo: bool) -> Any:
    """Restituisce un valore che rispetta lo schema, dal suo primo esempio; `completo`: anche i campi facoltativi."""
    if "examples" in nodo:
        return nodo["examples"][0]
    if "anyOf" in nodo:
        return campione(nodo["anyOf"][0], completo=completo)
    if "enum" in nodo:
        return nodo["enum"][0]
    if nodo["type"] == "array":
        return [campione(nodo["items"], completo=completo)]
    if nodo["type"] == "object":
        obbligatori = nodo.get("required", [])
        campi = nodo.get("properties", {}).items()
        return {nome: campione(v, completo=completo) for nome, v in campi if completo or nome in obbligatori}
    raise TypeError(f"manca un esempio: {nodo}")


def campioni(modello: type[Event]) -> Oggetto:
    """Restituisce il campione minimo e quello completo dell'evento, sempre gli stessi."""
    forma = modello.model_json_schema(mode="serialization")
    return {"minimo": campione(forma, completo=False), "completo": campione(forma, completo=True)}


def attesi(cartella: Path) -> Iterator[tuple[Path, Oggetto]]:
    """Restituisce ogni file del contratto con il suo contenuto; un campione già scritto non si tocca più."""
    yield (
        cartella / "json" / "envelope.json",
        {"$schema": DIALETTO, "$id": "/schemas/envelope"} | Envelope.model_json_schema(),
    )
    for modello in modelli():
        file = Path(modello.type_name) / f"{modello.schema_version}.json"
        yield cartella / "json" / file, schema(modello)
        if not (cartella / "samples" / file).exists():
            yield cartella / "samples" / file, campioni(modello)


def testo(contenuto: Oggetto) -> str:
    """Restituisce il testo di un file del contratto."""
    return json.dumps(contenuto, ensure_ascii=False, indent=2) + "\n"


def differenze(cartella: Path = CARTELLA) -> list[str]:
    """Restituisce i file che mancano, che differiscono dai modelli, o che nessun modello spiega più."""
    voluti = dict(attesi(cartella))
    diversi = [f for f, c in voluti.items() if not f.exists() or f.read_text(encoding="utf-8") != testo(c)]
    scritti = set((cartella / "json").rglob("*.json"))
    return sorted(str(f.relative_to(cartella)) for f in {*diversi, *(scritti - voluti.keys())})


def scrivi(cartella: Path = CARTELLA) -> None:
    """Scrive gli schemi, e i campioni che ancora mancano."""
    for file, contenuto in attesi(cartella):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(testo(contenuto), encoding="utf-8")


def main(argomenti: list[str], cartella: Path = CARTELLA) -> int:
    """Restituisce 0, o 1 quando `--check` trova file diversi dai modelli e li nomina."""
    if "--check" not in argomenti:
        scrivi(cartella)
        return 0
    diversi = differenze(cartella)
    for file in diversi:
        print(f"diverso dal contratto: {file} (rimedio: make schemas)")
    return 1 if diversi else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
