"""`.env.example`: every setting with its description, written from the settings themselves."""

from collections.abc import Iterator
from pathlib import Path

from pydantic.fields import FieldInfo
from telaio.settings import PREFIX, Settings

FILE = Path(__file__).parents[2] / "compose" / ".env.example"
SET_BY_THE_FILES = {"host", "port", "metrics_port", "istanza", "adesso", "sviluppo"}
"""Left out: compose file and units set the first, and the last are no business of a partner."""
COMPOSE = """\
# Copiare in .env e completare. Una riga con # davanti non conta: vale ciò che è scritto dopo l'uguale, se c'è.
# Chi vuole un segreto in un file aggiunge _FILE al nome e scrive dove sta: GENERA_DATABASE_FILE=/percorso.

# --- quale servizio, e con che immagini (solo per compose)
SERVIZIO={service}
VERSIONE={version}
#BASE=python:3.13-slim-trixie
#POSTGRES_IMMAGINE=postgres:18
# Dove ascoltano le pagine su questa macchina: davanti va il vostro proxy con HTTPS.
#ASCOLTO=127.0.0.1:8000
# Dove il distretto legge le misure (/metrics), se lo si vuole aprire: solo verso di lui.
#ASCOLTO_MISURE=127.0.0.1:9100
# La cartella fatta da prepara.sh, con segreti e salvataggi.
#RISERVATO=./riservato
"""


def text(service: str = "casa", version: str = "0.1.0") -> str:
    """The example for a service."""
    parts = [COMPOSE.format(service=service, version=version)]
    parts.append("# --- da indicare (database e password del broker li mette compose, da riservato/segreti)")
    parts += _settings(required=True)
    parts.append("\n# --- facoltative, con il valore che hanno se non si indicano")
    parts += _settings(required=False)
    return "\n".join(parts) + "\n"


def _settings(*, required: bool) -> Iterator[str]:
    for name, field in Settings.model_fields.items():
        if field.is_required() == required and name not in SET_BY_THE_FILES:
            yield f"# {field.description}\n#{PREFIX}{name.upper()}={_default(field)}"


def _default(field: FieldInfo) -> str:
    if field.is_required() or field.default is None:
        return ""
    return str(int(field.default)) if isinstance(field.default, bool) else str(field.default)


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
