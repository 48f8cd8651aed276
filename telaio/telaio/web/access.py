"""Who may do what: the one table of actions and roles, and who somebody is."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from telaio.settings import Settings
from telaio.web.problems import Problem

SUBJECT = re.compile(r"[!-~]{1,128}")

ROLES = ("operatore", "responsabile", "coordinatore", "protezione_dati", "amministratore_tecnico")
PUBLIC = "pubblico"
WHO_MAY: dict[str, frozenset[str]] = {
    "comando": frozenset({"operatore", "responsabile"}),
    "rettifica": frozenset({"operatore", "responsabile"}),
    "lettura": frozenset({"operatore", "responsabile", "coordinatore", "protezione_dati"}),
    "percorsi": frozenset({"coordinatore"}),
    "rendicontazione": frozenset({"coordinatore"}),
    "approvazione": frozenset({"coordinatore"}),
    "pubblicazione": frozenset({"coordinatore"}),
    "stato": frozenset({"coordinatore", "amministratore_tecnico", "responsabile"}),
    "ops": frozenset({"amministratore_tecnico"}),
}
"""The roles that may, by action. What is not here nobody may. After a change: `make ruoli`."""

MEANING = {
    "comando": "registrare ciò che è successo: comandi e moduli della linea",
    "rettifica": "correggere o annullare un evento registrato, che resta visibile",
    "lettura": "leggere schede, storia, elenchi, indicatori e gli eventi dietro a ogni cifra (pseudonimi, mai nomi)",
    "percorsi": "vedere la storia di una famiglia attraverso le linee",
    "rendicontazione": "preparare e leggere i rendiconti per chi finanzia",
    "approvazione": "approvare un rendiconto, che da allora non cambia più",
    "pubblicazione": "pubblicare i dati aperti del mese",
    "stato": "vedere se ogni partner, relay, topic e proiezione è vivo",
    "ops": "le operazioni tecniche",
    PUBLIC: "ciò che non dice nulla di nessuno: salute del servizio, file, ingresso e uscita, dati pubblicati",
}
"""What each action lets somebody do, for docs/ruoli.md."""


@dataclass(frozen=True)
class Principal:
    """Who calls. `services`: names, or `*` for all; `ente`: the partner they work for."""

    subject: str
    name: str
    roles: frozenset[str]
    services: frozenset[str]
    ente: str | None = None

    def may(self, action: str, service: str) -> bool:
        """Whether one of the roles may do this here."""
        return bool(self.roles & WHO_MAY.get(action, frozenset())) and bool(self.services & {service, "*"})


def permit(principal: Principal, action: str, service: str) -> None:
    """Raises: Problem 403 where none of the principal's roles may do this in this service."""
    if not principal.may(action, service):
        raise Problem(403, "non-permesso", "Il ruolo di chi accede non permette questa operazione in questo servizio.")


def principal_of(claims: Mapping[str, Any], settings: Settings) -> Principal:
    """Who the claims of a token speak of. Raises: KeyError, TypeError, ValueError for claims of another shape."""
    subject, name, ente = claims["sub"], claims.get("name"), _claim(claims, settings.claim_ente)
    if not SUBJECT.fullmatch(subject):
        raise ValueError("sub")
    return Principal(
        subject=subject,
        name=name if isinstance(name, str) and name.isprintable() else subject,
        roles=_words(claims, settings.claim_ruoli),
        services=_words(claims, settings.claim_servizi),
        ente=ente if isinstance(ente, str) else None,
    )


def _words(claims: Mapping[str, Any], name: str) -> frozenset[str]:
    """A claim that is a list of words; nothing where it is missing. Raises: ValueError."""
    words = _claim(claims, name)
    if words is None:
        return frozenset()
    if not isinstance(words, list) or not all(isinstance(w, str) for w in words):
        raise ValueError(name)
    return frozenset(words)


def _claim(claims: Mapping[str, Any], name: str) -> Any:
    """A claim by name, or by steps, as in `realm_access.roles`; None where it is missing."""
    if name in claims:
        return claims[name]
    found: Any = claims
    for step in name.split("."):
        found = found.get(step) if isinstance(found, dict) else None
    return found
