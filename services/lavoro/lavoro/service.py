"""La dichiarazione del servizio lavoro."""

from pathlib import Path

from telaio.service import Offer, Service
from telaio.strand import in_the_network

from lavoro.abbinamento import abbinamenti
from lavoro.aderente import aderenti
from lavoro.agente import agenti
from lavoro.attivazione import tirocini
from lavoro.candidato import candidati
from lavoro.evento_formativo import formativi
from lavoro.fondo import esperienze, fondi
from lavoro.inserimento import inserimenti
from lavoro.offerta import offerte
from lavoro.regole import Regole
from lavoro.viste import LISTE, rotte

PERSONE, RETE = (candidati, abbinamenti, tirocini, inserimenti), (agenti, aderenti, offerte, formativi)
PRESTAZIONI = ("orientamento_al_lavoro", "tirocinio", "inserimento_lavorativo")

servizio = in_the_network(
    Service(
        name="lavoro",
        title="#GENERA_LAVORO",
        entities=(*PERSONE, *RETE, fondi, esperienze),
        lists=LISTE,
        rules=Regole,
        rules_file=Path(__file__).with_name("regole.toml"),
        routes=rotte,
        offers=[Offer(prestazione, candidati, "presa-in-carico") for prestazione in PRESTAZIONI],
    )
)
