"""L'alloggio messo a disposizione del progetto: una famiglia alla volta."""

from typing import Annotated, Literal

from contratti import casa
from contratti.rete import Event, Importo
from pydantic import Field
from telaio.command import Command, Holder
from telaio.entity import Entity, Events, Rejected, State

from casa.adesione import Adesione
from casa.famiglia import Famiglia, in_carico
from casa.garanzia import Garanzia, garanzie


class Alloggio(State):
    """L'alloggio e chi ci abita. `disponibile` e `assegnato` contano inizi meno fini: 1 sì, 0 no."""

    comune: str = ""
    vani: int = 0
    canone_centesimi: int = 0
    locatore: str = ""
    disponibile: int = 0
    assegnato: int = 0
    famiglia: str | None = None


alloggi = Entity("alloggio", Alloggio, "alloggi", "Alloggio")


@alloggi.begins
def _(alloggio: Alloggio | None, evento: casa.AlloggioResoDisponibile) -> Alloggio:
    prima = alloggio or Alloggio()
    return prima.with_(
        comune=evento.comune,
        vani=evento.vani,
        canone_centesimi=evento.canone_centesimi,
        locatore=evento.locatore,
        disponibile=prima.disponibile + 1,
    )


alloggi.after(casa.AlloggioAssegnato, lambda a, e: a.with_(assegnato=a.assegnato + 1, famiglia=e.famiglia))
alloggi.after(casa.AlloggioLiberato, lambda a, e: a.with_(assegnato=a.assegnato - 1, famiglia=None))
alloggi.after(casa.AlloggioRitirato, lambda a, e: a.with_(disponibile=a.disponibile - 1))


alloggi.switch(
    "disponibile",
    on_twice=("alloggio-gia-disponibile", "L'alloggio è già a disposizione del progetto."),
    off_twice=("alloggio-non-disponibile", "L'alloggio non è a disposizione del progetto."),
)
alloggi.switch(
    "assegnato",
    on_twice=("alloggio-gia-assegnato", "L'alloggio è già assegnato a una famiglia."),
    off_twice=("alloggio-non-assegnato", "L'alloggio non è assegnato ad alcuna famiglia."),
)


@alloggi.invariant
def ritirato_solo_se_libero(alloggio: Alloggio) -> None:
    """Raises: Rejected "alloggio-ritirato-e-assegnato"."""
    if alloggio.assegnato and not alloggio.disponibile:
        raise Rejected("alloggio-ritirato-e-assegnato", "Un alloggio ritirato non si assegna; uno assegnato si libera.")


class Liberazione(Command):
    """La famiglia lascia l'alloggio; se la sua garanzia è attiva si dice che cosa ne è."""

    garanzia_attiva: Literal["svincolo", "escussione_e_svincolo"] | None = Field(
        None, title="Che cosa ne è della garanzia", description="Da dire solo se per l'alloggio ce n'è una attiva"
    )
    importo_escusso_centesimi: Importo | None = Field(
        None, title="Importo escusso", description="In centesimi di euro; solo con un'escussione"
    )
    motivo_escussione: casa.MotivoEscussione | None = Field(
        None, title="Motivo dell'escussione", description="Solo con un'escussione"
    )


@alloggi.command("disponibilita", title="Disponibilità", creates=True)
def rendi_disponibile(
    alloggio: Alloggio | None, comando: casa.AlloggioResoDisponibile, tramite_agenzia: Adesione | None
) -> Events:
    """Mette l'alloggio a disposizione; uno che torna riapre la stessa scheda.

    Raises: Rejected "alloggio-gia-disponibile", "agenzia-non-aderente".
    """
    if comando.tramite_agenzia and not (tramite_agenzia and tramite_agenzia.di_agenzia):
        raise Rejected("agenzia-non-aderente", "L'agenzia indicata non ha un'adesione al Fondo in corso.")
    return [comando]


@alloggi.command("assegnazione")
def assegna(alloggio: Alloggio, comando: casa.AlloggioAssegnato, famiglia: Famiglia) -> Events:
    """Assegna l'alloggio a una famiglia in carico.

    Raises: Rejected "famiglia-non-in-carico", "alloggio-gia-assegnato", "alloggio-ritirato-e-assegnato".
    """
    in_carico(famiglia)
    return [comando]


@alloggi.command("liberazione")
def libera(
    alloggio: Alloggio,
    comando: Liberazione,
    garanzia: Annotated[Garanzia | None, Holder("alloggio-gia-garantito")],
) -> Events:
    """Libera l'alloggio e, nello stesso momento, chiude la garanzia che era attiva.

    Raises: Rejected "alloggio-non-assegnato", "garanzia-ancora-attiva", "garanzia-non-attiva",
    "escussione-incompleta", "escussione-oltre-il-massimale", "fondo-incapiente".
    """
    libero, chiusura = casa.AlloggioLiberato(avvenuto_il=comando.avvenuto_il), _chiusura(comando)
    if garanzia is not None and chiusura:
        return [*(garanzie.at(garanzia.id, evento) for evento in chiusura), libero]
    if garanzia is not None:
        raise Rejected("garanzia-ancora-attiva", "La garanzia è ancora attiva: va detto che cosa ne è.")
    if chiusura:
        raise Rejected("garanzia-non-attiva", "Per l'alloggio non c'è alcuna garanzia attiva.")
    return [libero]


def _chiusura(comando: Liberazione) -> list[Event]:
    """Gli eventi che chiudono la garanzia, nessuno se non va chiusa. Raises: Rejected "escussione-incompleta"."""
    giorno, importo, motivo = comando.avvenuto_il, comando.importo_escusso_centesimi, comando.motivo_escussione
    if {importo is not None, motivo is not None} != {comando.garanzia_attiva == "escussione_e_svincolo"}:
        raise Rejected("escussione-incompleta", "Importo e motivo vanno indicati insieme, e solo per un'escussione.")
    if comando.garanzia_attiva is None:
        return []
    svincolo = casa.GaranziaSvincolata(avvenuto_il=giorno, motivo="alloggio_liberato")
    if importo is None or motivo is None:
        return [svincolo]
    return [casa.GaranziaEscussa(avvenuto_il=giorno, importo_centesimi=importo, motivo=motivo), svincolo]


alloggi.records("ritiro", casa.AlloggioRitirato)
