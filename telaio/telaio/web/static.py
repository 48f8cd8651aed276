"""Files the pages load, from our own origin alone; an address with the content's hash may be kept for ever."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from telaio.web import incoming
from telaio.web.problems import Problem
from telaio.web.routing import Guarded, public

FOLDER = Path(__file__).parent / "static"
_folders = [FOLDER]
COMPRESSED = {".css", ".js", ".svg", ".txt"}
TYPES = {".woff2": "font/woff2"}


@dataclass(frozen=True)
class File:
    """A file ready to be sent; `packed` is None where compression gains nothing."""

    content: bytes
    packed: bytes | None
    etag: str
    media_type: str


def routes() -> list[Guarded]:
    return [public("/static/{path:path}", _serve)]


def address(path: str) -> str:
    """The address of a file, with its hash."""
    found = _file(path)
    if found is None:
        raise FileNotFoundError(path)
    return f"/static/{path}?v={found.etag}"


def serve_also(folder: Path) -> None:
    """Adds a service's own files, by their path under `folder`. The chassis' files cannot be replaced."""
    if folder not in _folders:
        _folders.append(folder)
        _files.cache_clear()


@cache
def _files() -> dict[str, Path]:
    """What may be served, by address: only what is there, so that no path can lead outside."""
    found = [(p.relative_to(folder).as_posix(), p) for folder in reversed(_folders) for p in folder.rglob("*")]
    return {name: path for name, path in found if path.is_file()}


@cache
def _read(path: Path) -> File:
    content, suffix = path.read_bytes(), path.suffix
    packed = gzip.compress(content, 9, mtime=0) if suffix in COMPRESSED else None
    media_type = TYPES.get(suffix) or mimetypes.guess_type(path.name)[0] or "text/plain"
    return File(content, packed, hashlib.sha256(content).hexdigest()[:16], media_type)


def _file(path: str) -> File | None:
    found = _files().get(path)
    return _read(found) if found else None


async def _serve(request: Request) -> Response:
    file = _file(request.path_params["path"])
    if file is None:
        raise Problem(404, "indirizzo-sconosciuto", "Il file non esiste.")
    fresh = request.query_params.get("v") == file.etag
    headers = {
        "ETag": f'"{file.etag}"',
        "Cache-Control": "public, max-age=31536000, immutable" if fresh else "public, max-age=3600",
        "Vary": "Accept-Encoding",
    }
    if incoming.seen(request.headers, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    if file.packed and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(file.packed, headers={**headers, "Content-Encoding": "gzip"}, media_type=file.media_type)
    return Response(file.content, headers=headers, media_type=file.media_type)
