"""`python -m stack up | down | status | run | demo`: the local stack in the background, or until Ctrl-C."""

import argparse
import sys

from stack import demo, places, supervisor

COMMANDS = {
    "up": (supervisor.up, "avvia la pila locale in sottofondo"),
    "down": (supervisor.down, "ferma la pila locale"),
    "status": (supervisor.status, "dice dove si trova ogni cosa"),
    "run": (supervisor.run, "avvia la pila locale e resta fino a Ctrl-C"),
}


def main() -> int:
    """Return the exit code of the command named on the command line."""
    parser = argparse.ArgumentParser(prog="python -m stack", description="La pila locale: broker, database e servizi.")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, (_, description) in COMMANDS.items():
        commands.add_parser(name, help=description)
    demo.arguments(commands.add_parser("demo", help="avvia la pila vuota e vi recita il copione in tempo simulato"))
    options = parser.parse_args()
    if options.command == "demo":
        return demo.run(places.state(), options)
    return COMMANDS[options.command][0](places.state())


if __name__ == "__main__":
    sys.exit(main())
