"""La dichiarazione del servizio lavoro."""

from telaio.service import Offer, Service
from telaio.strand import in_the_network

servizio = in_the_network(
    Service(
        name="lavoro",
        title="#GENERA_LAVORO",
        entities=(),
        offers=(Offer("orientamento_al_lavoro"), Offer("tirocinio"), Offer("inserimento_lavorativo")),
    )
)
