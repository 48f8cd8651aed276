"""La dichiarazione del servizio giovani."""

from pathlib import Path

from telaio.service import Offer, Service
from telaio.strand import in_the_network

from giovani.evento_territoriale import eventi
from giovani.facilitatore import facilitatori
from giovani.laboratorio import laboratori
from giovani.proposta import proposte
from giovani.regole import Regole
from giovani.viste import LISTE

servizio = in_the_network(
    Service(
        name="giovani",
        title="#GENERA_ADOLESCENTI",
        entities=(facilitatori, laboratori, proposte, eventi),
        lists=LISTE,
        rules=Regole,
        rules_file=Path(__file__).with_name("regole.toml"),
        # Chi arriva da un invio entra in un laboratorio o in una proposta che ci sono già: non apre una scheda.
        offers=(Offer("laboratorio"), Offer("percorso_scuola_lavoro")),
    )
)
