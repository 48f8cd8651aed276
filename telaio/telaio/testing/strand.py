"""A made-up strand, small enough to read at a glance, on which the chassis itself is tested: jars with marbles.

A label is on one jar at a time; a shelf (the ledger) sums the marbles of all jars and bears only so many.
"""

from datetime import date
from typing import Annotated, Any

from contratti.rete import Event
from pydantic import Field

from telaio.command import Command
from telaio.entity import Entity, Events, Rejected, State
from telaio.service import Service

Biglie = Annotated[int, Field(title="Biglie", ge=1, le=1000)]


class VasoAperto(Event):
    """Un vaso nuovo."""

    etichetta: str = Field(title="Etichetta", max_length=40)
    biglie: Biglie


class BiglieAggiunte(Event):
    """Biglie messe nel vaso."""

    biglie: Biglie


class BiglieTolte(Event):
    """Biglie tolte dal vaso."""

    biglie: Biglie


class Travaso(Command):
    """Biglie da un vaso a un altro."""

    verso: str
    biglie: Biglie


class Vaso(State):
    etichetta: str
    biglie: int


class Mensola(State):
    biglie: int = 0


for _event in (VasoAperto, BiglieAggiunte, BiglieTolte):
    Event.registro[_event.type_name, _event.schema_version] = _event

vasi = Entity("vaso", Vaso, "vasi", "Vaso")
mensole = Entity("mensola", Mensola, "mensole", "Mensola", singleton="unica")
LIMITE = 5000


@vasi.begins
def aperto(vaso: Vaso | None, evento: VasoAperto) -> Vaso:
    return Vaso(etichetta=evento.etichetta, biglie=evento.biglie)


@vasi.on
def aggiunte(vaso: Vaso, evento: BiglieAggiunte) -> Vaso:
    return vaso.with_(biglie=vaso.biglie + evento.biglie)


@vasi.on
def tolte(vaso: Vaso, evento: BiglieTolte) -> Vaso:
    return vaso.with_(biglie=vaso.biglie - evento.biglie)


@vasi.command("apertura", creates=True)
def apri(vaso: Vaso | None, comando: VasoAperto) -> Events:
    """Apre un vaso. Raises: Rejected "vaso-gia-aperto"."""
    if vaso:
        raise Rejected("vaso-gia-aperto", "Il vaso è già aperto.")
    return [comando]


@vasi.command("aggiunta")
def aggiungi(vaso: Vaso, comando: BiglieAggiunte) -> Events:
    """Mette biglie nel vaso."""
    return [comando]


@vasi.command("prelievo")
def preleva(vaso: Vaso, comando: BiglieTolte) -> Events:
    """Toglie biglie dal vaso."""
    return [comando]


@vasi.command("travaso")
def travasa(vaso: Vaso, comando: Travaso, verso: Vaso, oggi: date) -> Events:
    """Sposta biglie in un altro vaso."""
    return [
        BiglieTolte(avvenuto_il=oggi, biglie=comando.biglie),
        vasi.at(verso.id, BiglieAggiunte(avvenuto_il=oggi, biglie=comando.biglie)),
    ]


@vasi.claim("etichetta-usata", "L'etichetta è già su un altro vaso.")
def etichetta(vaso: Vaso) -> list[str]:
    return [vaso.etichetta]


@vasi.invariant
def mai_sotto_zero(vaso: Vaso) -> None:
    """Raises: Rejected "biglie-insufficienti"."""
    if vaso.biglie < 0:
        raise Rejected("biglie-insufficienti", "Nel vaso non ci sono tante biglie.")


@mensole.sums(vasi)
def peso(mensola: Mensola, prima: Vaso | None, dopo: Vaso | None) -> Mensola:
    return Mensola(biglie=mensola.biglie + (dopo.biglie if dopo else 0) - (prima.biglie if prima else 0))


@mensole.invariant
def regge(mensola: Mensola) -> None:
    """Raises: Rejected "mensola-piena"."""
    if mensola.biglie > LIMITE:
        raise Rejected("mensola-piena", "La mensola non regge altre biglie.")


def strand(**changes: Any) -> Service:
    """The made-up strand as a service."""
    return Service(**{"name": "prova", "title": "Prova", "entities": [vasi, mensole], **changes})
