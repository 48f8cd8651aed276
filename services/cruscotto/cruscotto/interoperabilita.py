"""Ciò che le Linee guida sull'interoperabilità tecnica (AgID, ModI) chiedono al documento di un'API, e che vale per
ogni rotta: chi la tiene, dove risponde, come si chiamano i numeri, che cosa accompagna un errore.

Le richieste non hanno un limite di frequenza qui dentro: lo mette, con le sue intestazioni, chi sta davanti.
"""

from collections.abc import Iterator
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from telaio.runtime import Runtime

Json = dict[str, Any]
VERSIONE = "1.0.0"
_RIASSUNTO = "Le cifre del welfare di comunità del distretto: indicatori, eventi dietro a ciascuno, rete."
_SULL_USO = (
    " In sola lettura. Le date sono ISO 8601, i mesi AAAA-MM, gli importi in centesimi dove il nome lo dice."
    " Gli elenchi che crescono hanno un cursore."
    " Chi ripete una domanda con If-None-Match riceve 304 se nessuna cifra è cambiata."
    " Nessun limite di frequenza proprio: le eventuali intestazioni RateLimit sono di chi pubblica il servizio."
)
_TEMPO: Json = {"schema": {"type": "integer", "format": "int32"}, "description": "Fra quanti secondi riprovare"}
_RAPPORTO: Json = {"type": "object", "required": ["stato"], "properties": {"stato": {"type": "string"}}}


def secondo_le_linee_guida(documento: Json, runtime: Runtime) -> Json:
    """Lo stesso documento, con ciò che le linee guida chiedono a tutti."""
    documento["info"] |= _chi(runtime)
    documento["servers"] = [_dove(runtime)]
    documento["paths"] |= _salute()
    documento["tags"].append({"name": "salute", "description": "Se il servizio risponde"})
    documento["components"]["responses"]["503"]["headers"] = {"Retry-After": _TEMPO}
    for numero in _numeri(documento):
        numero.setdefault("format", "int64" if _e(numero, "integer") else "double")
    return documento


def _chi(runtime: Runtime) -> Json:
    """Di chi è l'API: il partner che tiene il cruscotto."""
    chi, distretto = runtime.settings.partner, runtime.district
    return {
        "summary": _RIASSUNTO,
        "x-summary": _RIASSUNTO,
        "x-api-id": str(uuid5(NAMESPACE_URL, "urn:genera-azioni:cruscotto:v1")),
        "version": VERSIONE,
        "description": f"{_RIASSUNTO}{_SULL_USO}",
        "contact": {"name": distretto.enti.get(chi, chi), "url": f"{_indirizzo(runtime)}/pubblica"},
        "license": {"name": "CC-BY 4.0 (dati)", "url": "https://creativecommons.org/licenses/by/4.0/deed.it"},
        "termsOfService": f"{_indirizzo(runtime)}/pubblica",
    }


def _indirizzo(runtime: Runtime) -> str:
    return (runtime.settings.indirizzo or "").rstrip("/")


def _dove(runtime: Runtime) -> Json:
    """L'indirizzo pubblico, che è https; senza, quello di chi legge, ed è una prova."""
    indirizzo = _indirizzo(runtime)
    if indirizzo.startswith("https://"):
        return {"url": indirizzo, "description": "Il cruscotto del distretto"}
    return {"url": indirizzo or "/", "description": "Un cruscotto di prova", "x-sandbox": True}


def _salute() -> Json:
    """Le rotte che dicono se il servizio sta bene: senza token, e senza dati di nessuno."""
    return {
        "/status": _voce("status", "Come stanno il servizio e le sue parti", errori=()),
        "/health/live": _voce("vivo", "Se il processo è vivo", errori=()),
        "/health/ready": _voce("pronto", "Se può rispondere", errori=("503",)),
    }


def _voce(id: str, titolo: str, errori: tuple[str, ...]) -> Json:
    risposte: Json = {"200": {"description": titolo, "content": {"application/json": {"schema": _RAPPORTO}}}}
    risposte |= {codice: {"$ref": f"#/components/responses/{codice}"} for codice in errori}
    return {"get": {"operationId": id, "tags": ["salute"], "summary": titolo, "security": [], "responses": risposte}}


def _numeri(parte: Any) -> Iterator[Json]:
    """Gli schemi di numeri, ovunque stiano."""
    if isinstance(parte, dict):
        if _e(parte, "integer") or _e(parte, "number"):
            yield parte
        for sotto in parte.values():
            yield from _numeri(sotto)
    elif isinstance(parte, list):
        for sotto in parte:
            yield from _numeri(sotto)


def _e(schema: Json, tipo: str) -> bool:
    detto = schema.get("type")
    return detto == tipo or (isinstance(detto, list) and tipo in detto)
