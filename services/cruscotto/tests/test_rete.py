"""The network's page and API, and the paths of people across strands: who may see them, and what they say."""

import re

from contratti import casa, lavoro
from contratti import invii as c
from cruscotto.proiezione import generation
from cruscotto.rete import percorsi
from cruscotto.rete.flussi import A_TUTTI, fermi, rete
from telaio.invii.termini import Termini

from .conftest import Web, on_the_wire
from .racconto import uuid
from .test_invii import (
    CASA,
    LAVORO,
    PUNTI,
    accettato,
    chiesto,
    concluso,
    confermato,
    giorno,
    id,
    rifiutato,
    told,
    un_invio,
)
from .test_invii import rete as di

NODI = {CASA: "Casa", LAVORO: "Lavoro", PUNTI: "Punti", "giovani/nuvola": "Giovani"}


def test_two_way_pairs_self_loops_open_calls_and_isolated_nodes_are_all_told() -> None:
    found = rete(
        di(
            (
                1,
                un_invio(giorno(3, 1), confermato(giorno(3, 3))),
                {CASA: [accettato(giorno(3, 2)), *concluso(giorno(3, 9))]},
            ),
            (2, un_invio(giorno(3, 1), da=CASA, a=PUNTI), {PUNTI: [rifiutato(giorno(3, 2), PUNTI)]}),
            (3, un_invio(giorno(3, 1), a=None), {}),
            (4, un_invio(giorno(3, 1), da=CASA, a=CASA), {}),
        ),
        NODI,
    )
    assert [(f.da, f.a, f.chiesti, f.confermati, f.rifiutati, f.conclusi, f.aiutati) for f in found.flussi] == [
        (CASA, CASA, 1, 0, 0, 0, 0),
        (CASA, PUNTI, 1, 0, 1, 0, 0),
        (PUNTI, A_TUTTI, 1, 0, 0, 0, 0),
        (PUNTI, CASA, 1, 1, 0, 1, 1),
    ]
    assert (found.chiesti, found.isolati) == (4, ["giovani/nuvola", LAVORO])
    assert (found.inviano, found.ricevono) == ([CASA, PUNTI], [CASA, PUNTI, A_TUTTI])


def test_an_empty_network_has_nothing_to_tell() -> None:
    found = rete([], NODI)
    assert (found.flussi, found.chiesti, len(found.isolati)) == ([], 0, 4)


def test_a_confirmed_receiver_that_stays_silent_is_told_to_the_coordinator() -> None:
    silent = di((1, un_invio(giorno(3, 1), confermato(giorno(3, 3))), {CASA: [accettato(giorno(3, 2))]}))
    assert fermi(silent, Termini(), giorno(3, 10)) == []
    (still,) = fermi(silent, Termini(), giorno(3, 11))
    assert (still.stato, still.di, still.entro, still.ritardo) == ("confermato", CASA, giorno(3, 10), 1)


def test_who_does_not_answer_is_told_and_who_has_ended_is_not() -> None:
    asked = di(
        (1, un_invio(giorno(3, 1)), {}), (2, un_invio(giorno(3, 1), c.InvioArchiviato(avvenuto_il=giorno(3, 2))), {})
    )
    (still,) = fermi(asked, Termini(), giorno(3, 3))
    assert (still.id, still.stato, still.di) == (id(1), "inviato", CASA)


async def test_page_and_api_tell_the_same_network(web: Web) -> None:
    await web.feed(*told())
    found = await web.letto("/rete")
    assert [(f["da"], f["a"], f["aiutati"]) for f in found["flussi"]] == [(PUNTI, CASA, 1)]
    assert (found["attesa_mediana_giorni"], found["fermi"]) == (1, [])
    page = await web.pagina("/rete")
    assert '<dt>Invii chiesti</dt><dd class="cifra">1</dd>' in page
    assert "Consorzio Tenda (casa)" in page
    assert "Nessun invio chiesto in questo periodo." in await web.pagina("/rete?semestre=2016-2")
    assert (await web.letto("/rete?comune=017032"))["flussi"] == []


async def test_invii_that_wait_too_long_are_told_a_page_at_a_time(web: Web) -> None:
    for n in range(1, 8):
        await web.feed(on_the_wire(f"invio/{id(n)}", [chiesto(giorno(3, 1 + n % 3))], source=f"/{PUNTI}"))
    all_of_them = (await web.letto("/rete"))["fermi"]
    assert [(f["entro"], f["id"]) for f in all_of_them] == sorted((f["entro"], f["id"]) for f in all_of_them)
    assert len({f["id"] for f in all_of_them}) == 7
    cursor, read = "", []
    while cursor is not None:
        page = await web.letto(f"/rete?limite=2{cursor and f'&cursore={cursor}'}")
        assert (len(page["fermi"]) <= 2, page["fermi_in_tutto"]) == (True, 7)
        read, cursor = [*read, *page["fermi"]], page["successivo"]
    assert read == all_of_them
    assert (await web.api("/rete?cursore=x")).json()["code"] == "cursore-non-valido"


async def test_a_wrong_filter_is_told_in_italian(web: Web) -> None:
    assert (await web.api("/rete?comune=999999")).status_code == 422
    assert "Da correggere" in await web.pagina("/rete?comune=999999", status=422)


async def test_a_path_tells_what_each_strand_did_and_no_other_person(web: Web) -> None:
    family = casa.FamigliaPresaInCarico(
        avvenuto_il=giorno(3, 4), comune="017113", componenti=("p-aaaaaa", "p-bbbbbb"), minori=1
    )
    await web.feed(on_the_wire(f"famiglia/{uuid(7)}", [family]), *told())
    page = await web.pagina("/percorsi/p-aaaaaa")
    assert "Famiglia presa in carico" in page
    assert "Invio concluso" in page
    assert "p-bbbbbb" not in page
    assert "Nessuna linea segue questa persona." in await web.pagina("/percorsi/p-zzzzzz")
    await web.pagina("/percorsi/Mario%20Rossi", status=404)


async def test_paths_are_for_coordinators_alone(web: Web) -> None:
    await web.pagina("/percorsi")
    await web.pagina("/percorsi", status=403, user="elena.galli")
    await web.pagina("/percorsi/p-aaaaaa", status=403, user="luca.conti")
    assert "Percorsi" not in await web.pagina("/rete", user="elena.galli")


async def test_an_invio_of_a_family_is_on_the_path_of_its_people(web: Web) -> None:
    family = casa.FamigliaPresaInCarico(avvenuto_il=giorno(3, 4), comune="017113", componenti=("p-bbbbbb",), minori=0)
    asked = [chiesto(giorno(3, 5), persona=None, famiglia=uuid(7), da=CASA, a=LAVORO)]
    await web.feed(
        on_the_wire(f"famiglia/{uuid(7)}", [family]), on_the_wire(f"invio/{id(5)}", asked, source=f"/{CASA}")
    )
    assert "Cooperativa La Sorgente (lavoro)" in await web.pagina("/percorsi/p-bbbbbb")


async def test_people_are_listed_a_page_at_a_time_and_each_once(web: Web) -> None:
    """Two strands follow each of them; others, followed by one alone, stand between."""
    both, alone = [f"p-due{n:03}" for n in range(60)], [f"p-due{n:03}a" for n in range(60)]
    for n, person in enumerate([*both, *alone]):
        family = casa.FamigliaPresaInCarico(avvenuto_il=giorno(3, 4), comune="017113", componenti=(person,), minori=0)
        job = lavoro.CandidatoPresoInCarico(
            avvenuto_il=giorno(3, 5), persona=person, comune="017113", disponibilita=("mattina",)
        )
        taken = [on_the_wire(f"candidato/{uuid(900 + n)}", [job], source=f"/{LAVORO}")] if person in both else []
        await web.feed(on_the_wire(f"famiglia/{uuid(700 + n)}", [family]), *taken)
    path, read = "/percorsi", []
    while path:
        page = await web.pagina(path)
        assert "60 in tutto" in page
        read += re.findall(r'href="/percorsi/(p-[a-z0-9]+)"', page)
        after = re.search(r'href="(/percorsi[?]cursore=[^"]+)"', page)
        path = after[1] if after else ""
    assert read == both
    assert "Torna all'inizio" in page
    await web.pagina("/percorsi?cursore=altro", status=400)


async def test_the_list_of_people_goes_on_over_many_who_are_followed_by_one_strand(web: Web) -> None:
    """The one who is followed by two comes last, half in one step of the reading and half in the next."""
    people = [f"p-una{n:03}" for n in range(44)]
    families = [
        casa.FamigliaPresaInCarico(avvenuto_il=giorno(3, 4), comune="017113", componenti=(p,), minori=0) for p in people
    ]
    job = lavoro.CandidatoPresoInCarico(
        avvenuto_il=giorno(3, 5), persona=people[-1], comune="017113", disponibilita=("mattina",)
    )
    await web.feed(
        [r for n, family in enumerate(families) for r in on_the_wire(f"famiglia/{uuid(700 + n)}", [family])],
        on_the_wire(f"candidato/{uuid(900)}", [job], source=f"/{LAVORO}"),
    )
    found, after, pages = [], "", 0
    while pages == 0 or after:
        async with generation.reading_served(web.runtime.pool) as connection:
            part = await percorsi.fra_le_linee(connection, after, 50, passo=2)
        found, after, pages = [*found, *part.persone], part.successivo or "", pages + 1
    assert [(s.persona, s.linee) for s in found] == [(people[-1], ("casa", "lavoro"))]
    assert pages > 2
