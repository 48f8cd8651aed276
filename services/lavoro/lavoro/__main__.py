"""`python -m lavoro api | relay | migrate | …`."""

from telaio.cli import main

from lavoro.service import servizio

main(servizio)
