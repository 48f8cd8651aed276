"""`python -m cruscotto api | migrate | rebuild | …`."""

from telaio.cli import main

from cruscotto.service import servizio

main(servizio)
