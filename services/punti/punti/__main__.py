"""`python -m punti api | relay | migrate | …`."""

from telaio.cli import main

from punti.service import servizio

main(servizio)
