"""`make allarmi`: breaks the running network four times and shows what goes pending, fires, for whom, and clears.

The alerts' durations are shortened by a factor (`--fattore`), all alike, and so are heartbeats and scrapes. Returns 1
where another alert than the expected ones was told to anybody, or one was not, or did not clear.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from stack import broker as brokers
from stack import postgres as postgreses
from stack.broker import Broker
from stack.postgres import Postgres
from stack.server import Server

from monitoring.faults import Fault, faults
from monitoring.network import Network
from monitoring.recorder import Recorder
from monitoring.servers import MISSING

LONGEST = 10 * 60  # the slowest alert here, from the fault to the message, at its real pace


@dataclass
class Drill:
    """The network under watch, and its timeline."""

    network: Network
    recorder: Recorder
    factor: float
    begun: float = field(default_factory=time.monotonic)
    states: dict[tuple[str, str], str] = field(default_factory=dict)

    def play(self, fault: Fault) -> bool:
        """Breaks and mends, waiting each time; whether only the right ones were told, and cleared."""
        print(f"\n— {fault.title}: {fault.how}", flush=True)
        self.begun, heard = time.monotonic(), len(self.recorder.notices)
        fault.begin()
        self._say("guasto", "cominciato")
        fired = self._until(heard, lambda: self._told(heard, "firing") >= fault.told)
        self._until(heard, lambda: False, LONGEST / self.factor)  # what else would fire, does so now
        fault.end()
        self._say("guasto", "finito")
        cleared = self._until(heard, lambda: not self.states and self._told(heard, "resolved") >= fault.told)
        return self._verdict(fault, self._told(heard, "firing"), fired and cleared)

    def _verdict(self, fault: Fault, told: set[tuple[str, str]], complete: bool) -> bool:
        right = complete and told == fault.told
        for name, receiver in sorted(told ^ fault.told):
            print(f"  {'di troppo' if (name, receiver) in told else 'manca'}: {name} → {receiver}")
        told_words = ", ".join(f"{name} → {receiver}" for name, receiver in sorted(told)) or "nessuno"
        print(
            f"  {'GIUSTO' if right else 'SBAGLIATO'}: avvisati {told_words}; {'chiusi' if complete else 'non chiusi'}"
        )
        return right

    def quiet(self) -> bool:
        """Whether nothing is pending or firing, before anything is broken."""
        self.begun = time.monotonic()
        return self._until(0, lambda: not self.states, LONGEST / self.factor)

    def _told(self, since: int, status: str) -> set[tuple[str, str]]:
        return {(n.alert, n.receiver) for n in self.recorder.notices[since:] if n.status == status}

    def _until(self, since: int, condition: object, seconds: float | None = None) -> bool:
        """Looks once a second, telling what changes, until the condition holds; False when the time is up."""
        end, shown = time.monotonic() + (seconds or LONGEST * 2 / self.factor + 60), len(self.recorder.notices)
        while time.monotonic() < end:
            self._look()
            for notice in self.recorder.notices[shown:]:
                self._say(notice.alert, f"{notice.service or 'tutti'}: {notice.status}, detto a {notice.receiver}")
            shown = len(self.recorder.notices)
            if callable(condition) and condition():
                return True
            time.sleep(1)
        return False

    def _look(self) -> None:
        """Tells what Prometheus sees otherwise than a second ago."""
        alerts = self.network.prometheus.ask("alerts")["alerts"]
        now = {(a["labels"]["alertname"], a["labels"].get("service", "tutti")): a["state"] for a in alerts}
        for key in sorted({*now, *self.states}):
            if now.get(key) != self.states.get(key):
                self._say(key[0], f"{key[1]}: {now.get(key, 'rientrato')}")
        self.states = now

    def _say(self, what: str, words: str) -> None:
        print(f"  {time.monotonic() - self.begun:6.1f} s  {what:<22} {words}", flush=True)


@contextmanager
def running(files: Path, factor: float) -> Iterator[tuple[Drill, Broker, Postgres]]:
    """The whole network: five services, casa with a PostgreSQL of its own."""
    broker = brokers.private(files / "kafka")
    shared, own = (
        postgreses.private(files / "postgres", fsync=False),
        postgreses.private(files / "casa-pg", fsync=False),
    )
    network, recorder = Network(files, broker, {"*": shared, "casa": own}, NAMES), Recorder()
    servers: tuple[Server, ...] = (broker, shared, own)
    with ExitStack() as ending:
        ending.callback(recorder.close)
        for server in servers:
            ending.callback(server.kill)
            server.start()
        ending.callback(network.stop)
        network.start(recorder.url, factor)
        print(f"ottenuto su: {broker.kind}, {shared.kind}; durate degli allarmi divise per {factor:g}", flush=True)
        yield Drill(network, recorder, factor), broker, own


NAMES = ("casa", "lavoro", "giovani", "punti", "cruscotto")


def main() -> int:
    """The exit code."""
    parser = argparse.ArgumentParser(prog="make allarmi", description=__doc__)
    parser.add_argument("--fattore", type=float, default=12, help="di quanto si accorciano le durate")
    parser.add_argument("--solo", default="", help="solo i guasti che hanno questa parola nel nome")
    options = parser.parse_args()
    if MISSING:
        print(f"mancano {', '.join(MISSING)}: make system", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="genera-allarmi-") as name:
        Path(name).chmod(0o755)
        with running(Path(name), options.fattore) as (drill, broker, own):
            if not drill.quiet():
                print("SBAGLIATO: una rete sana ha allarmi accesi")
                return 1
            wanted = [f for f in faults(drill.network, broker, own) if options.solo in f.title]
            right = [drill.play(fault) for fault in wanted]
    print(f"\n{sum(right)} guasti su {len(right)} con gli avvisi giusti")
    return 0 if all(right) else 1


if __name__ == "__main__":
    sys.exit(main())
