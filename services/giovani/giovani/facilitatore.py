"""Il facilitatore di comunità: dove ha l'incarico, quanti giovani incontra."""

from datetime import date

from contratti import giovani
from telaio.entity import Entity, Rejected, State


class Facilitatore(State):
    """L'incarico e gli incontri. `incaricato` conta incarichi meno cessazioni: 1 sì, 0 no.

    `troppi_nuovi` tiene i giorni in cui i nuovi superano i presenti: una storia impossibile.
    """

    comuni: tuple[str, ...] = ()
    incaricato: int = 0
    primo_incarico_il: date | None = None
    incaricato_dal_il: date | None = None
    cessato_il: date | None = None
    coinvolgimenti: int = 0
    giovani: int = 0
    nuovi: int = 0
    troppi_nuovi: tuple[date, ...] = ()
    primo_coinvolgimento_il: date | None = None
    ultimo_coinvolgimento_il: date | None = None


facilitatori = Entity("facilitatore", Facilitatore, "facilitatori", "Facilitatore", named_by=("comuni",))


@facilitatori.begins
def _(facilitatore: Facilitatore | None, evento: giovani.FacilitatoreIncaricato) -> Facilitatore:
    prima = facilitatore or Facilitatore()
    return prima.with_(
        comuni=evento.comuni,
        incaricato=prima.incaricato + 1,
        primo_incarico_il=min(prima.primo_incarico_il or evento.avvenuto_il, evento.avvenuto_il),
        incaricato_dal_il=evento.avvenuto_il,
        cessato_il=None,
    )


@facilitatori.on
def _(facilitatore: Facilitatore, evento: giovani.CoinvolgimentoSvolto) -> Facilitatore:
    giorno, f = evento.avvenuto_il, facilitatore
    return f.with_(
        coinvolgimenti=f.coinvolgimenti + 1,
        giovani=f.giovani + evento.giovani,
        nuovi=f.nuovi + evento.nuovi,
        troppi_nuovi=(*f.troppi_nuovi, giorno) if evento.nuovi > evento.giovani else f.troppi_nuovi,
        primo_coinvolgimento_il=min(f.primo_coinvolgimento_il or giorno, giorno),
        ultimo_coinvolgimento_il=max(f.ultimo_coinvolgimento_il or giorno, giorno),
    )


facilitatori.after(
    giovani.FacilitatoreCessato, lambda f, e: f.with_(incaricato=f.incaricato - 1, cessato_il=e.avvenuto_il)
)


facilitatori.switch(
    "incaricato",
    on_twice=("facilitatore-gia-incaricato", "Il facilitatore ha già un incarico in corso."),
    off_twice=("facilitatore-non-incaricato", "Il facilitatore non ha un incarico in corso."),
)


facilitatori.never(
    "cessazione-prima-dell-incarico",
    "L'incarico risulta finito prima di cominciare.",
    lambda f: f.cessato_il and f.incaricato_dal_il and f.cessato_il < f.incaricato_dal_il,
)


@facilitatori.invariant
def coinvolge_mentre_ha_l_incarico(facilitatore: Facilitatore) -> None:
    """Raises: Rejected "coinvolgimento-fuori-incarico"; conta il giorno, non quando lo si registra."""
    primo, ultimo = facilitatore.primo_coinvolgimento_il, facilitatore.ultimo_coinvolgimento_il
    dal, al = facilitatore.primo_incarico_il, facilitatore.cessato_il
    if (primo and dal and primo < dal) or (ultimo and al and ultimo > al):
        raise Rejected("coinvolgimento-fuori-incarico", "Quel giorno il facilitatore non aveva l'incarico.")


facilitatori.never(
    "nuovi-oltre-i-giovani",
    "I giovani incontrati per la prima volta sono più di quelli presenti.",
    lambda f: f.troppi_nuovi,
)

# Chi torna riapre la stessa scheda. Un incontro si può registrare anche dopo la cessazione, se è avvenuto prima.
facilitatori.records("incarico", giovani.FacilitatoreIncaricato, creates=True)
facilitatori.records("coinvolgimento", giovani.CoinvolgimentoSvolto)
facilitatori.records("cessazione", giovani.FacilitatoreCessato)
