"""La dichiarazione del servizio casa."""

from pathlib import Path

from telaio.network import coprogettazioni, incontri_di_rete
from telaio.service import Service

from casa.adesione import adesioni
from casa.alloggio import alloggi
from casa.coabitazione import coabitazioni
from casa.condominio import condomini
from casa.famiglia import famiglie
from casa.fondo import fondi
from casa.garanzia import garanzie
from casa.regole import Regole
from casa.viste import LISTE

servizio = Service(
    name="casa",
    title="#GENERA_CASA",
    entities=(
        *(famiglie, alloggi, adesioni, fondi, garanzie, coabitazioni, condomini),
        *(coprogettazioni, incontri_di_rete),
    ),
    lists=LISTE,
    rules=Regole,
    rules_file=Path(__file__).with_name("regole.toml"),
)
