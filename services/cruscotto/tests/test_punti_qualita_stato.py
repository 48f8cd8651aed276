"""I Punti uno per uno, la qualità delle registrazioni, i posti liberi e lo stato: pagina e API dicono lo stesso."""

import asyncio
from contextlib import suppress
from datetime import date

from contratti import casa, invii, punti
from cruscotto.proiezione import generation, riepilogo
from cruscotto.proiezione.projection import Projection
from telaio.consumer.ingest import ingest
from telaio.consumer.record import receive
from telaio.process import reader
from telaio.testing.wire import Raw

from .conftest import Web, on_the_wire
from .racconto import MONTICHIARI, giorno, presa, rettifica, uuid

PUNTI = "/punti/ama-brescia"


def un_punto() -> list[list[object]]:
    """Un Punto con tre attività, un orario e due gruppi, di cui uno sciolto."""
    aperto = punti.PuntoDiComunitaAperto(
        avvenuto_il=giorno(2), denominazione="Punto del Mulino", comune=MONTICHIARI, indirizzo="Piazza 12",
        contatti=(punti.Contatto(tipo="telefono", valore="030 0000000"),), gestore="ama-brescia",
        facilitatore="p-facil1",
    )  # fmt: skip
    orari = punti.OrariAggiornati(
        avvenuto_il=giorno(3), tenuto_da="volontari",
        orari=(punti.Orario(giorno="martedi", dalle="09:30", alle="12:00"),
               punti.Orario(giorno="lunedi", dalle="14:00", alle="15:00"),
               punti.Orario(giorno="altro", dalle="08:00", alle="20:00")),
    )  # fmt: skip
    svolte = [
        punti.AttivitaSvolta(avvenuto_il=giorno(mese), promossa_da=da, presenze=10, prime_presenze=nuovi)
        for mese, da, nuovi in ((4, "facilitatore", 5), (5, "cittadini", 1), (8, "insieme", 0))
    ]
    fase = punti.FaseDiAutonomiaRaggiunta(avvenuto_il=giorno(6), fase="cogestione", motivo="altro")
    nato = punti.GruppoNato(avvenuto_il=giorno(4), punto=uuid(1), tema="donne")
    return [
        on_the_wire(f"punto/{uuid(1)}", [aperto, orari, *svolte[:2], fase, svolte[2]], source=PUNTI),
        on_the_wire(f"gruppo/{uuid(2)}", [nato], source=PUNTI),
        on_the_wire(f"gruppo/{uuid(3)}", [nato, punti.GruppoSciolto(avvenuto_il=giorno(5))], source=PUNTI),
    ]


async def test_a_punto_tells_its_phase_its_life_and_its_hours(web: Web) -> None:
    await web.feed(*un_punto())
    (trovato,) = (await web.letto("/punti"))["punti"]
    assert (trovato["nome"], trovato["fase"], trovato["fase_dal"]) == ("Punto del Mulino", "cogestione", "2016-06-10")
    assert (trovato["attivita"], trovato["promosse_dai_cittadini"], trovato["promosse_insieme"]) == (3, 1, 1)
    assert (trovato["promosse_dai_cittadini_percento"], trovato["prime_presenze_percento"]) == (66.7, 20)
    assert (trovato["ore_settimanali"], trovato["gruppi"], trovato["tenuto_da"]) == (3.5, 1, "volontari")
    assert [o["giorno"] for o in trovato["orari"]] == ["lunedi", "martedi", "altro"]
    pagina = await web.pagina("/punti")
    for detto in ("Punto del Mulino", "66,7 %", "Cogestione", "Lunedì 14:00–15:00", "3,5"):
        assert detto in pagina, detto


async def test_a_period_asks_for_its_activities_and_a_comune_for_its_punti(web: Web) -> None:
    await web.feed(*un_punto())
    (trovato,) = (await web.letto("/punti?semestre=2016-2"))["punti"]
    assert (trovato["attivita"], trovato["promosse_dai_cittadini_percento"]) == (1, 100)
    assert (await web.letto("/punti?comune=017032"))["punti"] == []
    assert "Niente da mostrare" in await web.pagina("/punti?comune=017032")


async def test_places_are_what_each_node_told_last(web: Web) -> None:
    detti = [
        invii.PostiDisponibiliAggiornati(avvenuto_il=giorno(3), prestazione="ascolto", posti_liberi=3, in_attesa=0),
        invii.PostiDisponibiliAggiornati(avvenuto_il=giorno(5), prestazione="ascolto", posti_liberi=0, in_attesa=2),
    ]
    await web.feed(on_the_wire("capienza/posti-disponibili", detti, source=PUNTI))
    assert await web.letto("/capienza") == {
        "posti": [
            {"nodo": "punti/ama-brescia", "prestazione": "ascolto", "liberi": 0, "in_attesa": 2,
             "aggiornati_il": "2016-05-10"}
        ]
    }  # fmt: skip
    assert "10/05/2016" in await web.pagina("/punti")


async def test_quality_counts_what_was_late_corrected_annulled_and_without_a_comune(web: Web) -> None:
    soggetto = f"famiglia/{uuid(1)}"
    tardi = casa.MorositaRilevata(avvenuto_il=date(2016, 3, 1), importo_centesimi=100, mensilita=1)
    aiuto = punti.AiutoOfferto(avvenuto_il=giorno(4), persona="p-aaaaaa", cosa="tempo")
    altra = tardi.model_dump(mode="json") | {"importo_centesimi": 200}
    await web.feed(
        on_the_wire(soggetto, [presa(2), tardi, rettifica(soggetto, 2, 6, altra), rettifica(soggetto, 2, 7)]),
        on_the_wire(f"aiuto/{uuid(3)}", [aiuto], source=PUNTI),
    )
    lette = {f["servizio"]: f for f in (await web.letto("/qualita"))["fonti"]}
    della_casa = {n: lette["casa"][n] for n in ("eventi", "tardivi", "rettifiche", "annullamenti", "senza_comune")}
    assert della_casa == {"eventi": 4, "tardivi": 0, "rettifiche": 1, "annullamenti": 1, "senza_comune": 0}
    assert (lette["punti"]["senza_comune"], lette["punti"]["per_mese"][0]["mese"]) == (1, "2016-04")
    giugno = {f["servizio"]: f["eventi"] for f in (await web.letto("/qualita?dal=2016-06&al=2016-06"))["fonti"]}
    assert giugno == {"casa": 1, "punti": 0}
    assert "RE07 Cittadini che danno una mano" in await web.pagina("/qualita")


async def test_what_is_told_long_after_it_happened_is_late_from_the_thirty_first_day(web: Web) -> None:
    def detto_il(quando: str, numero: int) -> Raw:
        (letto,) = on_the_wire(f"famiglia/{uuid(numero)}", [presa(3)])
        assert letto.value
        assert letto.key
        valore = letto.value.replace(b"2016-03-10T12:00:00.000Z", quando.encode())
        return Raw("casa.eventi", 0, 900_000 + numero, letto.key, valore)

    async with generation.in_served(web.cruscotto.pool) as connection:
        # Le 22:30 di Greenwich sono già il giorno dopo in Italia, d'estate.
        istanti = ("2016-04-09T21:30:00.000Z", "2016-04-09T22:30:00.000Z")
        lotto = receive([detto_il(istante, n) for n, istante in enumerate(istanti, 1)])
        await ingest(connection, Projection(riepilogo.aggiorna), lotto)
    (della_casa,) = (await web.letto("/qualita"))["fonti"]
    assert (della_casa["eventi"], della_casa["tardivi"]) == (2, 1)


async def test_the_state_is_told_in_words_to_who_may_ask(web: Web) -> None:
    web.runtime.status["lettore"] = {"kafka": True, "ritardo": 0, "allarmi": {}}
    trovato = await web.letto("/stato")
    assert {p["nome"] for p in trovato["servizi"]} == {"casa", "lavoro", "giovani", "punti"}
    assert trovato["voto"] == "attenzione"
    assert "non si è ancora sentito" in await web.pagina("/stato")
    web.runtime.status["battiti"] = {"casa": 0.0}
    pagina = await web.pagina("/stato", user="luca.conti")
    assert "Non si sente da" in pagina
    assert "Qualcosa è fermo" in pagina
    web.runtime.status["lettore"]["kafka"] = False
    assert "le cifre sono ferme" in await web.pagina("/stato")
    await web.pagina("/stato", status=403, user="elena.galli")


async def test_a_broker_that_is_not_reached_is_told_by_the_reader_itself(web: Web) -> None:
    chi_legge = reader(web.runtime)
    assert "non ha ancora risposto" in await web.pagina("/stato")
    legge = asyncio.create_task(chi_legge.run())
    async with asyncio.timeout(20):
        while web.runtime.status["lettore"].get("kafka") is None:
            await asyncio.sleep(0.05)
    assert "le cifre sono ferme" in await web.pagina("/stato")
    legge.cancel()
    with suppress(asyncio.CancelledError):
        await legge


async def test_empty_pages_are_whole_pages_and_wrong_filters_are_told(web: Web) -> None:
    for percorso in ("/punti", "/qualita"):
        assert "<h1>" in await web.pagina(percorso)
        assert "Da correggere" in await web.pagina(f"{percorso}?al=ieri", status=422)
        assert (await web.api(f"{percorso}?al=ieri")).status_code == 422
    for estraneo in ("comune=017113", "registrato_entro=2016-06-01", "al=2016-06-10"):
        assert (await web.api(f"/qualita?{estraneo}")).status_code == 422
        assert "qui non si può chiedere" in await web.pagina(f"/qualita?{estraneo}", status=422)
    for percorso in ("/stato?comune=017113", "/capienza?al=2016-03"):
        assert (await web.api(percorso)).status_code == 422


async def test_each_table_of_a_page_can_be_downloaded(web: Web) -> None:
    await web.feed(*un_punto())
    assert "Punto del Mulino,Montichiari,Cogestione,3,66.7,30,20.0,1,3.5" in await web.pagina("/punti/autonomia.csv")
    for percorso in ("/punti/orari.csv", "/punti/posti.csv", "/qualita/partner.csv", "/qualita/mesi.csv"):
        await web.pagina(percorso)
    await web.pagina("/punti/altro.csv", status=404)
