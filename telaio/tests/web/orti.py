"""A made-up strand with a field of every kind: community gardens, their harvests, and the till that sums them."""

from datetime import date
from typing import Annotated, Any, Literal

from contratti.rete import Bisogni, Centesimi, CodiceComune, Ente, EntitaId, Event, Importo, PersonaId
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from telaio.entity import Entity, Events, Rejected, State
from telaio.service import Service, Vista

OrtoId = Annotated[EntitaId, Field(title="Orto")]
Ortolani = Annotated[
    tuple[PersonaId, ...], Field(title="Ortolani", description="Chi coltiva", min_length=1, max_length=20)
]


class OrtoAperto(Event):
    """Un orto nuovo."""

    comune: CodiceComune
    ortolani: Ortolani
    posti: Annotated[int, Field(title="Posti", ge=1, le=50, examples=[12])]
    canone_centesimi: Annotated[Centesimi, Field(title="Canone mensile")]
    irriguo: Annotated[bool, Field(title="Irriguo")]
    terreno: Annotated[Literal["privato", "ente_pubblico", "altro"], Field(title="Terreno")]
    bisogni: Bisogni = ()
    gestore: Ente | None = Field(None, title="Gestore")
    prima_semina_il: date | None = Field(None, title="Prima semina")
    note_di_cantiere: str = Field("", title="Note di cantiere", max_length=200)


class RaccoltoVenduto(Event):
    """Un raccolto venduto al mercato."""

    importo_centesimi: Importo


class OrtoGemellato(Event):
    """Due orti che si aiutano."""

    orto: OrtoId


class AttrezzoPrestato(Event):
    """Un attrezzo dato a un orto."""

    orto: OrtoId


class Turno(BaseModel):
    """Chi cura l'orto, e quando."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    ortolano: PersonaId
    giorno: Annotated[Literal["lunedi", "martedi", "mercoledi", "altro"], Field(title="Giorno")]
    dalle: Annotated[
        str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$"), Field(title="Dalle", examples=["09:30"])
    ]
    rimborso_centesimi: Annotated[Importo, Field(title="Rimborso")]
    con_la_pioggia: bool = Field(False, title="Anche con la pioggia")


def _uno_al_giorno(turni: tuple[Turno, ...]) -> tuple[Turno, ...]:
    if len({t.giorno for t in turni}) != len(turni):
        raise ValueError("due turni nello stesso giorno")
    return turni


class TurniFissati(Event):
    """I turni della settimana, al posto di quelli di prima."""

    turni: Annotated[
        tuple[Turno, ...], Field(title="Turni", min_length=1, max_length=8), AfterValidator(_uno_al_giorno)
    ]


class FestaFatta(Event):
    """Una festa, da soli o con altri orti."""

    con_orti: Annotated[tuple[EntitaId, ...], Field(title="Con quali orti", max_length=20)] = ()


class Attrezzo(State):
    orto: str


class Orto(State):
    comune: str
    ortolani: tuple[str, ...]
    posti: int
    canone_centesimi: int
    irriguo: bool
    terreno: str
    aperto_il: date
    venduto_centesimi: int = 0
    orto: str | None = None
    turni: tuple[Turno, ...] = ()
    feste: tuple[str, ...] = ()


class Cassa(State):
    incassi_centesimi: int = 0


for _event in (OrtoAperto, RaccoltoVenduto, OrtoGemellato, AttrezzoPrestato, TurniFissati, FestaFatta):
    Event.registro[_event.type_name, _event.schema_version] = _event

orti = Entity("orto", Orto, "orti", "Orto")
casse = Entity("cassa", Cassa, "casse", "Cassa", singleton="unica")


attrezzi = Entity("attrezzo", Attrezzo, "attrezzi", "Attrezzo")


@attrezzi.begins
def prestato(attrezzo: Attrezzo | None, evento: AttrezzoPrestato) -> Attrezzo:
    return Attrezzo(orto=evento.orto)


@attrezzi.command("prestito", creates=True)
def presta(attrezzo: Attrezzo | None, comando: AttrezzoPrestato) -> Events:
    """Presta un attrezzo a un orto."""
    return [comando]


@orti.begins
def aperto(orto: Orto | None, evento: OrtoAperto) -> Orto:
    dati = evento.model_dump(exclude={"avvenuto_il", "bisogni", "gestore", "prima_semina_il", "note_di_cantiere"})
    return Orto(**dati, aperto_il=evento.avvenuto_il)


@orti.on
def venduto(orto: Orto, evento: RaccoltoVenduto) -> Any:
    return orto.with_(venduto_centesimi=orto.venduto_centesimi + evento.importo_centesimi)


@orti.on
def gemellato(orto: Orto, evento: OrtoGemellato) -> Any:
    return orto.with_(orto=evento.orto)


@orti.command("apertura", title="Apertura di un orto", creates=True)
def apri(orto: Orto | None, comando: OrtoAperto) -> Events:
    """Apre un orto. Raises: Rejected "orto-gia-aperto"."""
    if orto:
        raise Rejected("orto-gia-aperto", "L'orto è già aperto.")
    return [comando]


@orti.command("vendita", title="Vendita di un raccolto")
def vendi(orto: Orto, comando: RaccoltoVenduto) -> Events:
    """Registra la vendita di un raccolto. Raises: Rejected "troppo-bello"."""
    if comando.importo_centesimi > 100_000_00:
        raise Rejected("troppo-bello", "Un orto non rende più di centomila euro.")
    return [comando]


@orti.command("gemellaggio")
def gemella(orto: Orto, comando: OrtoGemellato) -> Events:
    """Gemella due orti."""
    return [comando]


orti.after(TurniFissati, lambda o, e: o.with_(turni=e.turni))
orti.after(FestaFatta, lambda o, e: o.with_(feste=e.con_orti))
orti.records("turni", TurniFissati)
orti.records("festa", FestaFatta)


@casse.sums(orti)
def incassi(cassa: Cassa, prima: Orto | None, dopo: Orto | None) -> Cassa:
    piu, meno = (o.venduto_centesimi if o else 0 for o in (dopo, prima))
    return Cassa(incassi_centesimi=cassa.incassi_centesimi + piu - meno)


APERTI = """
    select id, state->>'comune' as comune, (state->>'aperto_il')::date as aperto_il,
           (state->>'venduto_centesimi')::bigint as venduto_centesimi
    from snapshot where kind = 'orto' and (state->>'aperto_il')::date <= $1 order by state->>'aperto_il', id
"""
PER_COMUNE = """
    select state->>'comune' as comune, count(*) as orti, sum((state->>'venduto_centesimi')::bigint) as incassi_centesimi
    from snapshot where kind = 'orto' group by 1 order by 1
"""


def strand() -> Service:
    """The made-up strand as a service."""
    lists = [Vista("aperti", "Orti aperti", APERTI, orti), Vista("per-comune", "Orti per comune", PER_COMUNE)]
    return Service(name="orti", title="Orti di comunità", entities=[orti, casse, attrezzi], lists=lists)
