"""`python -m giovani api | relay | migrate | …`."""

from telaio.cli import main

from giovani.service import servizio

main(servizio)
