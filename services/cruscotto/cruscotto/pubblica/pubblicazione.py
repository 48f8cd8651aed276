"""Ciò che è pubblico, come sta nel diario del cruscotto, e come si rilegge. Non sa da che cifre venga."""

from datetime import date

from contratti.cruscotto import CifraPubblicata
from telaio.database import Connection
from telaio.entity import State

_RILASCI = "select state from snapshot where kind = 'pubblicazione' and state is not null order by state->>'mese'"
_ULTIMO = f"select ({_RILASCI} desc limit 1)"
_ENTRO = """
select state from snapshot where kind = 'pubblicazione' and state->>'mese' <= $1 order by state->>'mese' desc limit 1
"""
_QUANTI = "select count(*) || '-' || coalesce(max(state->>'mese'), '') from snapshot where kind = 'pubblicazione'"


class Pubblicazione(State):
    """Ciò che è diventato pubblico con un mese: ogni cifra con la sua data."""

    mese: str = ""
    soglia: int = 0
    licenza: str = ""
    pubblicata_il: date = date.min
    cifre: tuple[CifraPubblicata, ...] = ()


async def rilasci(connection: Connection) -> list[Pubblicazione]:
    """Tutti i rilasci, dal più lontano."""
    return [Pubblicazione.model_validate_json(stato) for (stato,) in await connection.fetch(_RILASCI)]


async def ultimo(connection: Connection) -> Pubblicazione | None:
    """Il rilascio che vale adesso; None se non se n'è ancora fatto uno."""
    stato = await connection.fetchval(_ULTIMO)
    return Pubblicazione.model_validate_json(stato) if stato is not None else None


async def ultimo_entro(connection: Connection, mese: str) -> Pubblicazione | None:
    """Ciò che era pubblico delle cifre fino a quel mese: per chi diffonde un rapporto, che non ne può dire altre."""
    stato = await connection.fetchval(_ENTRO, mese)
    return Pubblicazione.model_validate_json(stato) if stato is not None else None


async def impronta(connection: Connection) -> str:
    """Cambia quando si pubblica."""
    return str(await connection.fetchval(_QUANTI))


def primo_giorno(mese: str) -> date:
    """Il primo giorno di un mese scritto AAAA-MM."""
    return date.fromisoformat(f"{mese}-01")
