"""A strand: a service of the network, with what every strand has. Its own declaration says only what is its own."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from telaio.database import transaction
from telaio.invii import page, queues
from telaio.invii.capacity import capienze
from telaio.invii.clerk import Clerk
from telaio.invii.halves import invii, ricevuti
from telaio.invii.heard import HEARD, Hearing
from telaio.network import coprogettazioni, incontri_di_rete
from telaio.runtime import Runtime
from telaio.service import Consumption, Service

EVERY_STRAND = (invii, ricevuti, capienze, coprogettazioni, incontri_di_rete)


def in_the_network(own: Service) -> Service:
    """The strand with the referrals, the places it offers and the network's meetings. It hears every strand, itself
    too: one service may hold both halves of an invio, its own and a guest's."""

    def consumer(runtime: Runtime) -> Consumption:
        topics = sorted(f"{name}.eventi" for name in {*runtime.district.linee, runtime.service.name})
        return Consumption(topics, lambda: transaction(runtime.pool), Hearing(), runtime.heard.set, frozenset(HEARD))

    def parts(runtime: Runtime) -> Mapping[str, Callable[[], Awaitable[None]]]:
        return {"clerk": Clerk(runtime).run} if runtime.settings.lettore else {}

    return replace(
        own,
        entities=(*own.entities, *EVERY_STRAND),
        lists=(*queues.lists(), *own.lists),
        consumer=consumer,
        parts=parts,
        routes=lambda runtime: [*(own.routes(runtime) if own.routes else ()), *page.routes()],
    )
