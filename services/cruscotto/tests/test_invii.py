"""Referrals on the dashboard: chains, outcomes, waiting, who stands still; and any order in which they are heard."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from contratti import invii as c
from contratti.rete import Event
from cruscotto.apporti.invii import Invio, Mezzo, leggi, risposte, spediti, unisci
from cruscotto.proiezione import generation
from cruscotto.rete.catene import (
    Rapporto,
    attese,
    catene,
    con_aiuto,
    con_esito,
    mediana_di_attesa,
    ricomposti,
)
from telaio.consumer.record import Received

from .conftest import Make, on_the_wire

PUNTI, CASA, LAVORO = "punti/ama-brescia", "casa/consorzio-tenda", "lavoro/cooperativa-la-sorgente"
AVVIO, FINE = date(2016, 2, 1), date(2016, 12, 31)


def id(numero: int) -> str:
    return str(UUID(int=numero))


def giorno(mese: int, giorno: int) -> date:
    return date(2016, mese, giorno)


def chiesto(il: date, **campi: Any) -> c.InvioRichiesto:
    base = {
        "da": PUNTI, "a": CASA, "persona": "p-aaaaaa", "comune": "017113", "prestazione": "ascolto",
        "rispondere_entro": il,
    }  # fmt: skip
    return c.InvioRichiesto.model_validate({"avvenuto_il": il, **base, **campi})


def accettato(il: date, da: str = CASA) -> c.InvioAccettato:
    return c.InvioAccettato(avvenuto_il=il, da=da)


def confermato(il: date, a: str = CASA) -> c.InvioConfermato:
    return c.InvioConfermato(avvenuto_il=il, a=a)


def concluso(il: date, esito: Any = "aiuto_ottenuto") -> Sequence[Event]:
    return c.InvioPresoInCarico(avvenuto_il=il), c.InvioConcluso(avvenuto_il=il, esito=esito)


def annullato(il: date, da: Any) -> c.InvioAnnullato:
    return c.InvioAnnullato(avvenuto_il=il, da=da, motivo="altro")


def rifiutato(il: date, da: str = CASA) -> c.InvioRifiutato:
    return c.InvioRifiutato(avvenuto_il=il, da=da, motivo="posti_esauriti")


def reindirizzato(il: date, nuovo: int) -> c.InvioReindirizzato:
    return c.InvioReindirizzato(avvenuto_il=il, nuovo=id(nuovo))


Storia = tuple[int, Sequence[Event], dict[str, Sequence[Event]]]


def rete(*storie: Storia) -> list[Invio]:
    """The invii told: number, the sender's events, and by node the receivers'."""
    mezzi = []
    for numero, inviante, riceventi in storie:
        chiesto_da = getattr(inviante[0], "da", PUNTI)
        mezzi.append((f"/{chiesto_da}", f"invio/{id(numero)}", _mezzo(spediti, numero, inviante)))
        for nodo, eventi in riceventi.items():
            mezzi.append(("/" + nodo, f"invio_ricevuto/{id(numero)}", _mezzo(risposte, numero, eventi)))
    return unisci(mezzi)


def _mezzo(genere: Any, numero: int, eventi: Sequence[Event]) -> Mezzo:
    mezzo = Mezzo()
    for evento in eventi:
        quote = genere.apporti[type(evento)](mezzo, evento, id(numero))
        assert {misura for misura, *_ in quote} <= {"enti_attivi", "legami_di_invii"}
    return mezzo


def un_invio(il: date, *poi: Event, **campi: Any) -> Sequence[Event]:
    return [chiesto(il, **campi), *poi]


# Chains and outcomes


def test_a_chain_is_one_story_from_the_first_request_to_the_last() -> None:
    found = catene(
        rete(
            (2, un_invio(giorno(3, 5), segue=id(1), comune="017032"), {}),
            (1, un_invio(giorno(3, 1), reindirizzato(giorno(3, 5), 2)), {CASA: [rifiutato(giorno(3, 3))]}),
            (3, un_invio(giorno(3, 2)), {}),
        )
    )
    assert [[i.id for i in chain.invii] for chain in sorted(found, key=lambda c: c.richiesta_il)] == [
        [id(1), id(2)],
        [id(3)],
    ]
    assert {chain.comune for chain in found} == {"017113"}


@pytest.mark.parametrize(
    ("inviante", "ricevente", "arrivata"),
    [
        ([], [], False),
        ([confermato(giorno(3, 3))], [accettato(giorno(3, 2)), *concluso(giorno(3, 20))], True),
        (
            [confermato(giorno(3, 3))],
            [accettato(giorno(3, 2)), c.InvioPresoInCarico(avvenuto_il=giorno(3, 4)),
             c.InvioNonRiuscito(avvenuto_il=giorno(3, 9), motivo="altro")],
            True,
        ),
        ([confermato(giorno(3, 3))], [accettato(giorno(3, 2)), annullato(giorno(3, 9), "ricevente")], True),
        ([annullato(giorno(3, 3), "inviante")], [], True),
        ([], [accettato(giorno(3, 2)), annullato(giorno(3, 3), "ricevente")], True),
        ([confermato(giorno(3, 3)), annullato(giorno(3, 4), "inviante")], [accettato(giorno(3, 2))], False),
        ([c.InvioScaduto(avvenuto_il=giorno(3, 4))], [], False),
        ([], [rifiutato(giorno(3, 3))], False),
    ],
)  # fmt: skip
def test_a_chain_comes_to_an_end_concluded_failed_or_stopped(
    inviante: Sequence[Event], ricevente: Sequence[Event], arrivata: bool
) -> None:
    found = catene(rete((1, un_invio(giorno(3, 1), *inviante), {CASA: ricevente} if ricevente else {})))
    assert con_esito(found, AVVIO, FINE) == Rapporto(int(arrivata), 1)


def test_an_outcome_counts_from_its_day_and_a_chain_from_the_thirty_first_day() -> None:
    half = {CASA: [accettato(giorno(3, 2)), *concluso(giorno(4, 20))]}
    found = catene(rete((1, un_invio(giorno(3, 1), confermato(giorno(3, 3))), half)))
    assert con_esito(found, AVVIO, giorno(3, 31)) == Rapporto(0, 0)
    assert con_esito(found, AVVIO, giorno(4, 1)) == Rapporto(0, 1)
    assert con_esito(found, AVVIO, giorno(4, 20)) == Rapporto(1, 1)
    assert con_esito(found, giorno(3, 2), FINE) == Rapporto(0, 0)


def test_what_is_offered_to_another_is_judged_by_its_last_invio() -> None:
    first = (1, un_invio(giorno(3, 1), reindirizzato(giorno(3, 5), 2)), {CASA: [rifiutato(giorno(3, 3))]})
    again = un_invio(giorno(3, 5), confermato(giorno(3, 7), LAVORO), segue=id(1), a=LAVORO)
    done = (2, again, {LAVORO: [accettato(giorno(3, 6), LAVORO), *concluso(giorno(3, 9), "aiuto_parziale")]})
    found = catene(rete(first, done))
    assert con_esito(found, AVVIO, FINE) == Rapporto(1, 1)
    assert con_aiuto(found, AVVIO, FINE) == Rapporto(1, 1)
    assert con_aiuto(found, AVVIO, FINE, ["aiuto_parziale"]) == Rapporto(1, 1)
    assert con_aiuto(found, AVVIO, giorno(3, 8)) == Rapporto(0, 0)


@pytest.mark.parametrize(("esito", "aiutate"), [("aiuto_ottenuto", 1), ("aiuto_parziale", 1), ("non_ottenuto", 0)])
def test_help_got_is_told_apart_from_a_story_that_only_ended(esito: str, aiutate: int) -> None:
    half = {CASA: [accettato(giorno(3, 2)), *concluso(giorno(3, 20), esito)]}
    found = catene(rete((1, un_invio(giorno(3, 1), confermato(giorno(3, 3))), half)))
    assert con_aiuto(found, AVVIO, FINE) == Rapporto(aiutate, 1)


# Waiting


def test_waiting_is_counted_in_working_days_to_the_first_answer() -> None:
    found = rete(
        (1, un_invio(giorno(3, 24)), {CASA: [accettato(giorno(3, 29))]}),  # Easter in between
        (
            2,
            un_invio(giorno(3, 24), a=None),
            {CASA: [rifiutato(giorno(3, 25))], LAVORO: [accettato(giorno(3, 31), LAVORO)]},
        ),
        (3, un_invio(giorno(3, 24)), {}),
        (4, un_invio(giorno(3, 24), annullato(giorno(3, 25), "inviante")), {}),
    )
    assert sorted(attese(found, AVVIO, giorno(3, 30))) == [(1, False), (1, True), (2, True), (3, False)]
    assert attese(found, giorno(3, 25), FINE) == []


@pytest.mark.parametrize(
    ("attese", "mediana"),
    [
        ([], None),
        ([(3, False)], None),
        ([(1, True), (2, True), (3, True)], 2),
        ([(1, True), (5, False)], 1),
        ([(1, True), (5, False), (5, False)], None),
        ([(1, False), (2, True), (4, True)], 2),
        ([(0, True)], 0),
    ],
)
def test_the_median_wait_counts_those_who_still_wait(attese: list[tuple[int, bool]], mediana: int | None) -> None:
    assert mediana_di_attesa(attese) == mediana


# Paths


def test_a_path_is_recomposed_by_a_confirmed_invio_between_the_strands_that_follow_the_person() -> None:
    persone = {"p-aaaaaa": {"punti", "casa"}, "p-bbbbbb": {"punti", "lavoro"}, "p-cccccc": {"punti"}}
    half = {CASA: [accettato(giorno(3, 2))]}
    a_famiglia = un_invio(giorno(3, 1), confermato(giorno(3, 3)), persona=None, famiglia=id(9))
    assert ricomposti(persone, rete((1, a_famiglia, half)), {id(9): {"p-aaaaaa"}}, FINE) == Rapporto(1, 2)
    assert ricomposti(persone, rete((1, a_famiglia, half)), {id(9): {"p-aaaaaa"}}, giorno(3, 2)) == Rapporto(0, 2)
    altrove = un_invio(giorno(3, 1), confermato(giorno(3, 3)), persona="p-bbbbbb")
    assert ricomposti(persone, rete((1, altrove, half)), {}, FINE) == Rapporto(0, 2)


# Read models


def told() -> list[list[Received]]:
    """Two halves of an invio and an impostor's, as they come off the wire."""
    sender = [chiesto(giorno(3, 1)), confermato(giorno(3, 3)), c.InvioArchiviato(avvenuto_il=giorno(4, 1))]
    half = [accettato(giorno(3, 2)), *concluso(giorno(3, 20))]
    return [
        on_the_wire(f"invio/{id(1)}", sender, source=f"/{PUNTI}"),
        on_the_wire(f"invio_ricevuto/{id(1)}", half, source=f"/{CASA}"),
        on_the_wire(f"invio_ricevuto/{id(1)}", [rifiutato(giorno(3, 2))], source=f"/{LAVORO}"),
    ]


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 0, 2), (2, 1, 0)])
async def test_the_halves_are_the_same_in_whatever_order_they_are_heard(make: Make, order: tuple[int, ...]) -> None:
    cruscotto, batches = await make(), told()
    await cruscotto.feed(*[batches[n] for n in order])
    async with generation.reading_served(cruscotto.pool) as connection:
        (invio,) = await leggi(connection)
    assert invio.spedito.stadio == "archiviato"
    assert {nodo: r.ricevuto.stadio for nodo, r in invio.risposte.items()} == {CASA: "concluso"}
    assert invio.situazione[0].stato == "archiviato"
