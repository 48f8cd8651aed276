"""Districts to look at without a broker: an empty one, one with a single event, and a full year of an invented one."""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from itertools import count
from random import Random
from typing import Any
from uuid import UUID

from contratti import casa, giovani, invii, lavoro, punti
from contratti.rete import Event
from cruscotto.proiezione import generation, riepilogo
from cruscotto.proiezione.projection import Projection
from cruscotto.service import servizio
from telaio.consumer.ingest import ingest
from telaio.consumer.record import Received, receive
from telaio.database import open_pool
from telaio.migrate import migrate, migrations
from telaio.testing.wire import Raw

COMUNI = ("017113",) * 6 + ("017039", "017032") * 3 + ("017034",) * 2 + ("017160", "017203", "017001")
OGGI = date(2016, 12, 15)
CASA, LAVORO, GIOVANI, PUNTI = (
    "casa/consorzio-tenda", "lavoro/cooperativa-la-sorgente", "giovani/cooperativa-la-nuvola-del-sacco",
    "punti/ama-brescia",
)  # fmt: skip
CHI_INVIA = (
    PUNTI,
    PUNTI,
    PUNTI,
    "punti/comune-montichiari",
    "punti/comune-visano",
    "punti/comune-calcinato",
    CASA,
    LAVORO,
)
CHI_RICEVE = (CASA, CASA, LAVORO, LAVORO, GIOVANI, PUNTI)
Storia = tuple[str, str, list[Event]]
_offsets = count()


def _id(numero: int) -> str:
    return str(UUID(int=numero))


def uno() -> Iterator[Storia]:
    """A single event: a family of Visano."""
    yield CASA, f"famiglia/{_id(1)}", [_presa(date(2016, 3, 10), "017203", 1)]


def pieno(seme: int = 7) -> Iterator[Storia]:
    """Ten months of all strands: families, funds, work, young people, Punti, and referrals both ways."""
    caso = Random(seme)
    yield from _della_casa(caso)
    yield from _del_lavoro(caso)
    yield from _dei_giovani_e_dei_punti(caso)
    yield from _degli_invii(caso)


def _giorno(caso: Random, dal: date = date(2016, 2, 8)) -> date:
    return dal + timedelta(days=caso.randrange(max((OGGI - dal).days, 1)))


def _presa(il: date, comune: str, numero: int) -> Event:
    return casa.FamigliaPresaInCarico(avvenuto_il=il, comune=comune, componenti=(f"p-famiglia{numero}",), minori=0)


def _della_casa(caso: Random) -> Iterator[Storia]:
    versa = casa.DotazioneVersata
    yield (
        CASA,
        "fondo/fondo-garanzia",
        [
            versa(avvenuto_il=date(2016, 2, 10), importo_centesimi=6_000_000, da="fondazione"),
            versa(avvenuto_il=date(2016, 6, 10), importo_centesimi=1_500_000, da="comune"),
            versa(avvenuto_il=date(2016, 9, 10), importo_centesimi=400_000, da="impresa"),
        ],
    )
    for n in range(1, 61):
        il = _giorno(caso)
        eventi: list[Event] = [_presa(il, caso.choice(COMUNI), n)]
        if n % 3 == 0:
            eventi.append(
                casa.MorositaRilevata(avvenuto_il=il, importo_centesimi=caso.randrange(40, 250) * 1000, mensilita=3)
            )
        if n % 5 == 0:
            eventi += [
                casa.SfrattoIntimato(avvenuto_il=il),
                casa.SfrattoPrevenuto(avvenuto_il=il, come="piano_di_rientro"),
            ]
        yield CASA, f"famiglia/{_id(n)}", eventi
        if n % 2:
            yield CASA, f"garanzia/{_id(1000 + n)}", _garanzia(caso, il, n)
    for n in range(5):
        il = _giorno(caso)
        posto: dict[str, Any] = {"avvenuto_il": il, "comune": caso.choice(COMUNI)}
        yield (
            CASA,
            f"coabitazione/{_id(1100 + n)}",
            [
                casa.CoabitazioneAvviata(**posto, posti=2, ospitante="p-ospite"),
                casa.CoabitanteEntrato(avvenuto_il=il, persona=f"p-convive{n}"),
            ],
        )
    il = date(2016, 5, 3)
    yield (
        CASA,
        f"condominio/{_id(1200)}",
        [
            casa.CondominioSocialeAvviato(avvenuto_il=il, comune="017113", alloggi=12),
            casa.CustodeSocialeIncaricato(avvenuto_il=il),
        ],
    )


def _garanzia(caso: Random, il: date, famiglia: int) -> list[Event]:
    massimale = caso.randrange(8, 20) * 25_000
    trovati: list[Event] = [
        casa.GaranziaConcessa(
            avvenuto_il=il, famiglia=_id(famiglia), alloggio=_id(900), massimale_centesimi=massimale, mesi=12
        )
    ]
    if famiglia % 11 == 0:
        poi = min(il + timedelta(days=60), OGGI)
        trovati += [
            casa.GaranziaEscussa(avvenuto_il=poi, importo_centesimi=massimale // 2, motivo="canoni_non_pagati"),
            casa.RecuperoIncassato(avvenuto_il=poi, importo_centesimi=massimale // 5),
        ]
    return trovati


def _del_lavoro(caso: Random) -> Iterator[Storia]:
    versa = lavoro.DotazioneVersata
    yield (
        LAVORO,
        "fondo/fondo-esperienze",
        [
            versa(avvenuto_il=date(2016, 2, 10), importo_centesimi=1_800_000, da="fondazione"),
            versa(avvenuto_il=date(2016, 9, 10), importo_centesimi=350_000, da="impresa"),
        ],
    )
    for n in range(1, 9):
        aderisce = lavoro.AdesioneAllaReteSottoscritta(avvenuto_il=date(2016, 2, 15), tipo="azienda", comune=COMUNI[n])
        yield LAVORO, f"aderente/{_id(2000 + n)}", [aderisce]
    for n in range(1, 25):
        il, chi = _giorno(caso), {"persona": f"p-lavora{n:02}", "comune": caso.choice(COMUNI)}
        preso = lavoro.CandidatoPresoInCarico(avvenuto_il=il, disponibilita=("mattina",), **chi)
        yield LAVORO, f"candidato/{_id(2100 + n)}", [preso]
        if n % 2 == 0:
            yield LAVORO, f"tirocinio/{_id(2200 + n)}", [_tirocinio(il, n)]
            yield LAVORO, f"esperienza/{_id(2300 + n)}", _esperienza(il, n)


def _tirocinio(il: date, n: int) -> Event:
    return lavoro.TirocinioAttivato(
        avvenuto_il=il, candidato=_id(2100 + n), aderente=_id(2001 + n % 8), dal=il, al=il + timedelta(days=90),
        ore_settimanali=30, indennita_centesimi=40_000, tutor_aziendale="p-tutor1",
    )  # fmt: skip


def _esperienza(il: date, n: int) -> list[Event]:
    finanziata = lavoro.EsperienzaFinanziata(avvenuto_il=il, tirocinio=_id(2200 + n), importo_centesimi=90_000)
    poi = min(il + timedelta(days=45), OGGI)
    spesa = lavoro.SpesaLiquidata(avvenuto_il=poi, importo_centesimi=60_000)
    return [finanziata, spesa, *([lavoro.ImpegnoStornato(avvenuto_il=OGGI)] if n % 6 == 0 else [])]


def _dei_giovani_e_dei_punti(caso: Random) -> Iterator[Storia]:
    iscritta: dict[str, Any] = {"fascia_eta": "14-17", "consenso_espresso_da": "un_genitore"}
    for n in range(1, 7):
        il, comune = _giorno(caso), caso.choice(COMUNI)
        coprogettato = giovani.LaboratorioCoprogettato(
            avvenuto_il=il, ambito="sociale", comune=comune, con=("ente",), enti=("ama-brescia",)
        )
        iscritti = [
            giovani.IscrizioneRaccolta(avvenuto_il=il, persona=f"p-giovane{n}{i}", **iscritta) for i in range(4)
        ]
        avviato = giovani.LaboratorioAvviato(avvenuto_il=il, posti=12)
        yield GIOVANI, f"laboratorio/{_id(3000 + n)}", [coprogettato, avviato, *iscritti]
    for n, comune in enumerate(("017113", "017203", "017039"), 1):
        apre = punti.PuntoDiComunitaAperto(
            avvenuto_il=date(2016, 3, n), denominazione=f"Punto di prova {n}", comune=comune, indirizzo="Piazza 12",
            contatti=(punti.Contatto(tipo="telefono", valore="030 0000000"),), gestore="ama-brescia",
            facilitatore="p-facil1",
        )  # fmt: skip
        promossa: list[Any] = ["cittadini", "insieme", "facilitatore"]
        presenze = [
            punti.AttivitaSvolta(
                avvenuto_il=_giorno(caso, date(2016, 3, 10)), promossa_da=caso.choice(promossa), presenze=12,
                prime_presenze=caso.randrange(6),
            )
            for _ in range(12)
        ]  # fmt: skip
        yield PUNTI, f"punto/{_id(3100 + n)}", [apre, *presenze]


def _degli_invii(caso: Random) -> Iterator[Storia]:
    """Both ways, to oneself, open to all, refused, answered late and never."""
    for n in range(1, 91):
        il, da, a = _giorno(caso), caso.choice(CHI_INVIA), caso.choice(CHI_RICEVE)
        aperto, id = n % 23 == 0, _id(4000 + n)
        chiesto = invii.InvioRichiesto(
            avvenuto_il=il, da=da, a=None if aperto else a, persona=f"p-invio{n:03}", comune=caso.choice(COMUNI),
            prestazione="ascolto", rispondere_entro=il + timedelta(days=2),
        )  # fmt: skip
        if aperto or n % 19 == 0:
            yield da, f"invio/{id}", [chiesto]
            continue
        risposta = min(il + timedelta(days=caso.randrange(6)), OGGI)
        if n % 17 == 0:
            yield da, f"invio/{id}", [chiesto]
            yield a, f"invio_ricevuto/{id}", [invii.InvioRifiutato(avvenuto_il=risposta, da=a, motivo="posti_esauriti")]
            continue
        yield da, f"invio/{id}", [chiesto, invii.InvioConfermato(avvenuto_il=risposta, a=a)]
        conclude = [
            invii.InvioPresoInCarico(avvenuto_il=risposta),
            invii.InvioConcluso(avvenuto_il=OGGI, esito="aiuto_ottenuto"),
        ]
        yield (
            a,
            f"invio_ricevuto/{id}",
            [invii.InvioAccettato(avvenuto_il=risposta, da=a), *(conclude if n % 5 else [])],
        )


async def riempi(dsn: str, storie: Iterable[Storia]) -> None:
    """Migrates a cruscotto's database and applies the events to it, as its consumer would."""
    await migrate(dsn, migrations("cruscotto", servizio.migrations))
    pool = await open_pool(dsn)
    await generation.ensure_served(pool)
    ricevuti = [r for fonte, soggetto, eventi in storie for r in _sul_filo(f"/{fonte}", soggetto, eventi)]
    if ricevuti:
        async with generation.in_served(pool) as connection:
            await ingest(connection, Projection(riepilogo.aggiorna), ricevuti)
    await pool.close()


def _sul_filo(fonte: str, soggetto: str, eventi: list[Event]) -> Iterator[Received]:
    for versione, evento in enumerate(eventi, 1):
        busta = {
            "specversion": "1.0", "id": str(UUID(int=next(_offsets) + 1)), "source": fonte, "type": evento.type_name,
            "subject": soggetto, "time": f"{evento.avvenuto_il}T12:00:00.000Z",
            "dataschema": f"/schemas/{evento.type_name}/{evento.schema_version}", "datacontenttype": "application/json",
            "entityversion": versione, "data": evento.model_dump(mode="json"),
        }  # fmt: skip
        topic = f"{fonte.split('/')[1]}.eventi"
        yield receive([Raw(topic, 0, next(_offsets), soggetto.encode(), json.dumps(busta).encode())])[0]


DISTRETTI: dict[str, Callable[[], Iterable[Storia]]] = {"vuoto": lambda: (), "uno": uno, "pieno": pieno}
"""By name, what has happened there."""
