"""Le rotte di `api.py` nel documento OpenAPI: indicatori, gli eventi che vi stanno dietro, freschezza."""

from cruscotto.descrizione import (
    ERRORI,
    FILTRO,
    FONTE,
    FORSE_NUMERO,
    FORSE_TESTO,
    INTERO,
    ISTANTE,
    NUMERO,
    SCHEMI,
    SCRITTO,
    TESTO,
    Json,
    descrivi,
    elenco,
    oggetto,
    parametro,
    problemi,
    rif,
    voce,
)  # fmt: skip

AGGIORNAMENTI: Json = {
    "operationId": "aggiornamenti",
    "tags": ["cifre"],
    "summary": "Un evento «aggiornamento» quando una cifra cambia (server-sent events); commenti nel frattempo",
    "responses": {
        "200": {"description": "Il flusso", "content": {"text/event-stream": {"schema": TESTO}}},
        **problemi(ERRORI),
    },
}

CIFRA: Json = {
    "type": "object",
    "required": ["valore"],
    "properties": {"valore": FORSE_NUMERO, "numeratore": NUMERO, "denominatore": NUMERO},
}
_INDICATORE = oggetto(
    **dict.fromkeys(
        (
            *("codice", "linea", "nome", "definizione", "unita", "tipo", "livello", "direzione", "finestra"),
            *("precisazione", "nota"),
        ),
        TESTO,
    ),
    di_distretto={"type": "boolean", "description": "I comuni non ne hanno una parte"},
    eventi=elenco(TESTO),
    base=FORSE_NUMERO,
    obiettivo={**FORSE_NUMERO, "description": "null: non definito"},
    obiettivo_implicito={
        "type": "boolean",
        "description": "Attende la conferma di un coordinatore: nessun avanzamento",
    },
    valore=FORSE_NUMERO,
    avanzamento={**FORSE_NUMERO, "description": "In percento; null per il motivo in senza_avanzamento"},
    senza_avanzamento=FORSE_TESTO,
    a_parte=elenco({**CIFRA, "properties": {**CIFRA["properties"], "nome": TESTO, "unita": TESTO}}),
)
_INDICATORE["properties"] |= {"numeratore": NUMERO, "denominatore": NUMERO}

SCHEMI.update(
    {
        "Cifra": CIFRA,
        "Indicatore": _INDICATORE,
        "Indicatori": oggetto(filtro=SCRITTO, aggiornato_alle=ISTANTE, indicatori=elenco(rif("Indicatore"))),
        "Dettaglio": oggetto(
            filtro=SCRITTO,
            indicatore=rif("Indicatore"),
            per_comune=elenco({**CIFRA, "properties": {**CIFRA["properties"], "comune": FORSE_TESTO, "nome": TESTO}}),
            per_mese=elenco(oggetto(mese=TESTO, nel_mese=rif("Cifra"), a_fine_mese=rif("Cifra"))),
        ),
        "Prove": oggetto(
            codice=TESTO,
            filtro=SCRITTO,
            eventi=elenco(
                oggetto(
                    id=TESTO,
                    tipo=TESTO,
                    **FONTE,
                    soggetto=TESTO,
                    versione=INTERO,
                    comune={**FORSE_TESTO, "description": "null: non rilevato, o più d'uno"},
                    comuni=elenco(TESTO),
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
        "Freschezza": oggetto(
            adesso=ISTANTE,
            aggiornato_alle=ISTANTE,
            fonti=elenco(oggetto(**FONTE, eventi=INTERO, ultimo_alle=ISTANTE, tace_da_secondi=INTERO)),
            in_quarantena=INTERO,
            in_attesa=INTERO,
            soggetti_biforcati=INTERO,
            lettore={"type": ["object", "null"]},
        ),
    }
)


CODICE: Json = {
    "name": "codice",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "pattern": "^[A-Z]{2}[0-9]{2}$"},
}
DI_PAGINA = [parametro("Limite"), parametro("Cursore")]
descrivi("/indicatori", voce("indicatori", "Tutti gli indicatori", "Indicatori", FILTRO, (422,)))
descrivi(
    "/indicatori/{codice}",
    voce("indicatore", "Un indicatore, per comune e per mese", "Dettaglio", [CODICE, *FILTRO], (404, 422)),
)
descrivi(
    "/indicatori/{codice}/eventi",
    voce("prove", "Gli eventi dietro a una cifra", "Prove", [CODICE, *FILTRO, *DI_PAGINA], (400, 404, 422)),
)
descrivi("/freschezza", voce("freschezza", "Quando si è sentita ogni fonte", "Freschezza", [], (422,), etag=False))
descrivi("/aggiornamenti", AGGIORNAMENTI)
