"""What a sender can do with an invio: ask, confirm, stop, offer to another, close. Pure."""

from datetime import date

from contratti import invii as contratto
from contratti.rete import Bisogni, CodiceComune, FamigliaId, PersonaId
from pydantic import Field

from telaio.command import Command
from telaio.entity import Events, Rejected
from telaio.here import Here
from telaio.invii.halves import Spedito, invii
from telaio.invii.heard import Riceventi
from telaio.invii.situation import S, overall

OFFERED_AGAIN = frozenset({"scaduto", "rifiutato", "ritirato", "non_riuscito", "interrotto"})


class Richiesta(Command):
    """Una persona o una famiglia da affidare a un altro sportello."""

    a: contratto.AltroNodo | None = Field(None, title="A chi", description="Vuoto: a chiunque offra la prestazione")
    prestazione: contratto.DiPrestazione
    persona: PersonaId | None = Field(None, title="Persona", description="O la persona, o la famiglia")
    famiglia: FamigliaId | None = Field(None, title="Famiglia", description="O la persona, o la famiglia")
    comune: CodiceComune
    bisogni: Bisogni = ()
    nucleo: int | None = Field(None, title="Persone nel nucleo", ge=1, le=20)
    minori: int | None = Field(None, title="Minori", description="Quanti minorenni nel nucleo", ge=0, le=20)
    fasce_eta: tuple[contratto.FasciaEta, ...] = Field((), title="Fasce di età", max_length=10)
    urgente: bool = Field(False, title="Urgente")
    rispondere_entro: date | None = Field(
        None, title="Rispondere entro", description="Vuoto: il termine del distretto", examples=["2016-03-24"]
    )
    da: contratto.Nodo | None = Field(None, title="Da chi", description="Vuoto: chi gestisce il servizio")
    segue: contratto.InvioId | None = Field(None, title="Segue", description="L'invio che questo continua")


class Conferma(Command):
    """L'accettazione che vale."""

    a: contratto.AltroNodo | None = Field(None, title="A chi", description="Vuoto: a chi ha accettato per primo")


class Reindirizzamento(Command):
    """A chi si offre adesso."""

    a: contratto.AltroNodo | None = Field(None, title="A chi", description="Vuoto: a chiunque offra la prestazione")


class Annullamento(Command):
    """Perché ci si ferma."""

    motivo: contratto.MotivoAnnullamento


class Scadenza(Command):
    """Il termine per rispondere è passato."""


@invii.command("richiesta", creates=True)
def richiedi(invio: Spedito | None, comando: Richiesta, qui: Here) -> Events:
    """Chiede a uno sportello, o a chiunque offra la prestazione, di farsi carico di una persona o famiglia.

    Raises: Rejected "invio-gia-richiesto", "invio-senza-destinatario", "mittente-di-un-altro-servizio",
    "invio-a-se-stessi", "termine-prima-della-richiesta".
    """
    if invio is not None:
        raise Rejected("invio-gia-richiesto", "L'invio è già stato richiesto.")
    if (comando.persona is None) == (comando.famiglia is None):
        raise Rejected("persona-o-famiglia", "Va indicata la persona oppure la famiglia, una delle due.")
    da = comando.da or qui.nodo
    if da not in qui.nodi:
        raise Rejected("mittente-di-un-altro-servizio", "Chi invia deve lavorare in questo servizio.")
    if comando.a == da:
        raise Rejected("invio-a-se-stessi", "Non si invia a sé stessi.")
    giorno = comando.avvenuto_il
    entro = comando.rispondere_entro or qui.termini.risposta(giorno, comando.prestazione, comando.urgente)
    if entro < giorno:
        raise Rejected("termine-prima-della-richiesta", "Il termine per rispondere è prima della richiesta.")
    asked = comando.model_dump(exclude={"da", "rispondere_entro"})
    return [contratto.InvioRichiesto(**asked, da=da, rispondere_entro=entro)]


@invii.command("conferma")
def conferma(invio: Spedito, comando: Conferma, riceventi: Riceventi, successore: Spedito | None) -> Events:
    """Conferma un'accettazione, in tempo o tardiva; in una catena, solo quando chi altro l'aveva ha finito.

    Raises: Rejected "invio-non-da-confermare", "accettazione-non-vista", "invio-precedente-ancora-aperto".
    """
    if not invio.atteso or successore is not None:
        raise Rejected("invio-non-da-confermare", "L'invio non aspetta una conferma.")
    _, half = overall(invio, riceventi.di_questo)
    scelto = riceventi.di_questo.get(comando.a) if comando.a else half
    if scelto is None or scelto.stadio != "accettato":
        raise Rejected("accettazione-non-vista", "Non risulta un'accettazione da confermare.")
    if invio.a is not None and scelto.nodo != invio.a:
        raise Rejected("accettazione-non-vista", "Ha risposto chi non era stato interpellato.")
    if not riceventi.catena_libera:
        raise Rejected("invio-precedente-ancora-aperto", "Un altro della stessa catena non ha ancora finito.")
    return [contratto.InvioConfermato(avvenuto_il=comando.avvenuto_il, a=scelto.nodo)]


@invii.command("annullamento")
def annulla(invio: Spedito, comando: Annullamento) -> Events:
    """Ferma l'invio; dopo la conferma è una richiesta di fermarsi, e chiude chi riceve.

    Raises: Rejected "invio-non-annullabile".
    """
    if invio.stadio not in ("richiesto", "scaduto", "confermato"):
        raise Rejected("invio-non-annullabile", "L'invio è già chiuso, o la richiesta di fermarsi è già partita.")
    return [contratto.InvioAnnullato(avvenuto_il=comando.avvenuto_il, da="inviante", motivo=comando.motivo)]


@invii.command("scadenza")
def scade(invio: Spedito, comando: Scadenza, oggi: date) -> Events:
    """Segna che nessuno ha risposto in tempo. Lo fa il servizio da sé.

    Raises: Rejected "invio-non-in-attesa", "termine-non-passato".
    """
    if invio.stadio != "richiesto":
        raise Rejected("invio-non-in-attesa", "L'invio non aspetta una risposta.")
    if oggi <= invio.rispondere_entro:
        raise Rejected("termine-non-passato", "Il termine per rispondere non è ancora passato.")
    return [contratto.InvioScaduto(avvenuto_il=comando.avvenuto_il)]


@invii.command("reindirizzamento")
def reindirizza(
    invio: Spedito, comando: Reindirizzamento, riceventi: Riceventi, successore: Spedito | None, qui: Here
) -> Events:
    """Offre a un altro ciò che è scaduto, rifiutato, ritirato, interrotto o non riuscito: la storia resta una.

    Raises: Rejected "invio-non-reindirizzabile", "invio-a-se-stessi".
    """
    now, _ = overall(invio, riceventi.di_questo)
    if now.stato not in OFFERED_AGAIN:
        raise Rejected("invio-non-reindirizzabile", "L'invio è ancora in mano a qualcuno, o è già chiuso.")
    if comando.a == invio.da:
        raise Rejected("invio-a-se-stessi", "Non si invia a sé stessi.")
    giorno, nuovo = comando.avvenuto_il, invio.successore
    if successore is not None:
        # The end of an old backup can hold the successor without what comes here: it is completed.
        return [contratto.InvioReindirizzato(avvenuto_il=giorno, a=successore.a, nuovo=nuovo)]
    asked = {name: getattr(invio, name) for name in contratto.InvioRichiesto.model_fields if hasattr(invio, name)}
    changed = {
        "avvenuto_il": giorno,
        "a": comando.a,
        "segue": invio.id,
        "rispondere_entro": qui.termini.risposta(giorno, invio.prestazione, invio.urgente),
    }
    return [
        invii.at(nuovo, contratto.InvioRichiesto.model_validate(asked | changed)),
        contratto.InvioReindirizzato(avvenuto_il=giorno, a=comando.a, nuovo=nuovo),
    ]


@invii.command("archiviazione")
def archivia(invio: Spedito, comando: contratto.InvioArchiviato, riceventi: Riceventi) -> Events:
    """Chiude la parte di chi invia, quando tocca a lui e non c'è un'accettazione da confermare.

    Raises: Rejected "invio-non-archiviabile".
    """
    now, _ = overall(invio, riceventi.di_questo)
    if now.tocca_a != S or now.stato == "accettato":
        raise Rejected("invio-non-archiviabile", "L'invio non si può archiviare: tocca ad altri, o va confermato.")
    return [comando]
