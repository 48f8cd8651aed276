"""La forma della rete: densità, reciprocità, ponti e nodi che mancano, tempi di risposta; e le sue quattro viste."""

from decimal import Decimal

import pytest
from cruscotto.rete.flussi import A_TUTTI, Flusso, Rete
from cruscotto.rete.legami import legami, tempi_di_risposta
from cruscotto.rete.viste_della_rete import VISTE, Viste
from telaio.district import District

from .conftest import Web, on_the_wire
from .test_invii import CASA, LAVORO, PUNTI, accettato, chiesto, confermato, giorno, id, un_invio
from .test_invii import rete as di

DISTRETTO = District.load(None)


def flusso(da: str, a: str, chiesti: int = 1) -> Flusso:
    return Flusso(da, a, chiesti, 0, 0, 0, 0)


def rete(*flussi: Flusso, isolati: tuple[str, ...] = ()) -> Rete:
    return Rete(flussi, sorted({n for f in flussi for n in (f.da, f.a)}), isolati)


def test_density_counts_pairs_among_all_nodes_and_neither_self_loops_nor_open_calls() -> None:
    trovati = legami(
        rete(flusso("a", "b", 9), flusso("b", "a"), flusso("a", "a"), flusso("a", A_TUTTI), isolati=("c",))
    )
    assert trovati.densita == Decimal("33.3")  # due coppie su sei
    assert trovati.reciprocita == Decimal("100.0")
    assert [(m.nodo, m.invii) for m in trovati.mancanze] == [("a", 12), ("b", 10)]


def test_a_chain_falls_apart_without_its_middle_and_a_ring_does_not() -> None:
    catena = legami(rete(flusso("a", "b"), flusso("c", "b"), flusso("c", "d")))
    assert catena.reciprocita == Decimal("0.0")
    assert {frozenset(p) for p in catena.ponti} == {frozenset("ab"), frozenset("bc"), frozenset("cd")}
    assert catena.ponte("b", "a")
    assert [(m.nodo, m.staccati) for m in catena.mancanze[:2]] == [("b", ("a",)), ("c", ("d",))]
    assert catena.articolazioni == {"b", "c"}
    anello = legami(rete(flusso("a", "b"), flusso("b", "c"), flusso("c", "a")))
    assert (anello.ponti, anello.articolazioni) == (frozenset(), frozenset())


@pytest.mark.parametrize("isolati", [(), ("a",), ("a", "b")])
def test_a_network_without_referrals_has_no_measures_and_does_not_break(isolati: tuple[str, ...]) -> None:
    trovati = legami(rete(isolati=isolati))
    assert trovati.reciprocita is None
    assert trovati.densita == (Decimal("0.0") if len(isolati) == 2 else None)
    assert (trovati.ponti, list(trovati.mancanze)) == (frozenset(), [])


def test_answer_times_are_told_for_every_receiver_and_who_still_waits_counts() -> None:
    invii = di(
        (1, un_invio(giorno(3, 1), confermato(giorno(3, 3))), {CASA: [accettato(giorno(3, 2))]}),
        (2, un_invio(giorno(3, 1), a=LAVORO), {}),
        (3, un_invio(giorno(3, 1), a=None), {}),
    )
    trovati = tempi_di_risposta(invii, giorno(2, 1), giorno(3, 31), (PUNTI, LAVORO, CASA))
    assert [(r.nodo, r.chiesti, r.risposti, r.mediana) for r in trovati] == [(LAVORO, 1, 0, None), (CASA, 1, 1, 1)]


@pytest.mark.parametrize("vista", VISTE)
@pytest.mark.parametrize(
    "flussi",
    [(), (flusso(CASA, PUNTI), flusso(PUNTI, CASA)), (flusso(CASA, CASA), flusso(PUNTI, A_TUTTI), flusso("x/y", CASA))],
    ids=["vuota", "nei due sensi", "a se stessi, a tutti, da fuori"],
)
def test_every_view_has_a_row_for_what_there_is(vista: str, flussi: tuple[Flusso, ...]) -> None:
    trovata = rete(*flussi, isolati=(LAVORO,))
    grafico = Viste(trovata, legami(trovata), DISTRETTO).una(vista)
    assert grafico.nome == vista
    assert len(grafico.righe) == (len({f.da for f in flussi}) if vista == "matrice" else len(flussi))


def test_a_node_stands_in_the_same_place_whoever_sends() -> None:
    posti = []
    for flussi in ((), (flusso(CASA, PUNTI),), (flusso(LAVORO, CASA), flusso(LAVORO, LAVORO))):
        trovata = rete(*flussi)
        nodi = Viste(trovata, legami(trovata), DISTRETTO).una("grafo").disegno["nodi"]
        posti.append({n["nome"]: (n["x"], n["y"]) for n in nodi})
    assert posti[0] == posti[1] == posti[2]
    assert len(set(posti[0].values())) == len(DISTRETTO.nodi)


@pytest.mark.parametrize("vista", VISTE)
async def test_the_page_and_its_csv_say_the_same_and_an_empty_period_renders(web: Web, vista: str) -> None:
    vuota = await web.pagina(f"/rete?vista={vista}")
    assert "Nessun invio chiesto in questo periodo." in vuota
    inviato = [on_the_wire(f"invio/{id(n)}", [chiesto(giorno(3, 1))], source=f"/{PUNTI}") for n in (1, 2)]
    await web.feed(*inviato)
    pagina = await web.pagina(f"/rete?vista={vista}&semestre=2016-1")
    assert ">2</td>" in pagina
    csv = await web.pagina(f"/rete/{vista}.csv?semestre=2016-1")
    assert "Associazione A.M.A. Brescia (punti)" in csv
    assert csv.strip().split(" Associazione")[0].startswith("Chi invia,")
    assert "Nessun invio chiesto in questo periodo." in await web.pagina(f"/rete?vista={vista}&semestre=2016-2")
    await web.pagina("/rete/altro.csv", status=404)
    await web.pagina("/rete/matrice.csv?comune=1", status=422)
