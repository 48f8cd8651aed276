"""Come sta il sistema, in parole: chi si sente, che cosa arriva, fin dove è arrivato chi legge."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from telaio.database import Connection
from telaio.runtime import Runtime
from telaio.web.formats import instant

from cruscotto.domande import freschezza

Voto = Literal["bene", "attenzione", "male"]
SENZA_BATTITI = timedelta(minutes=5)
TANTO_INDIETRO = 1_000
_FLUSSI = "select topic, sum(next_offset)::bigint from consumer_offset group by topic order by topic"
_GENERAZIONE = "select name, filled_at from public.generation where name = current_schema()"


@dataclass(frozen=True)
class Parte:
    """Una parte del sistema: come sta, e perché si dice così. `chi`: il partner, se è sua."""

    nome: str
    voto: Voto
    detto: str
    chi: str = ""


@dataclass(frozen=True)
class Stato:
    """Tutte le parti, per gruppo."""

    servizi: Sequence[Parte]
    flussi: Sequence[Parte]
    cruscotto: Sequence[Parte]

    @property
    def tutte(self) -> list[Parte]:
        """Le parti di ogni gruppo."""
        return [*self.servizi, *self.flussi, *self.cruscotto]

    @property
    def voto(self) -> Voto:
        """Quello della parte che sta peggio."""
        voti = {p.voto for p in self.tutte}
        return "male" if "male" in voti else "attenzione" if "attenzione" in voti else "bene"


async def leggi(connection: Connection, runtime: Runtime, giorni_di_silenzio: int) -> Stato:
    """Lo stato di adesso."""
    fonti = await freschezza.fonti(connection)
    attesa = await freschezza.attenzione(connection, fonti, runtime.clock.now(), giorni_di_silenzio)
    letti = dict(await connection.fetch(_FLUSSI))
    generazione = await connection.fetchrow(_GENERAZIONE)
    linee, enti = runtime.district.linee, runtime.district.enti
    battiti = runtime.status.get("battiti", {})
    servizi = [
        _servizio(nome, enti.get(chi, chi), battiti.get(nome), [f for f in fonti if f.servizio == nome])
        for nome, chi in linee.items()
    ]
    flussi = [_flusso(f"{nome}.eventi", letti) for nome in linee]
    sue = [_lettore(runtime.status.get("lettore", {})), _da_parte(attesa), _tabelle(generazione)]
    return Stato(servizi, flussi, sue)


def _servizio(nome: str, chi: str, battito: float | None, fonti: Sequence[freschezza.Fonte]) -> Parte:
    """Un servizio e il suo relay: il battito fa la strada degli eventi, e chi si sente può spedire."""
    ultima = max((f.ultimo_alle for f in fonti), default=None)
    registrato = f"Ultima registrazione ricevuta: {instant(ultima)}." if ultima else "Ancora nessuna registrazione."
    if battito is None:
        return Parte(nome, "attenzione", f"Da quando il cruscotto è acceso non si è ancora sentito. {registrato}", chi)
    silenzio = datetime.now(UTC) - datetime.fromtimestamp(battito, UTC)
    if silenzio > SENZA_BATTITI:
        minuti = round(silenzio.total_seconds() / 60)
        detto = f"Non si sente da {minuti} minuti: il servizio o il suo invio degli eventi è fermo. {registrato}"
        return Parte(nome, "male", detto, chi)
    return Parte(nome, "bene", f"Il servizio è acceso e spedisce. {registrato}", chi)


def _flusso(topic: str, letti: Mapping[str, int]) -> Parte:
    if topic not in letti:
        return Parte(topic, "attenzione", "Di questo flusso il cruscotto non ha ancora letto niente.")
    return Parte(topic, "bene", f"Letto fino al record {letti[topic]:,}.".replace(",", "."))


def _lettore(detto: Mapping[str, Any]) -> Parte:
    """La proiezione: chi legge gli eventi e ne fa le cifre."""
    indietro = int(detto.get("ritardo", 0))
    if not detto:
        return Parte("lettura degli eventi", "attenzione", "Gli eventi li legge un altro processo.")
    if detto.get("kafka") is False:
        return Parte("lettura degli eventi", "male", "Il flusso degli eventi non si raggiunge: le cifre sono ferme.")
    if detto.get("kafka") is None:
        return Parte("lettura degli eventi", "attenzione", "Il flusso degli eventi non ha ancora risposto.")
    if detto.get("allarmi"):
        return Parte("lettura degli eventi", "male", "Una parte degli eventi non si può leggere: serve chi amministra.")
    if indietro > TANTO_INDIETRO:
        return Parte("lettura degli eventi", "attenzione", f"Indietro di {indietro} eventi: li sta recuperando.")
    return Parte("lettura degli eventi", "bene", "Le cifre sono aggiornate all'ultimo evento ricevuto.")


def _da_parte(attesa: freschezza.Attenzione) -> Parte:
    quanti = f"{attesa.quarantena} in quarantena, {attesa.in_attesa} in attesa, {attesa.biforcati} schede ferme"
    if attesa.quarantena or attesa.biforcati:
        return Parte("eventi messi da parte", "attenzione", f"{quanti}: chi amministra li guarda uno per uno.")
    return Parte("eventi messi da parte", "bene", f"{quanti}.")


def _tabelle(generazione: Any) -> Parte:
    if generazione is None or generazione["filled_at"] is None:
        return Parte("tabelle delle cifre", "attenzione", "Si stanno riempiendo.")
    pronta = instant(generazione["filled_at"])
    return Parte("tabelle delle cifre", "bene", f"Si serve {generazione['name']}, pronta dal {pronta}.")
