"""What a strand declares: entities with state, evolution, claims and invariants. No clock, database or bus here."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar, get_type_hints

from contratti.rete import Event, UnknownEvent

from telaio.command import CommandSpec, Decision, read_decision
from telaio.state import Addressed, Events, Incoherent, Rejected, State

__all__ = ["Addressed", "Claim", "Entity", "Events", "Incoherent", "Rejected", "State"]


S = TypeVar("S", bound=State)
OtherS = TypeVar("OtherS", bound=State)
E = TypeVar("E", bound=Event)
Said = tuple[str, str]


@dataclass(frozen=True)
class Claim:
    """Keys only one entity may hold at a time, derived from the state, so that corrections follow by themselves."""

    code: str
    detail: str
    keys: Callable[[Any], Iterable[str]]


@dataclass
class Entity(Generic[S]):
    """One kind of entity of a strand.

    kind: the first half of the subject, singular; plural: the path of its pages and API; fold: raise it when what the
    `on` functions compute has changed, so that stored snapshots are computed again; singleton: the id of the only one;
    switches: the fields that count beginnings less endings, read as yes or no; correctable: whether its events can be
    corrected: not where another service has already acted on them; named_by: the fields of the state by which people
    tell one from another where they have to choose; pages: the service's own pages about one case, by the last step of
    their address, with their title; action, reading: the rows of WHO_MAY for its commands and for reading it.
    """

    kind: str
    state: type[S]
    plural: str
    title: str
    fold: int = 1
    singleton: str | None = None
    commands: dict[str, CommandSpec] = field(default_factory=dict)
    claims: list[Claim] = field(default_factory=list)
    invariants: list[Callable[[S], None]] = field(default_factory=list)
    summed: dict[str, Callable[[Any, Any, Any], Any]] = field(default_factory=dict)
    summed_by: dict[str, str | None] = field(default_factory=dict)
    handlers: dict[type[Event], Callable[[Any, Any], Any]] = field(default_factory=dict)
    followers: "list[Entity[Any]]" = field(default_factory=list)
    once: dict[type[Event], tuple[str, str]] = field(default_factory=dict)
    switches: set[str] = field(default_factory=set)
    correctable: bool = True
    named_by: tuple[str, ...] = ("comune",)
    pages: Mapping[str, str] = field(default_factory=dict)
    action: str = "comando"
    reading: str = "lettura"

    def begins(self, function: Callable[[S | None, E], S]) -> Callable[[S | None, E], S]:
        """Registers how an event that may create (or reopen) the entity makes its state."""
        self._handle(function)
        return function

    def on(self, function: Callable[[S, E], S]) -> Callable[[S, E], S]:
        """Registers how an event changes the state. The event's type is read from the second parameter."""
        self._handle(function, needs_state=True)
        return function

    def after(self, event: type[E], change: Callable[[S, E], S]) -> None:
        """Registers how `event` changes the state, where one line says it: `e.after(Chiuso, lambda s, e: …)`."""
        self._handle_type(event, change, needs_state=True)

    def begin(self, event: type[E], change: Callable[[S | None, E], S]) -> None:
        """Registers how `event` makes the state, where one line says it: `e.begin(Aperto, lambda s, e: …)`."""
        self._handle_type(event, change, needs_state=False)

    def _handle(self, function: Any, needs_state: bool = False) -> None:
        hints = get_type_hints(function)
        self._handle_type(hints[list(hints)[1]], function, needs_state)

    def _handle_type(self, event_type: type[Event], function: Any, needs_state: bool) -> None:

        def handler(state: S | None, event: Event) -> S:
            if state is None and needs_state:
                raise Incoherent(f"{type(event).__name__} prima che {self.title.lower()} esista")
            return function(state, event)  # type: ignore[no-any-return]

        self.handlers[event_type] = handler

    def command(
        self, name: str, *, title: str | None = None, creates: bool = False, once: Said | None = None, action: str = ""
    ) -> Callable[[Decision], Decision]:
        """Registers a decision as the command `name`: model, other entities and rules are read from its signature.
        `once`: it creates, and where the entity exists it is Rejected with this code and detail; a correction that
        would bring back an annulled beginning beside a later one is, too."""

        def register(decide: Decision) -> Decision:
            creating = creates or once is not None
            spec = read_decision(name, decide, title=title, creates=creating, state_base=State)
            self.commands[name] = replace(spec, once=once, action=action or self.action)
            if once and issubclass(spec.model, Event):
                self.once[spec.model] = once
            return decide

        return register

    def records(
        self,
        name: str,
        event: type[Event],
        check: Callable[[S], None] | None = None,
        *,
        title: str | None = None,
        creates: bool = False,
        once: tuple[str, str] | None = None,
    ) -> None:
        """Registers the command `name`, which records `event` just as it comes, where `check` does not raise Rejected
        and the invariants hold. Its description is that of the event."""

        def decide(state: S | None, command: Event) -> Events:
            if check is not None and state is not None:
                check(state)
            return [command]

        decide.__annotations__["command"] = event
        decide.__doc__ = event.__doc__
        self.command(name, title=title, creates=creates, once=once)(decide)

    def claim(self, code: str, detail: str) -> Callable[[Callable[[S], Iterable[str]]], Callable[[S], Iterable[str]]]:
        """Registers keys that only one entity may hold; taking a held one is Rejected with `code`."""

        def register(keys: Callable[[S], Iterable[str]]) -> Callable[[S], Iterable[str]]:
            self.claims.append(Claim(code, detail, keys))
            return keys

        return register

    def invariant(self, check: Callable[[S], None]) -> Callable[[S], None]:
        """Registers a check that raises Rejected; it holds after every command and after every correction."""
        self.invariants.append(check)
        return check

    def refusal(self, code: str, detail: str, when: Callable[[S], object]) -> Callable[[S], None]:
        """A check that is Rejected with `code` and `detail` where `when` is true of the state: for commands that do not
        fit every state."""

        def check(state: S) -> None:
            if when(state):
                raise Rejected(code, detail)

        return check

    def never(self, code: str, detail: str, when: Callable[[S], object]) -> None:
        """Registers the invariant that `when` is true of no state, where one line says it."""
        self.invariants.append(self.refusal(code, detail, when))

    def switch(self, field: str, *, on_twice: tuple[str, str], off_twice: tuple[str, str]) -> Callable[[S], None]:
        """Registers the invariant that `field`, which counts beginnings less endings, is 0 or 1: a second beginning is
        Rejected with the code and detail `on_twice`, an ending without a beginning with `off_twice`. Returns the check
        that it is on, for commands that need it."""
        if field not in self.state.model_fields:
            raise TypeError(f"{self.kind} has no {field}")

        def check(state: S) -> None:
            count = getattr(state, field)
            if count not in (0, 1):
                raise Rejected(*(on_twice if count > 1 else off_twice))

        self.switches.add(field)
        self.invariants.append(check)
        return self.refusal(*off_twice, lambda state: not getattr(state, field))

    def sums(
        self, other: "Entity[OtherS]", by: str | None = None
    ) -> Callable[[Callable[[S, OtherS | None, OtherS | None], S]], Callable[[S, OtherS | None, OtherS | None], S]]:
        """Registers how this entity follows the states of `other`: (own, before, after) → own. Must be a sum:
        adding what `after` contributes and taking away what `before` did, so that order never matters. A singleton
        sums them all; any other those that name it in their field `by`."""

        def register(follow: Any) -> Any:
            if (self.singleton is None) == (by is None) or (by and by not in other.state.model_fields):
                raise TypeError(f"{self.kind}: a singleton sums all of a kind, any other entity those that name it")
            self.summed[other.kind], self.summed_by[other.kind] = follow, by
            other.followers.append(self)
            return follow

        return register

    def at(self, id: str, event: Event) -> Addressed:
        """The event, addressed to the entity `id` of this kind."""
        return Addressed(self.kind, id, event)

    def evolve(self, id: str, state: S | None, event: Event) -> S:
        """The state after `event`. Raises: UnknownEvent, Incoherent."""
        handler = self.handlers.get(type(event))
        if handler is None:
            raise UnknownEvent(f"{self.kind}: {event.type_name}")
        after: S = handler(state, event)
        return after if after.id == id else after.model_copy(update={"id": id})

    @property
    def initial(self) -> S | None:
        """The state before the first event: nothing, or the empty singleton, which always exists."""
        return self.state(id=self.singleton) if self.singleton else None

    def shares(
        self, kind: str, before: State | None, after: State | None
    ) -> list[tuple[str, State | None, State | None]]:
        """Which entities of this kind sum one of `kind` that went from `before` to `after`, and what each sees of it:
        where the change is of whom it names, one sees it go and the other come."""
        by = self.summed_by[kind]
        old, new = (getattr(state, by, None) if by else self.singleton for state in (before, after))
        parts = [(new, before, after)] if old == new else [(old, before, None), (new, None, after)]
        return [(id, was, now) for id, was, now in parts if id]

    def follow(self, kind: str, own: S | None, before: State | None, after: State | None) -> S:
        """The state of this ledger after an entity of `kind` went from `before` to `after`."""
        followed: S = self.summed[kind](own or self.initial, before, after)
        return followed

    def replay(self, id: str, events: Iterable[Event], *, checked: bool = False) -> S | None:
        """The state after all `events`; None where there are none. Raises: as `evolve`, and where `checked` Rejected
        as soon as an invariant does not hold or what begins once begins again."""
        state = self.initial
        for event in events:
            if checked and state is not None and type(event) in self.once:
                raise Rejected(*self.once[type(event)])
            state = self.evolve(id, state, event)
            if checked:
                self.check(state)
        return state

    def keys(self, state: S | None) -> Mapping[str, Claim]:
        """The claims this state holds, by prefixed key."""
        if state is None:
            return {}
        return {f"{c.code}:{key}": c for c in self.claims for key in c.keys(state)}

    def check(self, state: S | None) -> None:
        """Raises: Rejected where the state breaks an invariant of the entity."""
        if state is not None:
            for invariant in self.invariants:
                invariant(state)
