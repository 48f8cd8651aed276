"""What is broken in the drill, how it is mended, and who must hear of it."""

from collections.abc import Callable
from dataclasses import dataclass

from stack.broker import Broker
from stack.postgres import Postgres

from .network import Network


@dataclass(frozen=True)
class Fault:
    """told: the alerts that must fire, each with the receiver that must be told; nothing else may be told."""

    title: str
    how: str
    begin: Callable[[], None]
    end: Callable[[], None]
    told: frozenset[tuple[str, str]]


def faults(network: Network, broker: Broker, own: Postgres) -> list[Fault]:
    """The four of the drill. own: casa's PostgreSQL, which nobody else uses."""
    casa, cruscotto = network.services["casa"], network.services["cruscotto"]

    def restart_casa(relay: str) -> None:
        casa.more = {"GENERA_RELAY": relay}
        casa.restart()
        network.something_happens()

    return [
        Fault(
            "il relay di casa si ferma",
            "casa riparte con GENERA_RELAY=0 e nessuno spedisce; poi qualcuno registra",
            lambda: restart_casa("0"),
            lambda: restart_casa("1"),
            frozenset({("RelaySenzaGuida", "consorzio-tenda"), ("RelayFermo", "consorzio-tenda")}),
        ),
        Fault(
            "il database di casa si ferma",
            "il PostgreSQL di casa, che è solo suo, viene fermato",
            own.stop,
            own.start,
            frozenset({("DatabaseAssente", "consorzio-tenda")}),
        ),
        Fault(
            "Kafka si ferma",
            "il broker di tutti viene fermato",
            broker.stop,
            broker.start,
            frozenset({("KafkaAssente", "distretto")}),
        ),
        Fault(
            "il cruscotto si ferma",
            "il processo del cruscotto viene fermato",
            cruscotto.stop,
            cruscotto.start,
            frozenset({("ServizioAssente", "distretto")}),
        ),
    ]
