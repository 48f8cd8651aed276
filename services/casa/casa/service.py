"""La dichiarazione del servizio casa."""

from pathlib import Path

from telaio.service import Offer, Service
from telaio.strand import in_the_network

from casa.adesione import adesioni
from casa.alloggio import alloggi
from casa.coabitazione import coabitazioni
from casa.condominio import condomini
from casa.famiglia import famiglie
from casa.fondo import fondi
from casa.garanzia import garanzie
from casa.regole import Regole
from casa.viste import LISTE

servizio = in_the_network(
    Service(
        name="casa",
        title="#GENERA_CASA",
        entities=(famiglie, alloggi, adesioni, fondi, garanzie, coabitazioni, condomini),
        lists=LISTE,
        rules=Regole,
        rules_file=Path(__file__).with_name("regole.toml"),
        offers=(
            Offer("accompagnamento_abitativo", famiglie, "presa-in-carico"),
            Offer("garanzia_affitto", famiglie, "presa-in-carico"),
            Offer("coabitazione", famiglie, "presa-in-carico"),
        ),
    )
)
