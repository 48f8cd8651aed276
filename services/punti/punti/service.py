"""La dichiarazione del servizio punti."""

from pathlib import Path

from telaio.service import Offer, Service
from telaio.strand import in_the_network

from punti.aiuto import aiuti
from punti.ascolto import ascolti
from punti.banca import banche
from punti.gruppo import gruppi
from punti.idea import idee
from punti.punto import punti
from punti.regole import Regole
from punti.sapere import saperi
from punti.scambio import scambi
from punti.viste import LISTE

servizio = in_the_network(
    Service(
        name="punti",
        title="Punti di Comunità",
        entities=(punti, gruppi, ascolti, saperi, scambi, banche, aiuti, idee),
        lists=LISTE,
        rules=Regole,
        rules_file=Path(__file__).with_name("regole.toml"),
        # A un gruppo e al fareassieme si partecipa: per chi arriva da un invio non si apre una scheda.
        offers=(Offer("ascolto", ascolti, "richiesta"), Offer("gruppo"), Offer("fareassieme")),
    )
)
