"""The strands, each as its partner installs it."""

from importlib import import_module

from telaio.service import Service

STRANDS = ("casa", "lavoro", "giovani", "punti")


def declaration(strand: str) -> Service:
    """What a strand declares."""
    found = import_module(f"{strand}.service").servizio
    assert isinstance(found, Service)
    return found
