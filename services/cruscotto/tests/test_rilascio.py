"""Il rilascio del mese, su un PostgreSQL vero: chi lo fa, che cosa contiene, che cosa sopravvive."""

from asyncio import gather
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from contratti.invii import InvioAccettato, InvioRichiesto
from cruscotto.cifre.indicatori import Registro
from cruscotto.pubblica.mensile import in_pari, pubblica_se_serve
from cruscotto.pubblica.pubblicazione import Pubblicazione, rilasci
from cruscotto.pubblica.regole import Regole
from telaio.clock import Clock
from telaio.consumer.record import Received

from .conftest import Web, on_the_wire
from .racconto_linee import racconto


async def pubblicati(web: Web) -> list[Pubblicazione]:
    async with web.cruscotto.pool.acquire() as connection:
        return await rilasci(connection)


async def al(web: Web, quando: str) -> str | None:
    """Il rilascio che il cruscotto fa in quel giorno."""
    web.runtime.clock = Clock(f"{quando}T09:30:00+01:00")
    return await pubblica_se_serve(web.runtime)


def cifra(p: Pubblicazione, codice: str) -> Any:
    return next(c for c in p.cifre if c.codice == codice and c.parte is None)


async def test_ogni_mese_se_ne_fa_uno_quando_e_finito_da_qualche_giorno(web: Web) -> None:
    await web.feed(racconto())
    assert [await al(web, g) for g in ("2016-12-04", "2016-12-05", "2016-12-31")] == ["2016-10", "2016-11", None]
    assert await al(web, "2017-04-10") == "2017-03"  # i mesi passati senza che nessuno guardasse non si recuperano
    assert [p.mese for p in await pubblicati(web)] == ["2016-10", "2016-11", "2017-03"]


async def test_nessuna_cifra_di_persone_sotto_k_e_ciascuna_riga_c_e(web: Web) -> None:
    await web.feed(racconto())
    await al(web, "2016-12-15")
    (fatta,) = await pubblicati(web)
    assert {c.codice for c in fatta.cifre} == set(Registro.carica().per_codice)
    assert cifra(fatta, "LA01").valore is None  # due persone
    assert cifra(fatta, "LA01").motivo == "tutela"
    assert cifra(fatta, "CA06").motivo == "non_pubblicata"
    assert (cifra(fatta, "PU01").valore, cifra(fatta, "PU01").mese) == ("2", "2016-11")
    assert (cifra(fatta, "AD08").valore, cifra(fatta, "AD08").luoghi) == ("15", ())  # quindici, di tutto il distretto


async def test_una_mediana_si_pubblica_con_quante_attese_la_fanno(web: Web) -> None:
    await web.feed([*racconto(), *_invii(4, giorno=1), *_invii(2, giorno=28)])
    await al(web, "2016-11-10")
    (fatta,) = await pubblicati(web)
    assert (cifra(fatta, "RE03").valore, cifra(fatta, "RE03").denominatore) == ("0.0", "8")  # due sono del racconto


def _invii(quanti: int, giorno: int) -> list[Received]:
    """Invii chiesti e confermati quel giorno di ottobre."""
    ricevuti = []
    for n in range(quanti):
        il, id = f"2016-10-{giorno:02}", f"00000000-0000-4000-8000-0000000{giorno:02}{n:03}"
        chiesto = {
            "avvenuto_il": il, "da": "punti/ama-brescia", "a": "casa/consorzio-tenda", "prestazione": "ascolto",
            "persona": f"p-mediana{giorno}{n}", "comune": "017113", "rispondere_entro": "2016-11-05",
        }  # fmt: skip
        accettato = {"avvenuto_il": il, "da": "casa/consorzio-tenda"}
        ricevuti += on_the_wire(f"invio/{id}", [InvioRichiesto.model_validate(chiesto)], source="/punti/ama-brescia")
        ricevuti += on_the_wire(f"invio_ricevuto/{id}", [InvioAccettato.model_validate(accettato)])
    return ricevuti


async def test_una_riga_tutelata_che_si_muove_poco_resta_con_la_sua_data(web: Web) -> None:
    await web.feed(racconto())
    await al(web, "2016-12-15")
    await al(web, "2017-01-15")
    prima, dopo = await pubblicati(web)
    assert (cifra(prima, "PU03").mese, cifra(prima, "PU03").denominatore) == ("2016-11", "45")
    assert cifra(dopo, "PU03") == cifra(prima, "PU03")
    assert cifra(dopo, "PU01").mese == "2016-12"  # un Punto non è una persona


async def test_chi_chiede_un_rilascio_dice_il_mese_e_mai_le_cifre(web: Web) -> None:
    await web.feed(racconto())

    async def chiesto(corpo: dict[str, Any], chi: str = "giulia.rossi") -> Any:
        intestazioni = {"Authorization": f"Bearer {web.issuer.token(chi)}", "Idempotency-Key": str(uuid4())}
        return await web.client.post(f"/pubblicazioni/{uuid4()}/rilascio", json=corpo, headers=intestazioni)

    del_mese = {"avvenuto_il": "2016-12-15", "mese": "2016-10"}
    assert (await chiesto(del_mese | {"cifre": [{"codice": "CA01", "valore": "80"}]})).status_code == 422
    assert (await chiesto(del_mese | {"mese": "2016-12"})).json()["code"] == "mese-non-finito"
    assert (await chiesto(del_mese, "elena.galli")).status_code == 403
    assert (await chiesto(del_mese)).status_code == 201
    assert (await chiesto(del_mese)).json()["code"] == "mese-gia-pubblicato"
    assert (await chiesto(del_mese | {"mese": "2016-09"})).json()["code"] == "mese-gia-pubblicato"
    (fatta,) = await pubblicati(web)
    assert cifra(fatta, "CA01").valore is None


async def test_due_processi_insieme_ne_fanno_uno(web: Web) -> None:
    await web.feed(racconto())
    web.runtime.clock = Clock("2016-12-15T09:30:00+01:00")
    assert sorted(map(str, await gather(*[pubblica_se_serve(web.runtime) for _ in range(4)]))).count("2016-11") >= 1
    assert len(await pubblicati(web)) == 1


async def test_un_cruscotto_senza_fatti_non_pubblica(web: Web) -> None:
    assert await al(web, "2016-12-15") is None
    assert await pubblicati(web) == []


async def test_finche_si_legge_ancora_non_si_pubblica(web: Web) -> None:
    stato = web.runtime.status.setdefault("lettore", {})
    detti = []
    for detto in (
        {},
        {"ritardo": 3, "partizioni": 6},
        {"ritardo": 0, "partizioni": 0},
        {"ritardo": 0, "partizioni": 6},
    ):
        stato.update(detto)
        detti.append(in_pari(web.runtime))
    stato["allarmi"] = {"casa.eventi/0": "manca l'inizio"}
    assert [*detti, in_pari(web.runtime)] == [False, False, False, True, False]


def _regole(tmp_path: Path, testo: str) -> Regole:
    file = tmp_path / "distretto.toml"
    file.write_text(testo, encoding="utf-8")
    return Regole.carica(Registro.carica(), file)


@pytest.mark.parametrize(
    "testo",
    [
        "[pubblica]\nk = 2",
        "[pubblica]\nlivelli = { CA01 = 'libera' }",
        "[pubblica]\nlivelli = { CA06 = 'distretto' }",
        "[pubblica]\nlivelli = { PU09 = 'comuni' }",
        "[pubblica]\nlivelli = { RE03 = 'comuni' }",
        "[pubblica]\nlivelli = { CA99 = 'no' }",
        "[pubblica]\nlegami = []",
        "[pubblica]\nin_evidenza = ['CA06']",
        "[pubblica]\nboh = 1",
        "[pubblica]\nsostegno = [{ titolo = 'x', indirizzo = 'javascript:alert(1)' }]",
    ],
)
def test_un_distretto_non_puo_aprire_cio_che_conta_persone(tmp_path: Path, testo: str) -> None:
    with pytest.raises(ValueError, match=r"\[pubblica\]|validation error"):
        _regole(tmp_path, testo)


def test_un_distretto_puo_chiudere_e_dire_come_si_sostiene(tmp_path: Path) -> None:
    regole = _regole(
        tmp_path,
        "[pubblica]\nk = 10\nlivelli = { AD03 = 'no', LA01 = 'comuni' }\n"
        "[[pubblica.sostegno]]\ntitolo = '5×1000'\nindirizzo = 'https://example.org/5x1000'\n",
    )
    assert (regole.tutela.k, regole.livello("AD03"), regole.livello("LA01"), regole.livello("PU09")) == (
        10,
        "no",
        "comuni",
        "distretto",
    )
    assert regole.sostegno[0].titolo == "5×1000"
