"""The page of an invio, the same for who sends and who receives: what was asked, how it stands, what to do now."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from telaio.database import Connection
from telaio.entity import Entity
from telaio.here import Here
from telaio.invii.halves import Ricevuto, Spedito, invii, ricevuti
from telaio.invii.heard import Inviante, Riceventi
from telaio.invii.queues import Item, item_received, item_sent
from telaio.invii.situation import S
from telaio.journal import Recorded, load
from telaio.service import Offer
from telaio.web import incoming
from telaio.web.links import Link, may
from telaio.web.problems import Problem
from telaio.web.reads import reading
from telaio.web.routing import Guarded, Handler, here, page
from telaio.web.templates import render
from telaio.web.timeline import LATE_DAYS, moments, state_entries

# What each side can do, by state: the forms to offer. The decisions have the last word.
SENDER = {
    "inviato": ("annullamento",),
    "accettato": ("conferma", "annullamento"),
    "scaduto": ("reindirizzamento", "archiviazione", "annullamento"),
    "confermato": ("annullamento",),
    "in_corso": ("annullamento",),
    "concluso": ("archiviazione",),
} | dict.fromkeys(("rifiutato", "ritirato", "non_riuscito", "interrotto"), ("reindirizzamento", "archiviazione"))
ANSWER = ("accettazione", "rifiuto")
RECEIVER = {
    "inviato": ANSWER,
    "scaduto": ANSWER,
    "accettato": ("annullamento",),
    "confermato": ("presa-in-carico", "annullamento"),
    "in_corso": ("conclusione", "sospensione", "non-riuscita", "annullamento"),
    "revoca_in_corso": ("annullamento", "conclusione", "non-riuscita"),
}
SUSPENDED = ("ripresa", "conclusione", "non-riuscita", "annullamento")

_HEARD = """
select 0::bigint as seq, id::text, split_part(subject, '/', 1) as kind, split_part(subject, '/', 2) as entity, version,
       type, schema_version, data, recorded_at, source as author
from heard where subject in ('invio/' || $1, 'invio_ricevuto/' || $1)
union all
select seq, id::text, kind, entity, version, type, schema_version, data, recorded_at, author
from journal where kind in ('invio', 'invio_ricevuto') and entity = $1
order by recorded_at, id
"""


@dataclass(frozen=True)
class Actions:
    """What this side can do now, and the case of its own it can begin."""

    commands: Sequence[Any]
    opens: Link | None = None


def routes() -> list[Guarded]:
    """One page, under the path of either half."""
    return [page(f"/sportello/{e.plural}/{{id}}", _page(e), action="lettura") for e in (invii, ricevuti)]


def _page(entity: Entity[Any]) -> Handler:
    async def handle(request: Request) -> Response:
        runtime, id = here(request).runtime, incoming.entity_id(request, entity)
        async with reading(runtime) as connection:
            item = await _item(connection, entity, id, runtime.here)
            rows = await connection.fetch(_HEARD, id)
        history = {row["id"]: Recorded(**{**row, "data": json.loads(row["data"])}) for row in rows}
        return render(
            request,
            "invio.html",
            entity=entity,
            item=item,
            asked=state_entries(item.spedito, runtime.service, runtime.district),
            actions=_actions(request, entity, item),
            moments=moments(list(history.values()), runtime.service, runtime.district),
            late_after=LATE_DAYS,
            done=next((c.title for n, c in entity.commands.items() if n == request.query_params.get("fatto")), None),
        )

    return handle


async def _item(connection: Connection, entity: Entity[Any], id: str, here: Here) -> Item:
    """The invio as seen from the side whose path was asked. Raises: Problem 404."""
    own = await load(connection, entity, id)
    if entity is invii and own is not None and isinstance(own.state, Spedito):
        riceventi = await Riceventi.load(connection, id, own.state, None)
        return item_sent(own.state, riceventi.di_questo, here)
    spedito = (await Inviante.load(connection, id, None, None)).spedito
    if entity is invii or spedito is None:
        raise Problem(404, "non-trovato", f"{entity.title}: non esiste in questo servizio.")
    answered = own.state if own and isinstance(own.state, Ricevuto) else None
    return item_received(spedito, answered, here)


def _actions(request: Request, entity: Entity[Any], item: Item) -> Actions:
    names = SENDER if item.side == S else RECEIVER
    wanted = names.get(item.situation.stato, ())
    if item.side != S and item.ricevuto is not None:
        wanted = SUSPENDED if item.ricevuto.stadio == "sospeso" and item.situation.stato == "in_corso" else wanted
        wanted = tuple(n for n in wanted if n not in ANSWER)
    commands = [entity.commands[n] for n in wanted if may(request, entity.commands[n])]
    begins = item.side != S and item.situation.stato in ("confermato", "in_corso")
    offers = here(request).runtime.service.offers
    return Actions(commands, next((_opening(o, item.spedito) for o in offers if begins and _fits(o, item)), None))


def _fits(offer: Offer, item: Item) -> bool:
    return offer.prestazione == item.spedito.prestazione and offer.entity is not None


def _opening(offer: Offer, spedito: Spedito) -> Link:
    """The form of the case that begins from the invio, filled in with what the invio says."""
    assert offer.entity is not None
    spec = offer.entity.commands[offer.command]
    said = spedito.model_dump(mode="json", exclude={"id"}) | {"invio": spedito.id, "componenti": spedito.persona}
    known = {name: said[name] for name in spec.model.model_fields if said.get(name) not in (None, [], "")}
    label = f"{spec.title}: {offer.entity.title.lower()}"
    return Link(f"/sportello/{offer.entity.plural}/nuova/{spec.name}?{urlencode(known, doseq=True)}", label)
