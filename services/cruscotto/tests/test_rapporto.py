"""Il rapporto: che cosa fissa quando è approvato, con che numero, e che cosa non si può più fare."""

import asyncio
import json
from datetime import date
from uuid import uuid4

import pytest
from contratti.cruscotto import RettificaSuccessiva, RettificheElencate, VersioneFissata, VersioniFissate
from cruscotto.proiezione import generation
from cruscotto.rendiconto import testi
from cruscotto.rendiconto.firma import fissati
from cruscotto.rendiconto.fotografia import Fotografia
from telaio.database import transaction
from telaio.entity import Rejected
from telaio.journal import MAX_EVENT_BYTES

from . import racconto as di_casa
from .bozza import aperto, approvato, comanda, eventi, scrivi
from .conftest import Web
from .racconto import concessa, presa, storia, uuid
from .test_istantanea import tutto


async def test_un_rapporto_approvato_ha_numero_versioni_e_tutte_le_cifre(web: Web) -> None:
    await web.feed(tutto())
    id = await approvato(web, enti=("consorzio-tenda", "ama-brescia"))
    storia_sua = await eventi(web, id)
    tipi = [tipo for tipo, _ in storia_sua]
    assert tipi[:2] == ["RapportoAperto", "NarrativaScritta"]
    assert tipi[-4:] == ["CifreFissate"] * 3 + ["RapportoApprovato"]
    cifre = {json.loads(d)["ente"]: json.loads(d)["cifre"] for tipo, d in storia_sua if tipo == "CifreFissate"}
    registro = {i["codice"]: i for i in (await web.letto("/indicatori?dal=2016-02&al=2016-11"))["indicatori"]}
    assert [c["codice"] for c in cifre[None]] == list(registro)
    for c in cifre[None]:
        assert (None if c["valore"] is None else float(c["valore"])) == registro[c["codice"]]["valore"], c
    assert {c["linea"] for c in cifre["ama-brescia"]} == {"punti", "rete"}
    versioni = {
        (json.loads(d)["fonte"], v["soggetto"]): v["versione"]
        for tipo, d in storia_sua
        if tipo == "VersioniFissate"
        for v in json.loads(d)["versioni"]
    }
    async with generation.reading_served(web.runtime.pool) as connection:
        gate = await connection.fetch("select source, subject, version from gate")
    assert versioni == {(fonte, soggetto): versione for fonte, soggetto, versione in gate}


async def test_i_testi_non_vanno_nel_diario(web: Web) -> None:
    id = await aperto(web)
    await scrivi(web, id, risultati="Una frase che resta qui.")
    assert "Una frase" not in str(await eventi(web, id))
    stato = await web.api("/../../rapporti/" + id)
    assert stato.status_code == 200
    assert stato.json()["stato"]["narrativa"]["risultati"] == testi.impronta("Una frase che resta qui.")


async def test_due_approvazioni_insieme_hanno_due_numeri_di_seguito(web: Web) -> None:
    await web.feed(di_casa.racconto())
    bozze = [await aperto(web) for _ in range(4)]
    await asyncio.gather(*(comanda(web, id, "approvazione") for id in bozze))
    numeri = [json.loads((await eventi(web, id))[-1][1])["numero"] for id in bozze]
    assert sorted(numeri) == [1, 2, 3, 4]


async def test_una_approvazione_rifiutata_non_consuma_un_numero(web: Web) -> None:
    id = await aperto(web, al="2016-12")
    with pytest.raises(Rejected, match="periodo-non-concluso"):
        await comanda(web, id, "approvazione")
    altro = await approvato(web)
    assert json.loads((await eventi(web, altro))[-1][1])["numero"] == 1


async def test_cio_che_e_approvato_non_cambia_piu(web: Web) -> None:
    id = await approvato(web)
    for nome in ("narrativa", "approvazione"):
        with pytest.raises(Rejected, match="rapporto-gia-approvato"):
            await comanda(web, id, nome)


@pytest.mark.parametrize(
    ("campi", "codice"),
    [
        ({"dal": "2016-06", "al": "2016-05"}, "periodo-non-valido"),
        ({"dal": "0000-01", "al": "2016-05"}, "periodo-non-valido"),
        ({"dal": "2016-01", "al": "2016-06", "enti": ("comune-visano",)}, "ente-senza-linea"),
        ({"dal": "2016-01", "al": "2016-06", "enti": ("ama-brescia", "ama-brescia")}, "ente-ripetuto"),
    ],
)
async def test_un_periodo_o_un_ente_che_non_c_e_e_rifiutato(web: Web, campi: dict[str, object], codice: str) -> None:
    with pytest.raises(Rejected, match=codice):
        await comanda(web, str(uuid4()), "apertura", **campi)


async def test_senza_il_testo_in_breve_non_si_approva(web: Web) -> None:
    id = str(uuid4())
    await comanda(web, id, "apertura", dal="2016-02", al="2016-06")
    with pytest.raises(Rejected, match="testo-mancante"):
        await comanda(web, id, "approvazione")
    await scrivi(web, id, sintesi="C'è.")
    await scrivi(web, id, sintesi="")
    with pytest.raises(Rejected, match="testo-mancante"):
        await comanda(web, id, "approvazione")


async def test_mentre_si_approva_nessun_lotto_cambia_le_cifre(web: Web) -> None:
    await web.feed(di_casa.racconto())
    id = await aperto(web)
    lotti = [storia("garanzia", n, concessa(5, n)) + storia("famiglia", n, presa(4)) for n in range(200, 230)]
    await asyncio.gather(comanda(web, id, "approvazione"), *(web.feed(lotto) for lotto in lotti))
    trovati = await eventi(web, id)
    contate = sum(
        v["soggetto"].startswith("garanzia/")
        for tipo, d in trovati
        if tipo == "VersioniFissate"
        for v in json.loads(d)["versioni"]
    )
    (ca01,) = (c["valore"] for t, d in trovati if t == "CifreFissate" for c in json.loads(d)["cifre"][:1])
    assert int(ca01) == contate - 1  # nel racconto una famiglia ha due garanzie


async def test_mentre_si_approva_i_lotti_entrano_e_il_rapporto_e_di_quando_si_e_cominciato(web: Web) -> None:
    """Chi approva è fermato a metà del conto, lette le versioni e non ancora le cifre: intanto entra un lotto, e una
    generazione prende il posto di un'altra."""
    await web.feed(di_casa.racconto())
    await approvato(web)
    id = await aperto(web, enti=("consorzio-tenda",))
    prima = {i["codice"]: i["valore"] for i in (await web.letto("/indicatori?dal=2016-02&al=2016-11"))["indicatori"]}
    async with transaction(web.runtime.pool, "begin; lock public.journal in access exclusive mode", "rollback"):
        approvazione = asyncio.create_task(comanda(web, id, "approvazione"))
        async with asyncio.timeout(20):
            while not await web.runtime.pool.fetchval(_ASPETTA_IL_DIARIO):
                await asyncio.sleep(0.02)
            await web.feed(storia("garanzia", 777, concessa(5, 777)) + storia("famiglia", 777, presa(4)))
            assert (await web.letto("/indicatori/CA01"))["indicatore"]["valore"] == prima["CA01"] + 1
            await generation.swap(web.runtime.pool, await generation.create(web.runtime.pool))
        assert not approvazione.done()
    await approvazione
    trovati = await eventi(web, id)
    versioni = [v["soggetto"] for t, d in trovati if t == "VersioniFissate" for v in json.loads(d)["versioni"]]
    assert f"garanzia/{uuid(11)}" in versioni
    assert f"garanzia/{uuid(777)}" not in versioni
    tutte, dell_ente = (
        {c["codice"]: c["valore"] for c in json.loads(d)["cifre"]} for t, d in trovati if t == "CifreFissate"
    )
    assert {codice: None if valore is None else float(valore) for codice, valore in tutte.items()} == prima
    assert dell_ente["CA01"] == str(prima["CA01"])


_ASPETTA_IL_DIARIO = "select exists (select from pg_locks where relation = 'public.journal'::regclass and not granted)"


async def test_molti_che_approvano_insieme_non_si_tolgono_le_connessioni(web: Web) -> None:
    """Più di quante ne ha il pool: chi aspetta il suo turno ne tiene una."""
    bozze = [await aperto(web) for _ in range(12)]
    async with asyncio.timeout(60):
        await asyncio.gather(*(comanda(web, id, "approvazione") for id in bozze))


def test_ogni_evento_di_un_rapporto_grande_sta_nel_diario() -> None:
    scheda = f"incontro_di_rete/{'7f3c2a10-5b6d-4e8f-9a01-23456789abcd'}"
    versioni = [VersioneFissata(soggetto=scheda, versione=10**6)] * 4_500
    rettifica = RettificaSuccessiva(
        fonte="/giovani/cooperativa-la-nuvola-del-sacco", soggetto=scheda, versione=10**6, tipo="casa.SfrattoIntimato",
        corregge=False, avvenuto_il=date(2016, 3, 1), rapporti=tuple(range(1, 21)),
    )  # fmt: skip
    fissati_tutti = list(fissati(Fotografia({"/punti/x": versioni}, {}, {}, [rettifica] * 700), date(2016, 12, 15)))
    assert sum(len(e.versioni) for e in fissati_tutti if isinstance(e, VersioniFissate)) == 4_500
    assert sum(len(e.rettifiche) for e in fissati_tutti if isinstance(e, RettificheElencate)) == 700
    assert max(len(e.model_dump_json()) for e in fissati_tutti) < MAX_EVENT_BYTES
