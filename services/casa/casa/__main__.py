"""`python -m casa api | relay | migrate | …`."""

from telaio.cli import main

from casa.service import servizio

main(servizio)
