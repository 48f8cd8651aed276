"""Il documento OpenAPI del cruscotto: quello del telaio, più le rotte delle cifre."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from telaio.service import Service
from telaio.web import openapi
from telaio.web.answers import json
from telaio.web.routing import Guarded, public

from cruscotto.api import BASE
from cruscotto.contesto import Contesto

Json = dict[str, Any]
ERRORI = (401, 403, 503)


def routes(c: Contesto) -> list[Guarded]:
    """Al posto di quella del telaio: le rotte di un servizio vengono prima."""
    intero = documento(c.runtime.service, [i.codice for i in c.registro.indicatori])

    async def handle(request: Request) -> Response:
        return json(intero, Cache_Control="public, max-age=300")

    return [public("/openapi.json", handle)]


def documento(servizio: Service, codici: list[str]) -> Json:
    """Il documento intero."""
    base = openapi.document(servizio)
    base["paths"] |= {BASE + percorso: {"get": voce} for percorso, voce in _rotte(codici).items()}
    base["components"]["schemas"] |= SCHEMI
    base["tags"] = [{"name": "cifre", "description": "Gli indicatori, ciò che vi sta dietro, il Fondo"}]
    return base


def _rotte(codici: list[str]) -> Json:
    codice = {"name": "codice", "in": "path", "required": True, "schema": {"type": "string", "enum": codici}}
    pagina = [_parametro("Limite"), _parametro("Cursore")]
    return {
        "/indicatori": _voce("indicatori", "Tutti gli indicatori", "Indicatori", FILTRO, (422,)),
        "/indicatori/{codice}": _voce(
            "indicatore", "Un indicatore, per comune e per mese", "Dettaglio", [codice, *FILTRO], (404, 422)
        ),
        "/indicatori/{codice}/eventi": _voce(
            "prove", "Gli eventi dietro a una cifra", "Prove", [codice, *FILTRO, *pagina], (400, 404, 422)
        ),
        "/fondo": _voce("fondo", "La posizione del Fondo Garanzia", "Fondo", [AL, ENTRO], (422,)),
        "/rete": _voce(
            "rete", "Chi invia a chi, e gli invii fermi oltre il termine", "Rete", FILTRO, (422,), etag=False
        ),
        "/freschezza": _voce("freschezza", "Quando si è sentita ogni fonte", "Freschezza", [], (), etag=False),
        "/aggiornamenti": AGGIORNAMENTI,
    }


def _voce(
    id: str, titolo: str, schema: str, parametri: list[Json], errori: tuple[int, ...], *, etag: bool = True
) -> Json:
    risposta: Json = {"description": titolo, "content": {"application/json": {"schema": _rif(schema)}}}
    risposte: Json = {"200": risposta, **_problemi((*errori, *ERRORI))}
    if etag:
        parametri = [*parametri, _parametro("SeNonVersione")]
        risposta["headers"] = {"ETag": {"schema": TESTO, "description": "Cambia quando cambia una cifra"}}
        risposte["304"] = {"description": "Non è cambiato"}
    return {"operationId": id, "tags": ["cifre"], "summary": titolo, "parameters": parametri, "responses": risposte}


def _problemi(codici: tuple[int, ...]) -> Json:
    return {str(c): {"$ref": f"#/components/responses/{c}"} for c in codici}


def _parametro(nome: str) -> Json:
    return {"$ref": f"#/components/parameters/{nome}"}


def _rif(nome: str) -> Json:
    return {"$ref": f"#/components/schemas/{nome}"}


def _oggetto(**campi: Json) -> Json:
    return {"type": "object", "required": list(campi), "properties": campi}


def _elenco(di: Json) -> Json:
    return {"type": "array", "items": di}


def _filtro(nome: str, forma: str, descrizione: str) -> Json:
    schema = {"type": "string", "pattern": forma}
    return {"name": nome, "in": "query", "required": False, "schema": schema, "description": descrizione}


TESTO: Json = {"type": "string"}
FORSE_TESTO: Json = {"type": ["string", "null"]}
NUMERO: Json = {"type": "number"}
FORSE_NUMERO: Json = {"type": ["number", "null"], "description": "null: non calcolabile"}
INTERO: Json = {"type": "integer"}
ISTANTE: Json = {"type": ["string", "null"], "format": "date-time"}

_MESE = "^20[0-9]{2}-(0[1-9]|1[0-2])$"
AL = _filtro(
    "al", f"{_MESE[:-1]}(-[0-9]{{2}})?$", "Fino a questo mese, o a questo giorno, compreso; senza, fino a oggi"
)
ENTRO = _filtro(
    "registrato_entro",
    "^20[0-9]{2}-[0-9]{2}-[0-9]{2}(T.{1,40})?$",
    "Come si sapeva allora: solo ciò che era già registrato in quel giorno, o a quell'istante",
)
FILTRO = [
    _filtro("comune", "^[0-9]{6}$", "Codice ISTAT di un comune del distretto; senza, tutto il distretto"),
    _filtro("dal", _MESE, "Da questo mese, per le cifre di un periodo; senza, dall'avvio"),
    AL,
    _filtro("semestre", "^20[0-9]{2}-[12]$", "Al posto di dal e al"),
    ENTRO,
]
AGGIORNAMENTI: Json = {
    "operationId": "aggiornamenti",
    "tags": ["cifre"],
    "summary": "Un evento «aggiornamento» quando una cifra cambia (server-sent events); commenti nel frattempo",
    "responses": {
        "200": {"description": "Il flusso", "content": {"text/event-stream": {"schema": TESTO}}},
        **_problemi(ERRORI),
    },
}

_CIFRA: Json = {
    "type": "object",
    "required": ["valore"],
    "properties": {"valore": FORSE_NUMERO, "numeratore": NUMERO, "denominatore": NUMERO},
}
_SCRITTO = _oggetto(comune=FORSE_TESTO, dal=FORSE_TESTO, al=FORSE_TESTO, registrato_entro=FORSE_TESTO)
_FONTE = {"servizio": TESTO, "partner": TESTO, "partner_nome": TESTO}
_INDICATORE = _oggetto(
    **dict.fromkeys(
        (
            *("codice", "linea", "nome", "definizione", "unita", "tipo", "livello", "direzione", "finestra"),
            *("precisazione", "nota"),
        ),
        TESTO,
    ),
    di_distretto={"type": "boolean", "description": "I comuni non ne hanno una parte"},
    eventi=_elenco(TESTO),
    base=FORSE_NUMERO,
    obiettivo={**FORSE_NUMERO, "description": "null: non definito"},
    obiettivo_implicito={
        "type": "boolean",
        "description": "Attende la conferma di un coordinatore: nessun avanzamento",
    },
    valore=FORSE_NUMERO,
    avanzamento={**FORSE_NUMERO, "description": "In percento; null per il motivo in senza_avanzamento"},
    senza_avanzamento=FORSE_TESTO,
    a_parte=_elenco({**_CIFRA, "properties": {**_CIFRA["properties"], "nome": TESTO, "unita": TESTO}}),
)
_INDICATORE["properties"] |= {"numeratore": NUMERO, "denominatore": NUMERO}

SCHEMI: Json = {
    "Cifra": _CIFRA,
    "Indicatore": _INDICATORE,
    "Indicatori": _oggetto(filtro=_SCRITTO, aggiornato_alle=ISTANTE, indicatori=_elenco(_rif("Indicatore"))),
    "Dettaglio": _oggetto(
        filtro=_SCRITTO,
        indicatore=_rif("Indicatore"),
        per_comune=_elenco({**_CIFRA, "properties": {**_CIFRA["properties"], "comune": FORSE_TESTO, "nome": TESTO}}),
        per_mese=_elenco(_oggetto(mese=TESTO, nel_mese=_rif("Cifra"), a_fine_mese=_rif("Cifra"))),
    ),
    "Prove": _oggetto(
        codice=TESTO,
        filtro=_SCRITTO,
        eventi=_elenco(
            _oggetto(
                id=TESTO,
                tipo=TESTO,
                **_FONTE,
                soggetto=TESTO,
                versione=INTERO,
                comune={**FORSE_TESTO, "description": "null: non rilevato, o più d'uno"},
                comuni=_elenco(TESTO),
                avvenuto_il={"type": "string", "format": "date"},
                registrato_alle=ISTANTE,
                giorni_di_ritardo={
                    **INTERO,
                    "description": "Dal giorno in cui è avvenuto alla registrazione",
                },
                rettificato={"type": ["object", "null"]},
            )
        ),
        successivo=FORSE_TESTO,
    ),
    "Fondo": _oggetto(
        filtro=_SCRITTO,
        versato_per_tipo_centesimi={"type": "object", "additionalProperties": INTERO},
        garanzie_attive=INTERO,
        **{f"{n}_centesimi": INTERO for n in ("versato", "impegnato", "escusso", "recuperato", "saldo", "disponibile")},
    ),
    "Rete": _oggetto(
        filtro=_SCRITTO,
        flussi=_elenco(
            _oggetto(
                da=TESTO,
                a=TESTO,
                **dict.fromkeys(("chiesti", "confermati", "rifiutati", "conclusi", "aiutati"), INTERO),
            )
        ),
        isolati=_elenco(TESTO),
        fermi=_elenco(_oggetto(id=TESTO, stato=TESTO, di=TESTO, prestazione=TESTO, entro=TESTO, ritardo=INTERO)),
        attesa_mediana_giorni={"type": ["integer", "null"], "description": "null: non calcolabile"},
    ),
    "Freschezza": _oggetto(
        adesso=ISTANTE,
        aggiornato_alle=ISTANTE,
        fonti=_elenco(_oggetto(**_FONTE, eventi=INTERO, ultimo_alle=ISTANTE, tace_da_secondi=INTERO)),
        in_quarantena=INTERO,
        in_attesa=INTERO,
        soggetti_biforcati=INTERO,
        lettore={"type": ["object", "null"]},
    ),
}
