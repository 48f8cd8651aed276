"""Il Punto di Comunità: il luogo, chi lo tiene aperto e quando, che cosa vi accade, il cammino verso l'autonomia."""

from datetime import date, timedelta
from typing import Any

from contratti import punti as contratto
from contratti.punti import Contatto, Orario
from contratti.rete import Event
from pydantic import BaseModel, ConfigDict
from telaio.entity import Entity, Rejected, State

FASI = ("avvio", "cogestione", "autonomia")
UNA_SETTIMANA = timedelta(days=7)
CHIUSO = ("punto-chiuso", "Quel giorno il Punto di Comunità era già chiuso.")


class Passo(BaseModel):
    """Una fase raggiunta, quando, e se è stato detto perché."""

    model_config = ConfigDict(frozen=True)

    fase: str
    raggiunta_il: date
    motivo: str | None = None


class Attivita(BaseModel):
    """Un'attività e chi c'era."""

    model_config = ConfigDict(frozen=True)

    svolta_il: date
    promossa_da: str
    presenze: int
    prime_presenze: int


class Punto(State):
    """Il Punto com'è adesso: ciò che si registra in ritardo vale dal giorno in cui è avvenuto.

    `aperto` conta aperture meno chiusure: 1 sì, 0 no. `attivita` sono quelle della settimana che finisce con l'ultima;
    le altre restano nella storia. `dopo_la_chiusura` tiene i giorni di ciò che è avvenuto a Punto chiuso: una storia
    impossibile.
    """

    denominazione: str = ""
    comune: str = ""
    indirizzo: str = ""
    contatti: tuple[Contatto, ...] = ()
    gestore: str = ""
    facilitatore: str = ""
    facilitatore_dal_il: date | None = None
    aperto: int = 0
    chiuso_il: date | None = None
    specializzazioni: tuple[str, ...] = ()
    orari: tuple[Orario, ...] = ()
    orari_dal_il: date | None = None
    tenuto_da: str | None = None
    fase: str = FASI[0]
    passi: tuple[Passo, ...] = ()
    attivita: tuple[Attivita, ...] = ()
    dopo_la_chiusura: tuple[date, ...] = ()


punti = Entity("punto", Punto, "punti", "Punto di Comunità", named_by=("denominazione",))


def aperto(punto: Punto, giorno: date) -> None:
    """Raises: Rejected "punto-chiuso"; ciò che è avvenuto fino al giorno della chiusura si registra anche dopo."""
    if punto.chiuso_il is not None and giorno > punto.chiuso_il:
        raise Rejected(*CHIUSO)


def _nel_punto(punto: Punto, evento: Event, **cambi: Any) -> Punto:
    """Restituisce il Punto cambiato dall'evento, segnando se è avvenuto a Punto chiuso."""
    dopo = (evento.avvenuto_il,) if punto.chiuso_il and evento.avvenuto_il > punto.chiuso_il else ()
    return punto.with_(dopo_la_chiusura=(*punto.dopo_la_chiusura, *dopo), **cambi)


@punti.begins
def _(punto: Punto | None, evento: contratto.PuntoDiComunitaAperto) -> Punto:
    prima = punto or Punto()
    return prima.with_(
        denominazione=evento.denominazione,
        comune=evento.comune,
        indirizzo=evento.indirizzo,
        contatti=evento.contatti,
        gestore=evento.gestore,
        facilitatore=evento.facilitatore,
        facilitatore_dal_il=evento.avvenuto_il,
        aperto=prima.aperto + 1,
        chiuso_il=None,
    )


@punti.on
def _(punto: Punto, evento: contratto.FacilitatoreDelPuntoCambiato) -> Punto:
    if punto.facilitatore_dal_il and evento.avvenuto_il < punto.facilitatore_dal_il:
        return _nel_punto(punto, evento)
    return _nel_punto(punto, evento, facilitatore=evento.facilitatore, facilitatore_dal_il=evento.avvenuto_il)


@punti.on
def _(punto: Punto, evento: contratto.OrariAggiornati) -> Punto:
    if punto.orari_dal_il and evento.avvenuto_il < punto.orari_dal_il:
        return _nel_punto(punto, evento)
    nuovi = {"orari": evento.orari, "orari_dal_il": evento.avvenuto_il, "tenuto_da": evento.tenuto_da}
    return _nel_punto(punto, evento, **nuovi)


@punti.on
def _(punto: Punto, evento: contratto.AttivitaSvolta) -> Punto:
    nuova = Attivita(svolta_il=evento.avvenuto_il, **evento.model_dump(exclude={"avvenuto_il"}))
    tutte = (*punto.attivita, nuova)
    inizio = max(a.svolta_il for a in tutte) - UNA_SETTIMANA
    return _nel_punto(punto, evento, attivita=tuple(a for a in tutte if a.svolta_il > inizio))


@punti.on
def _(punto: Punto, evento: contratto.FaseDiAutonomiaRaggiunta) -> Punto:
    nuovo = Passo(fase=evento.fase, raggiunta_il=evento.avvenuto_il, motivo=evento.motivo)
    passi = tuple(sorted((*punto.passi, nuovo), key=lambda p: p.raggiunta_il))
    return _nel_punto(punto, evento, passi=passi, fase=passi[-1].fase)


@punti.on
def _(punto: Punto, evento: contratto.PuntoSpecializzato) -> Punto:
    return _nel_punto(punto, evento, specializzazioni=(*punto.specializzazioni, evento.specializzazione))


punti.after(contratto.PuntoChiuso, lambda p, e: p.with_(aperto=p.aperto - 1, chiuso_il=e.avvenuto_il))


punti.switch(
    "aperto",
    on_twice=("punto-gia-aperto", "Il Punto di Comunità è già aperto."),
    off_twice=("punto-non-aperto", "Il Punto di Comunità non è aperto."),
)


punti.never(*CHIUSO, lambda p: p.dopo_la_chiusura)
punti.never(
    "punto-gia-specializzato",
    "Il Punto di Comunità ha già questa specializzazione.",
    lambda p: len(set(p.specializzazioni)) != len(p.specializzazioni),
)


@punti.invariant
def avanti_o_con_un_motivo(punto: Punto) -> None:
    """Raises: Rejected "fase-non-prevista", "fase-gia-raggiunta", "ritorno-senza-motivo"; conta il giorno di ognuna."""
    if any(p.fase not in FASI for p in punto.passi):
        raise Rejected("fase-non-prevista", "Le fasi sono tre: avvio, cogestione, autonomia.")
    for prima, passo in zip((FASI[0], *(p.fase for p in punto.passi)), punto.passi, strict=False):
        salto = FASI.index(passo.fase) - FASI.index(prima)
        if salto == 0:
            raise Rejected("fase-gia-raggiunta", "In quel giorno il Punto di Comunità è già in questa fase.")
        if salto < 0 and passo.motivo is None:
            raise Rejected("ritorno-senza-motivo", "Il Punto torna a una fase di prima: va detto il motivo.")


# Un Punto che riapre riprende la stessa scheda. Le ore di sportello sotto il minimo non si rifiutano: gli orari sono
# quelli che sono, e chi viene deve trovarli giusti. Le segnala la lista dei Punti aperti.
punti.records("apertura", contratto.PuntoDiComunitaAperto, creates=True)
punti.records("specializzazione", contratto.PuntoSpecializzato)
punti.records("facilitatore", contratto.FacilitatoreDelPuntoCambiato, title="Nuovo facilitatore")
punti.records("orari", contratto.OrariAggiornati)
punti.records("attivita", contratto.AttivitaSvolta, title="Attività")
punti.records("fase", contratto.FaseDiAutonomiaRaggiunta, title="Fase di autonomia")
punti.records("chiusura", contratto.PuntoChiuso)
