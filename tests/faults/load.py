"""The load: households with arrears, guarantees and the fund, over HTTP, each command repeated until it is answered.

Whatever happens meanwhile, the ledger then says exactly what was committed: an accepted command is in it once, with the
ids of its events; a refused one is not.
"""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import httpx2

from .ledger import CORRECTION, Entry, Ledger

COMUNI = ("017113", "017039", "017032", "017034", "017160", "017203", "017001")
FONDO = "fondo-garanzia"
DOWN = (502, 503, 504)
PAUSE = 0.1


@dataclass
class Told:
    """What the load went through: answers accepted, refused by a rule, repeated, and recognised as repeats."""

    accepted: int = 0
    refused: int = 0
    repeated: int = 0
    recognised: int = 0


class Load:
    """Sends commands to a casa and writes what it accepted into the ledger."""

    def __init__(self, url: str, token: str, ledger: Ledger) -> None:
        self._http = httpx2.AsyncClient(
            base_url=url, timeout=30, headers={"Authorization": f"Bearer {token}"}, trust_env=False
        )
        self.ledger, self.told, self.stopping = ledger, Told(), asyncio.Event()
        self._chance = random.Random(self._seed())

    def _seed(self) -> int:
        return 20160322

    async def close(self) -> None:
        """Ends the connections."""
        await self._http.aclose()

    def turn_to(self, url: str) -> None:
        """From now on commands go to another instance; those on their way are answered by the one they were sent to."""
        self._http.base_url = httpx2.URL(url)

    async def send(self, path: str, **body: Any) -> dict[str, Any] | None:
        """The answer to a command, sent again under its key until there is one; None where a rule refuses it."""
        key = {"Idempotency-Key": str(uuid4())}
        while True:
            try:
                answer = await self._http.post(path, json=body, headers=key)
            except httpx2.TransportError:
                answer = None
            if answer is not None and answer.status_code not in DOWN:
                break
            self.told.repeated += 1
            await asyncio.sleep(PAUSE)
        if answer.status_code == 409:
            self.told.refused += 1
            return None
        assert answer.status_code in (200, 201), f"{path}: {answer.status_code} {answer.text}"
        self.told.accepted += 1
        self.told.recognised += "idempotency-replayed" in answer.headers
        found: dict[str, Any] = answer.json()
        return found

    async def record(self, kind: str, path: str, **data: Any) -> Entry | None:
        """One command of one event: `path` is plural/id/command; what it committed, also in the ledger."""
        data = {"avvenuto_il": self._day(), **data}
        answer = await self.send(f"/{path}", **data)
        if answer is None:
            return None
        subject = f"{SINGULAR[path.partition('/')[0]]}/{answer['id']}"
        (id,) = answer["eventi"]
        entry = Entry(subject, answer["version"], id, kind, data)
        self.ledger.write(entry)
        return entry

    def _day(self) -> str:
        """Some day of the last years: late entry is normal."""
        return (date(2016, 1, 1) + timedelta(days=self._chance.randrange(1500))).isoformat()

    async def household(self) -> None:
        """One family from the first visit on; every other one gets a guaranteed home."""
        id, comune = str(uuid4()), self._chance.choice(COMUNI)
        people = [f"p-{uuid4().hex[:12]}" for _ in range(3)]
        here = f"famiglie/{id}"
        await self.record("casa.FamigliaPresaInCarico", f"{here}/presa-in-carico", **_family(comune, people))
        for _ in range(self._chance.randrange(1, 4)):
            await self._arrears(here)
            if self.stopping.is_set():
                return
        await self.record("casa.SfrattoIntimato", f"{here}/sfratto-intimato")
        if self._chance.random() < 0.5:
            await self._guarantee(id, comune)
            await self.record("casa.SfrattoPrevenuto", f"{here}/sfratto-prevenuto", come="garanzia_del_fondo")

    async def _arrears(self, here: str) -> None:
        amount = self._chance.randrange(1000, 90000)
        noted = await self.record(
            "casa.MorositaRilevata", f"{here}/rilievo-morosita", importo_centesimi=amount, mensilita=1
        )
        await self.record("casa.MorositaSanata", f"{here}/morosita-sanata", importo_centesimi=amount // 3)
        if noted is not None and self._chance.random() < 0.3:
            right = {"avvenuto_il": self._day(), "importo_centesimi": amount - 7, "mensilita": 1}
            await self.record(CORRECTION, f"{here}/rettifica", rettifica=noted.id, motivo="altro", data=right)

    async def _guarantee(self, famiglia: str, comune: str) -> None:
        home, here, limit = str(uuid4()), f"garanzie/{uuid4()}", self._chance.randrange(1000, 50000)
        await self.record(
            "casa.AlloggioResoDisponibile",
            f"alloggi/{home}/disponibilita",
            **{"comune": comune, "vani": 3, "canone_centesimi": 40000, "locatore": "privato"},
        )
        await self.record(
            "casa.AlloggioAssegnato", f"alloggi/{home}/assegnazione", famiglia=famiglia, titolo="nuova_locazione"
        )
        granted = await self.record(
            "casa.GaranziaConcessa",
            f"{here}/concessione",
            **{"famiglia": famiglia, "alloggio": home, "massimale_centesimi": limit, "mesi": 12},
        )
        if granted is None:
            return  # the fund is not yet large enough
        await self.record(
            "casa.GaranziaEscussa", f"{here}/escussione", importo_centesimi=limit // 2, motivo="canoni_non_pagati"
        )
        await self.record("casa.RecuperoIncassato", f"{here}/recupero", importo_centesimi=limit // 4)
        if self._chance.random() < 0.5:
            await self._leave(home, granted)

    async def _leave(self, home: str, granted: Entry) -> None:
        """One command, two entities: the home is left and its guarantee released, both or neither."""
        day = self._day()
        answer = await self.send(f"/alloggi/{home}/liberazione", avvenuto_il=day, garanzia_attiva="svincolo")
        assert answer is not None
        released, left = answer["eventi"]
        data = {"avvenuto_il": day}
        self.ledger.write(Entry(granted.subject, granted.version + 3, released, "casa.GaranziaSvincolata", data))
        self.ledger.write(Entry(f"alloggio/{home}", answer["version"], left, "casa.AlloggioLiberato", data))

    async def contend(self, families: list[str]) -> None:
        """One command on an entity that many write to: the fund, or one of these families (some are refused)."""
        here, amount = f"famiglie/{self._chance.choice(families)}", self._chance.randrange(1, 900)
        match self._chance.randrange(3):
            case 0:
                await self.endow(amount)
            case 1:
                await self.record(
                    "casa.MorositaRilevata", f"{here}/rilievo-morosita", importo_centesimi=amount, mensilita=1
                )
            case 2:
                await self.record("casa.MorositaSanata", f"{here}/morosita-sanata", importo_centesimi=amount)

    async def endow(self, amount: int) -> None:
        """A payment into the fund."""
        await self.record(
            "casa.DotazioneVersata", f"fondi/{FONDO}/versamento", importo_centesimi=amount, da="fondazione"
        )

    async def family(self) -> str:
        """The id of a new family."""
        id = str(uuid4())
        body = _family(COMUNI[0], [f"p-{uuid4().hex[:12]}"])
        await self.record("casa.FamigliaPresaInCarico", f"famiglie/{id}/presa-in-carico", **body)
        return id

    @asynccontextmanager
    async def running(self, workers: int = 4, *, hot: int = 0) -> AsyncIterator[None]:
        """Sends without pause meanwhile; at the end every command has its answer.

        hot: so many families are written to by all workers (0: each worker has households of its own).
        """
        self.stopping.clear()
        families = [await self.family() for _ in range(hot)]
        async with asyncio.TaskGroup() as group:
            for _ in range(workers):
                group.create_task(self._work(families))
            try:
                yield
            finally:
                self.stopping.set()

    async def _work(self, families: list[str]) -> None:
        while not self.stopping.is_set():
            await (self.contend(families) if families else self.household())


SINGULAR = {"famiglie": "famiglia", "alloggi": "alloggio", "garanzie": "garanzia", "fondi": "fondo"}


def _family(comune: str, people: list[str]) -> dict[str, Any]:
    return {"comune": comune, "componenti": people, "minori": 1, "bisogni": ["abitare"]}
