"""What a receiver can do with an invio: answer, take it on, suspend, end it with an outcome. Pure."""

from contratti import invii as contratto
from pydantic import Field

from telaio.command import Command
from telaio.entity import Events, Rejected
from telaio.here import Here
from telaio.invii.halves import Ricevuto, Spedito, ricevuti
from telaio.invii.heard import Inviante
from telaio.invii.sending import Annullamento


class Accettazione(Command):
    """Chi è pronto a farsene carico."""

    da: contratto.Nodo | None = Field(None, title="Chi risponde", description="Vuoto: chi è stato interpellato")


class Rifiuto(Accettazione):
    """Chi non può farsene carico, e perché."""

    motivo: contratto.MotivoRifiuto


@ricevuti.command("accettazione", creates=True)
def accetta(ricevuto: Ricevuto | None, comando: Accettazione, inviante: Inviante, qui: Here) -> Events:
    """Accetta l'invio; la conferma di chi invia arriva da sé. Anche dopo il termine, finché non è di altri.

    Raises: Rejected "invio-gia-risposto", "invio-sconosciuto", "invio-per-altri", "invio-non-piu-aperto".
    """
    da = _who_answers(ricevuto, comando.da, inviante.spedito, qui)
    return [contratto.InvioAccettato(avvenuto_il=comando.avvenuto_il, da=da)]


@ricevuti.command("rifiuto", creates=True)
def rifiuta(ricevuto: Ricevuto | None, comando: Rifiuto, inviante: Inviante, qui: Here) -> Events:
    """Rifiuta l'invio prima di ogni azione; le note restano in casa.

    Raises: Rejected "invio-gia-risposto", "invio-sconosciuto", "invio-per-altri", "invio-non-piu-aperto".
    """
    da = _who_answers(ricevuto, comando.da, inviante.spedito, qui)
    return [contratto.InvioRifiutato(avvenuto_il=comando.avvenuto_il, da=da, motivo=comando.motivo)]


def _who_answers(ricevuto: Ricevuto | None, da: str | None, spedito: Spedito | None, qui: Here) -> str:
    """The node that answers. Raises: Rejected where nobody here may."""
    if ricevuto is not None:
        raise Rejected("invio-gia-risposto", "A questo invio è già stato risposto.")
    if spedito is None:
        raise Rejected("invio-sconosciuto", "L'invio non è ancora arrivato a questo servizio.")
    nodo = da or spedito.a or qui.nodo
    offerto = spedito.a is None and spedito.prestazione in qui.offre and nodo != spedito.da
    if nodo not in qui.nodi or not (spedito.a == nodo or offerto):
        raise Rejected("invio-per-altri", "L'invio non è rivolto a questo sportello.")
    if not spedito.atteso:
        raise Rejected("invio-non-piu-aperto", "L'invio non aspetta più una risposta: è già di altri, o è chiuso.")
    return nodo


@ricevuti.command("presa-in-carico")
def prendi_in_carico(ricevuto: Ricevuto, comando: contratto.InvioPresoInCarico, inviante: Inviante) -> Events:
    """Comincia il lavoro, una volta che chi invia ha confermato.

    Raises: Rejected "invio-non-da-cominciare", "invio-non-confermato", "revoca-in-corso".
    """
    if ricevuto.stadio != "accettato":
        raise Rejected("invio-non-da-cominciare", "Il lavoro su questo invio è già cominciato, o è finito.")
    _not_revoked(inviante.spedito)
    spedito = inviante.spedito
    if spedito is None or spedito.stadio != "confermato" or spedito.confermato_a != ricevuto.nodo:
        raise Rejected("invio-non-confermato", "Chi invia non ha confermato a questo sportello.")
    return [comando]


def _not_revoked(spedito: Spedito | None) -> None:
    if spedito is not None and spedito.stadio == "revocato":
        raise Rejected("revoca-in-corso", "Chi invia ha chiesto di fermarsi: l'invio va annullato o chiuso.")


@ricevuti.command("sospensione")
def sospendi(ricevuto: Ricevuto, comando: contratto.InvioSospeso) -> Events:
    """Sospende il lavoro. Raises: Rejected "invio-non-in-corso"."""
    if ricevuto.stadio != "in_corso":
        raise Rejected("invio-non-in-corso", "Il lavoro su questo invio non è in corso.")
    return [comando]


@ricevuti.command("ripresa")
def riprendi(ricevuto: Ricevuto, comando: contratto.InvioRipreso, inviante: Inviante) -> Events:
    """Riprende il lavoro sospeso. Raises: Rejected "invio-non-sospeso", "revoca-in-corso"."""
    if ricevuto.stadio != "sospeso":
        raise Rejected("invio-non-sospeso", "Il lavoro su questo invio non è sospeso.")
    _not_revoked(inviante.spedito)
    return [comando]


def _under_way(ricevuto: Ricevuto) -> None:
    """Raises: Rejected "invio-non-in-corso"."""
    if ricevuto.stadio not in ("in_corso", "sospeso"):
        raise Rejected("invio-non-in-corso", "Il lavoro su questo invio non è in corso.")


ricevuti.records("conclusione", contratto.InvioConcluso, _under_way)
ricevuti.records("non-riuscita", contratto.InvioNonRiuscito, _under_way, title="Non riuscito")


@ricevuti.command("annullamento")
def ritira(ricevuto: Ricevuto, comando: Annullamento) -> Events:
    """Ritira l'accettazione prima di cominciare, o interrompe il lavoro. Raises: Rejected "invio-gia-finito"."""
    if not ricevuto.vivo:
        raise Rejected("invio-gia-finito", "Su questo invio non c'è più niente da fermare.")
    return [contratto.InvioAnnullato(avvenuto_il=comando.avvenuto_il, da="ricevente", motivo=comando.motivo)]
