"""L'offerta di posti di tirocinio o di lavoro: aperta finché non si chiude, mai oltre i suoi posti."""

from datetime import date

from contratti import lavoro
from telaio.entity import Entity, Events, Rejected, State

from lavoro.aderente import Aderente, in_rete


class Offerta(State):
    """Che cosa si offre; quanti posti sono presi lo dicono gli abbinamenti accettati (in `abbinamento.py`)."""

    aderente: str
    tipo: str
    competenze: tuple[str, ...] = ()
    posti: int
    comune: str
    orario: tuple[str, ...] = ()
    pubblicata_il: date
    chiusa_il: date | None = None
    occupati: int = 0


offerte = Entity(
    "offerta", Offerta, "offerte", "Offerta", named_by=("comune", "tipo"), pages={"abbinamenti": "Candidati adatti"}
)
offerte.begin(lavoro.OffertaPubblicata, lambda _, e: Offerta(pubblicata_il=e.avvenuto_il, **e.model_dump()))
offerte.after(lavoro.OffertaChiusa, lambda o, e: o.with_(chiusa_il=e.avvenuto_il))

ESAURITI = ("posti-esauriti", "I posti dell'offerta sono tutti presi: serve un'altra offerta.")
offerte.never(*ESAURITI, lambda o: o.occupati > o.posti)
non_chiusa = offerte.refusal("offerta-gia-chiusa", "L'offerta è già chiusa.", lambda o: o.chiusa_il)
con_posti = offerte.refusal(*ESAURITI, lambda o: o.occupati >= o.posti)


def aperta(offerta: Offerta, giorno: date) -> None:
    """Raises: Rejected "offerta-chiusa"; quella chiusa dopo quel giorno era ancora aperta."""
    if offerta.chiusa_il and offerta.chiusa_il < giorno:
        raise Rejected("offerta-chiusa", "L'offerta è chiusa: serve un'altra offerta.")


@offerte.command("pubblicazione", once=("offerta-gia-pubblicata", "L'offerta è già pubblicata: ne serve una nuova."))
def pubblica(_: Offerta | None, comando: lavoro.OffertaPubblicata, aderente: Aderente) -> Events:
    """Pubblica l'offerta di chi fa parte della rete. Raises: Rejected "aderente-non-in-rete"."""
    in_rete(aderente, comando.avvenuto_il)
    return [comando]


offerte.records("chiusura", lavoro.OffertaChiusa, non_chiusa)
