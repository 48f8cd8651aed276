"""The Fondo Garanzia: whatever is asked of it and in whatever order, its ledger balances."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from casa.alloggio import Liberazione, alloggi
from casa.famiglia import famiglie
from casa.fondo import Fondo, fondi
from casa.garanzia import Garanzia, garanzie
from casa.regole import Regole
from casa.service import servizio
from contratti import casa
from contratti.rete import Event
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st
from pydantic import BaseModel
from telaio.decide import Context, Key, addressed, check, decide, fold
from telaio.entity import Addressed, Entity, Rejected, State
from telaio.testing.given import given

GIORNO = date(2016, 3, 20)
FONDO = "fondo-garanzia"
REGOLE = Regole.model_validate(
    {
        "leva_del_fondo": [{"valore": "1.5", "fonte": "prova"}],
        "massimale_massimo_centesimi": [{"valore": 1000, "fonte": "prova"}],
        "mesi_massimi_di_garanzia": [{"valore": 12, "fonte": "prova"}],
        "mesi_di_prova_del_custode": [{"valore": 6, "fonte": "prova"}],
        "mesi_di_affiancamento_del_junior": [{"valore": 6, "fonte": "prova"}],
    }
)


def uuid(kind: int, number: int) -> str:
    return f"0000000{kind}-0000-4000-8000-{number:012x}"


def famiglia(n: int) -> str:
    return uuid(1, n)


def alloggio(n: int) -> str:
    return uuid(2, n)


def garanzia(n: int) -> str:
    return uuid(3, n)


class Mondo:
    """The service in memory: what the chassis does around decisions, without a database."""

    def __init__(self) -> None:
        self.states: dict[Key, State | None] = {}
        self.journal: list[Addressed] = []

    def does(self, entity: Entity[Any], id: str, name: str, command: BaseModel) -> None:
        """Executes a command. Raises: Rejected, and then nothing has changed."""
        spec, own = entity.commands[name], self.states.get((entity.kind, id), entity.initial)
        others = {p: self._other(spec.holders.get(p), p, kind, own, command, id) for p, kind in spec.needs.items()}
        events = addressed(entity, id, decide(entity, spec, own, command, others, Context(GIORNO, REGOLE)))
        after = fold(servizio.by_kind, self.states, events)
        check(servizio.by_kind, after)
        held(after)
        self.states, self.journal = after, [*self.journal, *events]

    def tries(self, entity: Entity[Any], id: str, name: str, command: BaseModel) -> str:
        """Executes a command; the code it was refused with, or ""."""
        try:
            self.does(entity, id, name, command)
        except Rejected as refusal:
            return refusal.code
        return ""

    def _other(self, claim: str | None, name: str, kind: type[State], own: Any, command: BaseModel, id: str) -> Any:
        if claim:
            return self.states.get(held(self.states).get(f"{claim}:{id}", ("", "")))
        other = servizio.by_state[kind]
        named = getattr(command, name, None) or getattr(own, name, None) or other.singleton or ""
        return self.states.get((other.kind, named), other.initial)

    @property
    def fondo(self) -> Fondo:
        state = self.states.get(("fondo", FONDO), fondi.initial)
        assert isinstance(state, Fondo)
        return state

    def of(self, kind: str, id: str | None = None) -> Sequence[Addressed]:
        return [a for a in self.journal if a.kind == kind and id in (None, a.id)]


def held(states: dict[Key, State | None]) -> dict[str, Key]:
    """Who holds each claim. Raises: Rejected where two would."""
    holders: dict[str, Key] = {}
    for (kind, id), state in states.items():
        for key, claim in servizio.by_kind[kind].keys(state).items():
            if key in holders:
                raise Rejected(claim.code, claim.detail)
            holders[key] = (kind, id)
    return holders


def mondo(families: int = 3) -> Mondo:
    """Families in charge, each in a home of its own."""
    world = Mondo()
    for n in range(families):
        presa = casa.FamigliaPresaInCarico(avvenuto_il=GIORNO, comune="017113", componenti=(f"p-persona{n}",), minori=0)
        world.does(famiglie, famiglia(n), "presa-in-carico", presa)
        disponibile = casa.AlloggioResoDisponibile(
            avvenuto_il=GIORNO, comune="017113", vani=3, canone_centesimi=400, locatore="privato"
        )
        world.does(alloggi, alloggio(n), "disponibilita", disponibile)
        world.does(alloggi, alloggio(n), "assegnazione", assegnato(n))
    return world


def assegnato(n: int) -> casa.AlloggioAssegnato:
    return casa.AlloggioAssegnato(avvenuto_il=GIORNO, famiglia=famiglia(n), titolo="nuova_locazione")


def versata(cents: int) -> casa.DotazioneVersata:
    return casa.DotazioneVersata(avvenuto_il=GIORNO, importo_centesimi=cents, da="fondazione")


def concessa(n: int, cents: int) -> casa.GaranziaConcessa:
    return casa.GaranziaConcessa(
        avvenuto_il=GIORNO, famiglia=famiglia(n), alloggio=alloggio(n), massimale_centesimi=cents, mesi=12
    )


def escussa(cents: int) -> casa.GaranziaEscussa:
    return casa.GaranziaEscussa(avvenuto_il=GIORNO, importo_centesimi=cents, motivo="canoni_non_pagati")


def recupero(cents: int) -> casa.RecuperoIncassato:
    return casa.RecuperoIncassato(avvenuto_il=GIORNO, importo_centesimi=cents)


SVINCOLATA = casa.GaranziaSvincolata(avvenuto_il=GIORNO, motivo="scadenza")
CONCLUSA = casa.PresaInCaricoConclusa(avvenuto_il=GIORNO, esito="autonomia_abitativa")
PRESA_0 = casa.FamigliaPresaInCarico(avvenuto_il=GIORNO, comune="017113", componenti=("p-persona0",), minori=0)


def liberazione(cents: int) -> Liberazione:
    return Liberazione(
        avvenuto_il=GIORNO,
        garanzia_attiva="escussione_e_svincolo",
        importo_escusso_centesimi=cents,
        motivo_escussione="danni_all_alloggio",
    )


# The independent calculation: from the journal alone, without the entities' code


def total(events: Sequence[Addressed], kind: type[Event]) -> int:
    return sum(getattr(a.event, "importo_centesimi", 0) for a in events if isinstance(a.event, kind))


def commitments(world: Mondo) -> int:
    """Residual ceilings of the guarantees that were granted and not released."""
    sums = 0
    for id in {a.id for a in world.of("garanzia")}:
        mine = world.of("garanzia", id)
        if not any(isinstance(a.event, casa.GaranziaSvincolata) for a in mine):
            ceiling = sum(a.event.massimale_centesimi for a in mine if isinstance(a.event, casa.GaranziaConcessa))
            sums += ceiling - total(mine, casa.GaranziaEscussa)
    return sums


def balances(world: Mondo) -> None:
    paid_in = total(world.journal, casa.DotazioneVersata)
    claimed = total(world.journal, casa.GaranziaEscussa)
    recovered = total(world.journal, casa.RecuperoIncassato)
    fund = world.fondo
    assert (fund.versato_centesimi, fund.escusso_centesimi, fund.recuperato_centesimi) == (paid_in, claimed, recovered)
    assert fund.saldo_centesimi == paid_in - claimed + recovered >= 0
    assert fund.impegni_centesimi == commitments(world)
    for id in {a.id for a in world.of("garanzia")}:
        mine = world.of("garanzia", id)
        ceiling = sum(a.event.massimale_centesimi for a in mine if isinstance(a.event, casa.GaranziaConcessa))
        assert total(mine, casa.RecuperoIncassato) <= total(mine, casa.GaranziaEscussa) <= ceiling


# Rules that take more than one entity


def test_money_paid_in_is_the_balance() -> None:
    given(fondi).when("versamento", versata(500)).then(versata(500))
    world = mondo(0)
    world.does(fondi, FONDO, "versamento", versata(500))
    world.does(fondi, FONDO, "versamento", versata(250))
    assert world.fondo.saldo_centesimi == 750


def test_a_grant_commits_a_claim_spends_a_recovery_returns_and_a_release_frees() -> None:
    world = mondo()
    world.does(fondi, FONDO, "versamento", versata(1000))
    world.does(garanzie, garanzia(0), "concessione", concessa(0, 900))
    assert (world.fondo.saldo_centesimi, world.fondo.impegni_centesimi) == (1000, 900)
    world.does(garanzie, garanzia(0), "escussione", escussa(300))
    assert (world.fondo.saldo_centesimi, world.fondo.impegni_centesimi) == (700, 600)
    world.does(garanzie, garanzia(0), "recupero", recupero(200))
    assert (world.fondo.saldo_centesimi, world.fondo.impegni_centesimi) == (900, 600)
    world.does(garanzie, garanzia(0), "svincolo", SVINCOLATA)
    assert (world.fondo.saldo_centesimi, world.fondo.impegni_centesimi) == (900, 0)
    balances(world)


def test_all_guarantees_together_stay_within_balance_times_leverage() -> None:
    world = mondo()
    world.does(fondi, FONDO, "versamento", versata(1000))
    world.does(garanzie, garanzia(0), "concessione", concessa(0, 1000))
    assert world.tries(garanzie, garanzia(1), "concessione", concessa(1, 501)) == "fondo-incapiente"
    assert world.tries(garanzie, garanzia(1), "concessione", concessa(1, 500)) == ""
    assert world.tries(garanzie, garanzia(2), "concessione", concessa(2, 1)) == "fondo-incapiente"


def test_a_claim_above_the_balance_is_refused_and_changes_nothing() -> None:
    world = mondo()
    world.does(fondi, FONDO, "versamento", versata(1000))
    world.does(garanzie, garanzia(0), "concessione", concessa(0, 1000))
    world.does(garanzie, garanzia(1), "concessione", concessa(1, 500))
    world.does(garanzie, garanzia(0), "escussione", escussa(900))
    before = world.journal
    assert world.tries(garanzie, garanzia(1), "escussione", escussa(101)) == "fondo-incapiente"
    assert world.journal == before
    assert world.tries(garanzie, garanzia(1), "escussione", escussa(100)) == ""


def test_one_active_guarantee_a_family_and_a_home() -> None:
    world = mondo()
    world.does(fondi, FONDO, "versamento", versata(1000))
    world.does(garanzie, garanzia(0), "concessione", concessa(0, 100))
    assert world.tries(garanzie, garanzia(9), "concessione", concessa(0, 100)) in {
        "famiglia-gia-garantita",
        "alloggio-gia-garantito",
    }
    world.does(garanzie, garanzia(0), "svincolo", SVINCOLATA)
    assert world.tries(garanzie, garanzia(9), "concessione", concessa(0, 100)) == ""


def test_a_family_concludes_only_once_its_guarantee_is_released() -> None:
    world = mondo()
    world.does(fondi, FONDO, "versamento", versata(1000))
    world.does(garanzie, garanzia(0), "concessione", concessa(0, 100))
    assert world.tries(famiglie, famiglia(0), "conclusione", CONCLUSA) == "garanzia-ancora-attiva"
    assert world.tries(famiglie, famiglia(1), "conclusione", CONCLUSA) == ""
    world.does(garanzie, garanzia(0), "svincolo", SVINCOLATA)
    assert world.tries(famiglie, famiglia(0), "conclusione", CONCLUSA) == ""


def test_freeing_a_home_claims_and_releases_its_own_guarantee_in_the_ledger_too() -> None:
    world = mondo()
    world.does(fondi, FONDO, "versamento", versata(1000))
    world.does(garanzie, garanzia(0), "concessione", concessa(0, 600))
    world.does(garanzie, garanzia(1), "concessione", concessa(1, 500))
    assert world.tries(alloggi, alloggio(0), "liberazione", liberazione(601)) == "escussione-oltre-il-massimale"
    world.does(alloggi, alloggio(0), "liberazione", liberazione(600))
    assert (world.fondo.saldo_centesimi, world.fondo.impegni_centesimi) == (400, 500)
    assert world.tries(alloggi, alloggio(1), "liberazione", liberazione(401)) == "fondo-incapiente"
    assert world.tries(alloggi, alloggio(1), "liberazione", Liberazione(avvenuto_il=GIORNO)) == "garanzia-ancora-attiva"
    balances(world)


def test_a_person_is_in_one_open_family() -> None:
    world = mondo(1)
    assert world.tries(famiglie, famiglia(7), "presa-in-carico", PRESA_0) == "persona-gia-in-famiglia"
    world.does(famiglie, famiglia(0), "conclusione", CONCLUSA)
    assert world.tries(famiglie, famiglia(7), "presa-in-carico", PRESA_0) == ""
    assert world.tries(famiglie, famiglia(0), "presa-in-carico", PRESA_0) == "persona-gia-in-famiglia"


# Properties


def command(world: Mondo, what: str, n: int, cents: int) -> tuple[Entity[Any], str, BaseModel]:
    """To whom the command `what` goes, and what it says; claims and recoveries look for a guarantee there is."""
    granted = sorted({a.id for a in world.of("garanzia")})
    one = granted[(n + cents) % len(granted)] if granted else garanzia(0)
    freeing = liberazione(cents) if cents % 2 else Liberazione(avvenuto_il=GIORNO)
    commands: dict[str, tuple[Entity[Any], str, BaseModel]] = {
        "versamento": (fondi, FONDO, versata(cents)),
        "concessione": (garanzie, garanzia(len(granted)), concessa(n, cents * 3)),
        "escussione": (garanzie, one, escussa(cents)),
        "recupero": (garanzie, one, recupero(cents)),
        "svincolo": (garanzie, one, SVINCOLATA),
        "liberazione": (alloggi, alloggio(n), freeing),
        "assegnazione": (alloggi, alloggio(n), assegnato(n)),
        "conclusione": (famiglie, famiglia(n), CONCLUSA),
    }
    return commands[what]


def step(world: Mondo, what: str, n: int, cents: int) -> str:
    """One command; the code of its refusal, or ""."""
    entity, id, model = command(world, what, n, cents)
    return world.tries(entity, id, what, model)


Steps = list[tuple[str, int, int]]
OFTEN = ["concessione", "escussione", "recupero"] * 3
SELDOM = ["versamento", "svincolo", "liberazione", "assegnazione", "conclusione"]
steps = st.lists(st.tuples(st.sampled_from(OFTEN + SELDOM), st.integers(0, 2), st.integers(1, 400)), max_size=40)


@settings(max_examples=150, deadline=None)
@for_all(steps)
def test_any_sequence_of_commands_balances(commands: Steps) -> None:
    world = mondo()
    world.does(fondi, FONDO, "versamento", versata(700))
    for what, n, cents in commands:
        before, refusal = world.fondo, step(world, what, n, cents)
        balances(world)
        if what == "concessione" and not refusal:
            assert world.fondo.impegni_centesimi * 2 <= world.fondo.saldo_centesimi * 3
        if refusal:
            assert world.fondo == before


@settings(max_examples=150, deadline=None)
@for_all(steps, st.randoms(use_true_random=False))
def test_the_ledger_is_the_sum_of_its_guarantees_in_any_order(commands: Steps, order: Any) -> None:
    world = mondo()
    world.does(fondi, FONDO, "versamento", versata(700))
    for what, n, cents in commands:
        step(world, what, n, cents)
    rebuilt = fondi.replay(FONDO, [a.event for a in world.of("fondo")])
    states = [s for (kind, _), s in world.states.items() if kind == "garanzia"]
    order.shuffle(states)
    for state in states:
        rebuilt = fondi.follow("garanzia", rebuilt, None, state)
    assert rebuilt == world.fondo


@settings(max_examples=150, deadline=None)
@for_all(steps, st.integers(0, 1000))
def test_after_a_correction_the_ledger_follows_the_corrected_history(commands: Steps, pick: int) -> None:
    world = mondo()
    world.does(fondi, FONDO, "versamento", versata(700))
    world.does(garanzie, garanzia(0), "concessione", concessa(0, 600))
    world.does(garanzie, garanzia(0), "escussione", escussa(100))
    for what, n, cents in commands:
        step(world, what, n, cents)
    correctable = [a for a in world.of("garanzia") if not isinstance(a.event, casa.GaranziaConcessa)]
    wrong = correctable[pick % len(correctable)]
    kept = [a for a in world.journal if a is not wrong]
    before = world.states["garanzia", wrong.id]
    after = garanzie.replay(wrong.id, [a.event for a in kept if (a.kind, a.id) == ("garanzia", wrong.id)])
    corrected = fondi.follow("garanzia", world.fondo, before, after)
    assert isinstance(after, Garanzia)
    world.journal, world.states["garanzia", wrong.id], world.states["fondo", FONDO] = kept, after, corrected
    try:
        check(servizio.by_kind, world.states)
    except Rejected:
        return
    balances(world)
