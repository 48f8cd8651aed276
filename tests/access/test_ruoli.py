"""The page about roles says what the services do today."""

from dataclasses import replace

from telaio.web.access import MEANING, PUBLIC, WHO_MAY

from .porte import SERVICES, Porta, all_doors
from .ruoli import FILE, folded, written


async def test_the_page_about_roles_is_what_the_services_do() -> None:
    assert FILE.read_text(encoding="utf-8") == written(await all_doors()), "run `make ruoli`"


def test_every_action_is_explained() -> None:
    assert MEANING.keys() == {*WHO_MAY, PUBLIC}


async def test_a_new_page_or_another_action_is_seen() -> None:
    doors = await all_doors()
    assert {d.service for d in doors} == set(SERVICES)
    new = Porta("casa", "pagina", "GET", "/nuova-pagina", "lettura")
    assert written([*doors, new]) != written(doors)
    first = next(d for d in doors if d.action == "comando")
    assert written([replace(first, action="ops"), *(d for d in doors if d != first)]) != written(doors)


def test_addresses_that_differ_at_the_end_are_put_together() -> None:
    assert folded(["/a/{id}/x", "/a/{id}/y", "/b", "/a/{id}/x"]) == ["`/a/{id}/(x · y)`", "`/b`"]
    assert folded(["/s/a/{id}", "/s/b/{id}", "/s/c/{id}", "/d"]) == ["`/d`", "`/s/(a · b · c)/{id}`"]
