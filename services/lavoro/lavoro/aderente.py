"""Chi aderisce alla rete per il lavoro: quanti dipendenti ha avuto, quali tirocini ospita."""

from datetime import date

from contratti import lavoro
from pydantic import BaseModel
from telaio.entity import Entity, Rejected, State

from lavoro.tirocinio import Tirocinio, tirocini


class Ospitato(BaseModel):
    """Un tirocinio, dal primo all'ultimo giorno."""

    tirocinio: str
    dal: date
    al: date


class Aderente(State):
    """L'adesione, l'organico nel tempo, i tirocini. `in_rete` conta sottoscrizioni meno cessazioni: 1 sì, 0 no."""

    tipo: str = ""
    comune: str = ""
    ateco: str | None = None
    ente_pubblico: bool = False
    in_rete: int = 0
    cessata_il: date | None = None
    organico: tuple[lavoro.DipendentiAggiornati, ...] = ()
    ospitati: tuple[Ospitato, ...] = ()

    def dipendenti_al(self, giorno: date) -> int | None:
        """Restituisce quanti dipendenti aveva quel giorno, None se non è stato detto."""
        noti = sorted((o for o in self.organico if o.avvenuto_il <= giorno), key=lambda o: o.avvenuto_il)
        return noti[-1].dipendenti if noti else None


aderenti = Entity("aderente", Aderente, "aderenti", "Aderente", named_by=("comune", "tipo", "ateco"))


@aderenti.begins
def _(aderente: Aderente | None, evento: lavoro.AdesioneAllaReteSottoscritta) -> Aderente:
    prima, detto = aderente or Aderente(), evento.model_dump(include={"tipo", "comune", "ateco", "ente_pubblico"})
    dipendenti = [] if evento.dipendenti is None else [lavoro.DipendentiAggiornati(**evento.model_dump())]
    return prima.with_(**detto, in_rete=prima.in_rete + 1, organico=(*prima.organico, *dipendenti))


aderenti.after(lavoro.DipendentiAggiornati, lambda a, e: a.with_(organico=(*a.organico, e)))
aderenti.after(lavoro.AdesioneAllaReteCessata, lambda a, e: a.with_(in_rete=a.in_rete - 1, cessata_il=e.avvenuto_il))
aderenti.switch(
    "in_rete",
    on_twice=("adesione-gia-sottoscritta", "Fa già parte della rete."),
    off_twice=("adesione-non-in-corso", "Non fa parte della rete."),
)


@aderenti.sums(tirocini, by="aderente")
def ospita(aderente: Aderente, prima: Tirocinio | None, dopo: Tirocinio | None) -> Aderente:
    """Restituisce l'aderente dopo che uno dei suoi tirocini è cambiato."""
    altri = [o for o in aderente.ospitati if prima is None or o.tirocinio != prima.id]
    nuovi = [Ospitato(tirocinio=dopo.id, dal=dopo.dal, al=dopo.fino_al)] if dopo else []
    return aderente.with_(ospitati=tuple(sorted([*altri, *nuovi], key=lambda o: (o.dal, o.tirocinio))))


def in_rete(aderente: Aderente, giorno: date) -> None:
    """Raises: Rejected "aderente-non-in-rete"; chi ha lasciato la rete dopo quel giorno ne faceva ancora parte."""
    if not aderente.in_rete and (aderente.cessata_il is None or aderente.cessata_il < giorno):
        raise Rejected("aderente-non-in-rete", "Non fa parte della rete per il lavoro: prima va registrata l'adesione.")


# Chi torna riapre la stessa scheda. Chi lascia la rete porta a termine i tirocini che ospita.
aderenti.records("sottoscrizione", lavoro.AdesioneAllaReteSottoscritta, creates=True)
aderenti.records("aggiornamento-dipendenti", lavoro.DipendentiAggiornati)
aderenti.records("cessazione", lavoro.AdesioneAllaReteCessata)
