"""La dichiarazione del servizio punti."""

from telaio.network import coprogettazioni, incontri_di_rete
from telaio.service import Service

servizio = Service(
    name="punti",
    title="Punti di Comunità",
    entities=(coprogettazioni, incontri_di_rete),
)
