"""La dichiarazione del servizio giovani."""

from pathlib import Path

from telaio.network import coprogettazioni, incontri_di_rete
from telaio.service import Service

from giovani.evento_territoriale import eventi
from giovani.facilitatore import facilitatori
from giovani.laboratorio import laboratori
from giovani.proposta import proposte
from giovani.regole import Regole
from giovani.viste import LISTE

servizio = Service(
    name="giovani",
    title="#GENERA_ADOLESCENTI",
    entities=(facilitatori, laboratori, proposte, eventi, coprogettazioni, incontri_di_rete),
    lists=LISTE,
    rules=Regole,
    rules_file=Path(__file__).with_name("regole.toml"),
)
