"""La dichiarazione del servizio lavoro."""

from telaio.network import coprogettazioni, incontri_di_rete
from telaio.service import Service

servizio = Service(
    name="lavoro",
    title="#GENERA_LAVORO",
    entities=(coprogettazioni, incontri_di_rete),
)
