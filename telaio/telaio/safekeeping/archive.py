"""A backup file: a zip of CSV files, one a table, and a manifest that says what is in it and of whom."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Self
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

MANIFEST = "contenuto.json"
CHUNK = 1 << 20


class Unreadable(Exception):
    """The file is no backup, or not as it was written. The text says what is wrong, in Italian."""


class Table(BaseModel):
    """One table of a backup: its columns in the order of the CSV, how many rows, and the fingerprint of the CSV."""

    model_config = ConfigDict(frozen=True)

    columns: tuple[str, ...]
    rows: int
    sha256: str


class Manifest(BaseModel):
    """What a backup holds. `migrations`: those its tables had seen; `sequences`: the last number each had given."""

    model_config = ConfigDict(frozen=True)

    format: int = 1
    service: str
    partner: str
    made_at: AwareDatetime
    migrations: tuple[str, ...]
    tables: dict[str, Table]
    sequences: dict[str, int]


class Archive:
    """A backup file, opened for reading. Raises: Unreadable."""

    def __init__(self, path: Path) -> None:
        try:
            self._zip = ZipFile(path)
            self.manifest = Manifest.model_validate_json(self._zip.read(MANIFEST))
        except (OSError, BadZipFile, KeyError, ValidationError) as error:
            raise Unreadable(f"{path} non è un salvataggio leggibile") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def verify(self) -> None:
        """Raises: Unreadable where a table is not the one that was written."""
        for name, table in self.manifest.tables.items():
            digest = hashlib.sha256()
            try:
                for chunk in self.chunks(name):
                    digest.update(chunk)
            except (KeyError, BadZipFile) as error:
                raise Unreadable(f"manca o è rovinata la tabella {name}") from error
            if digest.hexdigest() != table.sha256:
                raise Unreadable(f"la tabella {name} non è quella che era stata salvata")

    def chunks(self, table: str) -> Iterator[bytes]:
        """The CSV of a table."""
        with self._zip.open(f"{table}.csv") as file:
            while chunk := file.read(CHUNK):
                yield chunk


class Writer:
    """A backup file being written; it takes its name only when it is whole."""

    def __init__(self, path: Path) -> None:
        self._path, self._beside = path, path.with_name(path.name + ".in-corso")
        self._zip = ZipFile(self._beside, "w", ZIP_DEFLATED)

    def table(self, name: str) -> "TableFile":
        """Begins a table."""
        return TableFile(self._zip, name)

    def finish(self, manifest: Manifest) -> None:
        """Writes the manifest and gives the file its name."""
        self._zip.writestr(MANIFEST, json.dumps(manifest.model_dump(mode="json"), indent=1, ensure_ascii=False))
        self._zip.close()
        self._beside.replace(self._path)

    def abandon(self) -> None:
        """Leaves nothing behind."""
        self._zip.close()
        self._beside.unlink(missing_ok=True)


class TableFile:
    """The CSV of one table on its way into the file."""

    def __init__(self, archive: ZipFile, name: str) -> None:
        self._file = archive.open(f"{name}.csv", "w", force_zip64=True)
        self._digest = hashlib.sha256()

    async def write(self, chunk: bytes) -> None:
        """Takes what COPY sends."""
        self._file.write(chunk)
        self._digest.update(chunk)

    def close(self) -> str:
        """Ends the table; returns its fingerprint."""
        self._file.close()
        return self._digest.hexdigest()
