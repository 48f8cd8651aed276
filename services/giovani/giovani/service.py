"""La dichiarazione del servizio giovani."""

from telaio.network import coprogettazioni, incontri_di_rete
from telaio.service import Service

servizio = Service(
    name="giovani",
    title="#GENERA_ADOLESCENTI",
    entities=(coprogettazioni, incontri_di_rete),
)
