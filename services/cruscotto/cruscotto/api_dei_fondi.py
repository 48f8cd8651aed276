"""L'API dei fondi: dove stanno, e il libro mastro di ciascuno. La pagina Fondi dice le stesse cifre."""

import re
from datetime import date
from functools import partial

from starlette.requests import Request
from telaio.database import Connection
from telaio.web.lists import limit_in
from telaio.web.problems import Problem
from telaio.web.routing import Guarded, api

from cruscotto import in_json
from cruscotto.api import BASE, DI_PAGINA, Corpo, con_etag
from cruscotto.cifre import letture
from cruscotto.cifre.fondo import ESPERIENZE, FONDI, GARANZIA, mastro, posizione
from cruscotto.contesto import Contesto
from cruscotto.descrizione import (
    AL,
    ENTRO,
    FILTRO,
    FORSE_TESTO,
    INTERO,
    SCRITTO,
    TESTO,
    Json,
    descrivi,
    elenco,
    oggetto,
    parametro,
    voce,
)  # fmt: skip
from cruscotto.domande import cursore as cursore_di
from cruscotto.domande.filtro import Filtro, leggi_filtro

CURSORE = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


def routes(c: Contesto) -> list[Guarded]:
    """Le rotte, in lettura e con token."""
    posizioni, mesi = (con_etag(c, partial(prepara, c)) for prepara in (_posizioni, _mastro))
    return [
        api(f"{BASE}/fondo", posizioni, action="lettura"),
        api(f"{BASE}/fondo/{{fondo}}/mesi", mesi, action="lettura"),
    ]


def _posizioni(c: Contesto, request: Request) -> Corpo:
    filtro = leggi_filtro(request.query_params, c.runtime.district, ("al", "registrato_entro"), c.tempi)

    async def corpo(connection: Connection) -> object:
        volute = [misura for fondo in FONDI.values() for misura in fondo.misure]
        alla_data = await letture.alla_data(connection, c.registro, filtro, _oggi(c, filtro), volute)
        garanzia, esperienze = (posizione(alla_data, fondo) for fondo in (GARANZIA, ESPERIENZE))
        return {"filtro": filtro.scritto(), **in_json.fondi(garanzia, esperienze)}

    return filtro, corpo


def _mastro(c: Contesto, request: Request) -> Corpo:
    fondo = FONDI.get(str(request.path_params["fondo"]))
    if fondo is None:
        raise Problem(404, "fondo-sconosciuto", f"I fondi sono: {', '.join(FONDI)}.")
    ammessi = ("dal", "al", "semestre", "registrato_entro", *DI_PAGINA)
    filtro = leggi_filtro(request.query_params, c.runtime.district, ammessi, c.tempi)
    limite, cursore = limit_in(request), cursore_di.letto(request.query_params.get("cursore"), CURSORE)
    primo = max(filtro.dal or date.min, date(int(cursore[1]), int(cursore[2]), 1) if cursore else date.min)

    async def corpo(connection: Connection) -> object:
        trovati, mesi = await letture.dall_avvio(connection, c.registro, filtro, _oggi(c, filtro), fondo.misure)
        righe = [riga for riga in mastro(fondo, trovati, mesi) if riga.mese >= primo]
        dopo = righe[limite].mese if len(righe) > limite else None
        return {
            "filtro": filtro.scritto(),
            "fondo": fondo.nome,
            "mesi": [in_json.mese_del_fondo(riga) for riga in righe[:limite]],
            "successivo": cursore_di.scritto(f"{dopo:%Y-%m}") if dopo else None,
        }

    return filtro, corpo


def _oggi(c: Contesto, filtro: Filtro) -> date:
    return filtro.oggi(c.runtime.clock.today())


_IN_CENTESIMI: Json = {
    "versato_centesimi": INTERO,
    "versato_per_tipo_centesimi": {"type": "object", "additionalProperties": INTERO},
    "impegnato_centesimi": INTERO,
    "saldo_centesimi": {**INTERO, "description": "Quanto c'è: versato meno uscito più recuperato"},
    "disponibile_centesimi": {**INTERO, "description": "Saldo meno impegnato"},
}
_IMPORTI = {
    "saldo_prima": "Quanto c'era, come finisce la riga prima",
    "versato": "Le dotazioni",
    "recuperato": "Ciò che è tornato; del Fondo Esperienze, niente",
    "uscito": "Escusso, o speso",
    "saldo": "Saldo prima, più versato e recuperato, meno uscito",
    "impegnato_prima": "Quanto era promesso",
    "promesso": "Gli impegni presi",
    "liberato": "Gli impegni chiusi, perché pagati o perché non servono più",
    "impegnato": "Impegnato prima, più promesso, meno liberato",
}
descrivi(
    "/fondo",
    voce("fondo", "Le posizioni del Fondo Garanzia e del Fondo Esperienze", "Fondo", [AL, ENTRO], (422,)),
    Fondo=oggetto(
        filtro=SCRITTO,
        **_IN_CENTESIMI,
        escusso_centesimi=INTERO,
        recuperato_centesimi=INTERO,
        garanzie_attive=INTERO,
        esperienze=oggetto(**_IN_CENTESIMI, speso_centesimi=INTERO),
    ),
)
descrivi(
    "/fondo/{fondo}/mesi",
    voce(
        "mastro",
        "Il libro mastro di un fondo, mese per mese dall'avvio",
        "Mastro",
        [
            {"name": "fondo", "in": "path", "required": True, "schema": {"type": "string", "enum": [*FONDI]}},
            *(p for p in FILTRO if p["name"] != "comune"),
            parametro("Limite"),
            parametro("Cursore"),
        ],
        (400, 404, 422),
    ),
    Mastro=oggetto(
        filtro=SCRITTO,
        fondo=TESTO,
        mesi=elenco(
            oggetto(mese=TESTO, **{f"{nome}_centesimi": {**INTERO, "description": d} for nome, d in _IMPORTI.items()})
        ),
        successivo=FORSE_TESTO,
    ),
)
