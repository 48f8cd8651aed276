"""`python -m stack demo`: the stack, and on it the scenario in simulated time; then its figures, checked."""

import argparse
import asyncio
import json
import shutil
import signal
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path

from scenario.check import arrived, summary, verdict
from scenario.clock import SimulatedClock
from scenario.copione import COORDINATRICE
from scenario.guasti import Guasti
from scenario.passo import Passo
from scenario.plan import FROM, SEED, TO, plan
from scenario.play import Performance, Player
from scenario.rendiconti import Rendiconti
from tqdm import tqdm

from stack import supervisor, waiting
from stack.entering import enter
from stack.local import LocalStack
from stack.process import end_leftover, me
from stack.services import wanted
from stack.waiting import NotReady

SURPRISES_SHOWN = 10


def arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of the demo."""
    parser.add_argument("--seed", type=int, default=SEED, help="il seme: stesso seme, stessi comandi")
    end = parser.add_mutually_exclusive_group()
    end.add_argument("--fine", type=date.fromisoformat, default=TO, help=f"ultimo giorno simulato (di regola {TO})")
    end.add_argument("--giorni", type=int, help=f"quanti giorni simulati, dal {FROM}")
    parser.add_argument("--exit", action="store_true", help="finita la recita si chiude; 1 se il controllo non torna")


def run(state: Path, options: argparse.Namespace) -> int:
    """Starts an empty stack, plays, checks, stays until Ctrl-C, stops. Returns the exit code.

    It has a state of its own, emptied first: a story that begins in 2016 cannot be added to whatever is there.
    """
    files = state / "demo"
    if supervisor.owner(files):
        print("la demo è già avviata", file=sys.stderr)
        return 1
    _empty(files)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    try:
        return _perform(files, options)
    except KeyboardInterrupt:
        return 0
    except NotReady as error:
        print(f"non avviata: {error}", file=sys.stderr)
        return 1
    finally:
        (files / "owner.json").unlink(missing_ok=True)


def _perform(files: Path, options: argparse.Namespace) -> int:
    clock, to = SimulatedClock(files / "adesso"), options.fine
    if options.giorni is not None:
        to = FROM + timedelta(max(options.giorni, 1) - 1)
    clock.move(FROM)
    stack = LocalStack(files, wanted(), {"GENERA_ADESSO": clock.setting})
    begun = time.monotonic()
    try:
        stack.start(lambda line: print(line, flush=True))
        print(f"pronta in {time.monotonic() - begun:.1f} s", flush=True)
        print(welcome(stack), flush=True)
        code = _play(stack, clock, options.seed, to)
        if not options.exit:
            print("\nResta accesa fino a Ctrl-C.", flush=True)
            _stay(stack)
        return code
    finally:
        for number in supervisor.OURS:
            signal.signal(number, signal.SIG_IGN)  # a second Ctrl-C must not cut the stopping short
        stack.stop()


def welcome(stack: LocalStack) -> str:
    """Where to look while the scenario is played, and how to sign in."""
    addresses = stack.addresses()
    pages = {name: f"{service['url']}/" for name, service in addresses["services"].items()}
    people = [f"  {user['nome']}, {user['mestiere']}: {_where(user['servizi'])}" for user in addresses["utenti"]]
    return "\n".join(
        [
            f"ottenuto su: {stack.broker.kind}, {stack.postgres.kind}",
            f"\nIl cruscotto      {pages.pop('cruscotto', 'non installato')}",
            *(f"Pagine di {name:<8}{page}" for name, page in pages.items()),
            "\nPer entrare si sceglie con chi: le persone sono inventate e non c'è password.",
            *people,
            "",
        ]
    )


def _where(services: Sequence[str]) -> str:
    return "ovunque" if "*" in services else ", ".join(services)


def _play(stack: LocalStack, clock: SimulatedClock, seed: int, to: date) -> int:
    """Plays and checks; returns 0 when every answer was expected and every figure is right.

    Where not all services are there (`GENERA_SERVIZI`), the steps of those that are.
    """
    passi = [passo for passo in plan(seed, to) if passo.servizio in stack.services]
    player = Player({name: service.url for name, service in stack.services.items()}, stack.addresses()["tokens"], clock)
    begun = time.monotonic()
    guasti = Guasti(stack.services)
    performance = _with_a_bar(player, passi, mornings(stack, player, guasti))
    guasti.finiti()
    clock.move(to)
    print(f"recitata in {time.monotonic() - begun:.1f} s: {len(passi)} comandi", flush=True)
    for surprise in performance.surprises[:SURPRISES_SHOWN]:
        print(f"risposta inattesa: {surprise}", file=sys.stderr)
    checked = _check(stack, performance, to) if "cruscotto" in stack.services else True
    return 0 if checked and not performance.surprises else 1


def mornings(stack: LocalStack, player: Player, guasti: Guasti) -> Callable[[date], None]:
    """What happens before the desks open: partners stop and come back; where there is a cruscotto, reports are approved
    once it has heard all that was told."""
    board = stack.addresses()["services"].get("cruscotto")
    if board is None:
        return guasti.al
    rendiconti = Rendiconti(
        lambda: enter(board["url"], COORDINATRICE),
        lambda: waiting.run(arrived(board["database"], player.performance.events)),
        player.performance,
    )

    def morning(day: date) -> None:
        guasti.al(day)
        rendiconti.al(day)

    return morning


def _with_a_bar(player: Player, passi: Sequence[Passo], morning: Callable[[date], object]) -> Performance:
    """Plays; the bar shows the simulated day. Where nobody looks on, as in CI, it says little."""
    every = 0.1 if sys.stderr.isatty() else 10
    with tqdm(total=len(passi), desc="recita", unit=" comandi", mininterval=every, dynamic_ncols=True) as bar:

        def advance(passo: Passo) -> None:
            bar.set_postfix_str(f"{passo.giorno:%d/%m/%Y}", refresh=False)
            bar.update()

        return player.play(passi, advance, morning)


def _check(stack: LocalStack, performance: Performance, to: date) -> bool:
    """Prints the headline figures and whether all figures are those of the independent calculation."""
    dsn = stack.addresses()["services"]["cruscotto"]["database"]
    complete = asyncio.run(arrived(dsn, performance.events))
    found = asyncio.run(verdict(dsn, performance, to))
    print(f"\nNel cruscotto, al {to:%d/%m/%Y}:\n{summary(found)}")
    for line in found.differences[:SURPRISES_SHOWN]:
        print(f"  diversa: {line}", file=sys.stderr)
    if not complete:
        print(f"  nel cruscotto mancano eventi, o ce n'è in più: attesi {len(performance.events)}", file=sys.stderr)
    if found.differences:
        print(f"NON verificato: {len(found.differences)} cifre su {found.compared} diverse dal calcolo indipendente")
    else:
        print(f"verificato: {found.compared} cifre uguali al calcolo indipendente", flush=True)
    return complete and not found.differences


def _stay(stack: LocalStack) -> None:
    """Until Ctrl-C; says which service has ended, if one does."""
    told: set[str] = set()
    while True:
        time.sleep(1)
        for name in {name for name, service in stack.services.items() if not service.alive} - told:
            print(f"il servizio {name} è terminato: {stack.services[name].log}", file=sys.stderr, flush=True)
            told.add(name)


def _empty(files: Path) -> None:
    """Removes what the last demo left, its servers first where it was killed."""
    for record in files.glob("*/*.json"):
        end_leftover(record)
    shutil.rmtree(files, ignore_errors=True)
    files.mkdir(parents=True)
    (files / "owner.json").write_text(json.dumps(me()))
