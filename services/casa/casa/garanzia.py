"""La garanzia data a una famiglia verso chi le dà in locazione l'alloggio. La concessione è in `fondo.py`."""

from collections.abc import Iterable
from datetime import date

from contratti import casa
from telaio.calendar import after_months
from telaio.entity import Entity, Rejected, State


class Garanzia(State):
    """Quanto il Fondo ha promesso, quanto ne è stato escusso e quanto è tornato."""

    famiglia: str
    alloggio: str
    massimale_centesimi: int
    concessa_il: date
    scade_il: date
    escusso_centesimi: int = 0
    recuperato_centesimi: int = 0
    attiva: bool = True

    @property
    def residuo_centesimi(self) -> int:
        """Quanto si può ancora escutere: i recuperi non lo ricostituiscono."""
        return self.massimale_centesimi - self.escusso_centesimi if self.attiva else 0


garanzie = Entity("garanzia", Garanzia, "garanzie", "Garanzia")


@garanzie.begins
def _(garanzia: Garanzia | None, evento: casa.GaranziaConcessa) -> Garanzia:
    return Garanzia(
        famiglia=evento.famiglia,
        alloggio=evento.alloggio,
        massimale_centesimi=evento.massimale_centesimi,
        concessa_il=evento.avvenuto_il,
        scade_il=after_months(evento.avvenuto_il, evento.mesi),
    )


@garanzie.on
def _(garanzia: Garanzia, evento: casa.RecuperoIncassato) -> Garanzia:
    return garanzia.with_(recuperato_centesimi=garanzia.recuperato_centesimi + evento.importo_centesimi)


garanzie.after(casa.GaranziaEscussa, lambda g, e: g.with_(escusso_centesimi=g.escusso_centesimi + e.importo_centesimi))
garanzie.after(casa.GaranziaSvincolata, lambda g, e: g.with_(attiva=False))


@garanzie.claim("famiglia-gia-garantita", "La famiglia ha già una garanzia attiva.")
def una_garanzia_per_famiglia(garanzia: Garanzia) -> Iterable[str]:
    """Restituisce la famiglia finché la garanzia è attiva."""
    return [garanzia.famiglia] if garanzia.attiva else []


@garanzie.claim("alloggio-gia-garantito", "Per l'alloggio c'è già una garanzia attiva.")
def una_garanzia_per_alloggio(garanzia: Garanzia) -> Iterable[str]:
    """Restituisce l'alloggio finché la garanzia è attiva."""
    return [garanzia.alloggio] if garanzia.attiva else []


@garanzie.invariant
def escusso_entro_il_massimale(garanzia: Garanzia) -> None:
    """Raises: Rejected "escussione-oltre-il-massimale"."""
    if garanzia.escusso_centesimi > garanzia.massimale_centesimi:
        raise Rejected("escussione-oltre-il-massimale", "L'importo supera il massimale residuo della garanzia.")


@garanzie.invariant
def recuperato_entro_l_escusso(garanzia: Garanzia) -> None:
    """Raises: Rejected "recupero-oltre-l-escusso"."""
    if garanzia.recuperato_centesimi > garanzia.escusso_centesimi:
        raise Rejected("recupero-oltre-l-escusso", "I recuperi superano quanto è stato escusso.")


def attiva(garanzia: Garanzia) -> None:
    """Raises: Rejected "garanzia-non-attiva"."""
    if not garanzia.attiva:
        raise Rejected("garanzia-non-attiva", "La garanzia non è attiva.")


# Si escute anche dopo la scadenza, finché non è svincolata; si recupera anche dopo. Il saldo lo difende il Fondo.
garanzie.records("escussione", casa.GaranziaEscussa, attiva)
garanzie.records("recupero", casa.RecuperoIncassato)
garanzie.records("svincolo", casa.GaranziaSvincolata, attiva)
