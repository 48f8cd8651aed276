"""Errors as people and programs read them: RFC 9457 problem+json, in Italian, with a stable code."""

import json
from collections.abc import Mapping
from typing import Any

from contratti.rete import UnknownEvent
from starlette.exceptions import HTTPException
from starlette.responses import Response

from telaio.database import DEAD, Unavailable
from telaio.entity import Rejected
from telaio.execute import VersionMismatch
from telaio.idempotency import KeyReused

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 2

TITLES = {
    400: "Richiesta non valida",
    401: "Accesso richiesto",
    403: "Operazione non permessa",
    404: "Non trovato",
    405: "Metodo non ammesso",
    409: "Regola non rispettata",
    412: "La scheda è cambiata",
    413: "Richiesta troppo grande",
    415: "Formato non ammesso",
    422: "Dati non validi",
    500: "Errore interno",
    502: "Risposta non valida di un altro sistema",
    503: "Servizio non disponibile",
}

HTTP_ERRORS = {
    404: ("indirizzo-sconosciuto", "A questo indirizzo non c'è nulla."),
    405: ("metodo-non-ammesso", "Questo indirizzo non accetta il metodo usato."),
}


class Problem(Exception):
    """An answer that is not the one asked for. `extra`: further members of the document, such as `errors`."""

    def __init__(
        self, status: int, code: str, detail: str, *, headers: Mapping[str, str] | None = None, **extra: Any
    ) -> None:
        super().__init__(f"{status} {code}: {detail}")
        self.status, self.code, self.detail = status, code, detail
        self.headers, self.extra = dict(headers or {}), extra

    @property
    def title(self) -> str:
        return TITLES.get(self.status, "Richiesta non valida")

    def document(self, correlation: str) -> dict[str, Any]:
        """The RFC 9457 document. `code` tells kinds apart, so `type` stays about:blank."""
        body = {"type": "about:blank", "title": self.title, "status": self.status, "detail": self.detail}
        return {**body, "code": self.code, "correlazione": correlation, **self.extra}

    def response(self, correlation: str) -> Response:
        # Escaped to ASCII: what a client sent comes back in pointers, and may not be encodable as UTF-8.
        body = json.dumps(self.document(correlation), ensure_ascii=True).encode("ascii")
        return Response(body, self.status, media_type=MEDIA_TYPE, headers=self.headers)


def unavailable(detail: str = "Il servizio non può rispondere in questo momento: riprovare fra poco.") -> Problem:
    return Problem(503, "non-disponibile", detail, headers={"Retry-After": str(RETRY_AFTER_S)})


def internal() -> Problem:
    """500: nothing of what happened inside, which is in the log under the correlation id."""
    return Problem(500, "errore-interno", "Si è verificato un errore; il codice di correlazione aiuta a ritrovarlo.")


def as_problem(error: Exception) -> Problem | None:
    """The problem that tells of `error`; None for an error nobody foresaw."""
    match error:
        case Problem():
            found = error
        case Rejected():
            found = Problem(409, error.code, error.detail)
        case KeyReused():
            found = Problem(422, "chiave-riusata", "Questa Idempotency-Key è già servita per una richiesta diversa.")
        case VersionMismatch():
            detail = f"La scheda è ora alla versione {error.current}: qualcun altro l'ha modificata."
            found = Problem(412, "versione-superata", detail, headers={"ETag": f'"{error.current}"'})
        case HTTPException():
            found = _of_http(error)
        case _:
            return unavailable() if isinstance(error, (Unavailable, UnknownEvent, *DEAD)) else None
    return found


def _of_http(error: HTTPException) -> Problem:
    fallback = ("richiesta-non-valida", TITLES.get(error.status_code, "La richiesta non è valida."))
    code, detail = HTTP_ERRORS.get(error.status_code, fallback)
    return Problem(error.status_code, code, detail, headers=error.headers)
