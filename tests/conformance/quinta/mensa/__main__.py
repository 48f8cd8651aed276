"""`python -m mensa api | relay | migrate | …`."""

from telaio.cli import main

from mensa.service import servizio

main(servizio)
