"""Le pagine della Rendicontazione: dalla bozza al rapporto, e che cosa si legge quando qualcosa non va."""

import json
import re
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from cruscotto.rendiconto.contenuto import leggi_contenuto
from cruscotto.rendiconto.firma import FISSATI, impronta_di
from cruscotto.rendiconto.rapporto import chi_e
from cruscotto.service import servizio
from telaio.runtime import Runtime
from telaio.web import make_app

from telaio import district

from . import racconto as di_casa
from .bozza import aperto, approvato, comanda, scrivi
from .conftest import Web, on_the_wire
from .racconto import concessa, presa, rettifica, storia, uuid
from .test_istantanea import tutto


async def manda(web: Web, path: str, user: str = "giulia.rossi", **campi: Any) -> httpx2.Response:
    """POST di un modulo della pagina, come un browser."""
    dentro = await web.entra(user)
    inviati = {"_modulo": dentro.form_token, **campi}
    headers = {"Accept": "text/html", "Origin": "http://cruscotto.test", **dentro.cookie}
    return await web.client.post(path, data=inviati, headers=headers)


def senza_gettone(pagina: str) -> str:
    """La pagina, senza ciò che è della sola sessione."""
    return re.sub(r'name="_modulo" value="[^"]*"', "", pagina)


async def apri(web: Web, **campi: Any) -> httpx2.Response:
    nascosti = {"_id": str(uuid4()), "_chiave": str(uuid4())}
    return await manda(web, "/rendicontazione", **nascosti, **campi)


async def test_dalla_prima_parola_al_rapporto_approvato(web: Web) -> None:
    await web.feed(tutto())
    assert "Nessun rapporto ancora" in await web.pagina("/rendicontazione")
    aperta = await apri(web, periodo="2016-01/2016-06", enti=["consorzio-tenda", "ama-brescia"])
    assert aperta.status_code == 303, aperta.text
    bozza = aperta.headers["location"]
    salvata = await manda(web, bozza, gruppo="in-breve", sintesi="È andata bene.\r\nDavvero.", attivita="<b>Molte</b>")
    assert salvata.status_code == 303, salvata.text
    pagina = await web.pagina(f"{bozza}?salvato=in-breve")
    assert "Salvato." in pagina
    assert "<b>Molte" not in (await web.client.get(bozza, headers=(await web.entra()).cookie)).text
    base = bozza.removesuffix("/bozza")
    conferma = await web.pagina(f"{base}/approvazione")
    assert "Senza testo:" in conferma
    assert "Che cosa è cambiato" in conferma
    approvata = await manda(web, f"{base}/approvazione", _chiave=str(uuid4()))
    assert approvata.headers["location"] == f"{base}?fatto=1", approvata.text
    pagina = await web.pagina(f"{base}?fatto=1")
    assert "ha il numero 1" in pagina
    assert "1° semestre 2016" in pagina
    assert "<p>È andata bene.</p>" in pagina
    assert "n. 1" in await web.pagina("/rendicontazione")
    tardi = await manda(web, bozza, gruppo="in-breve", sintesi="Altro")
    assert tardi.status_code == 303  # alla pagina dell'approvato
    assert "È andata bene." in await web.pagina(base)


async def test_un_testo_troppo_lungo_resta_scritto_e_si_dice_quale(web: Web) -> None:
    id = await aperto(web)
    risposta = await manda(
        web, f"/rendicontazione/{id}/bozza", gruppo="cambiamenti", risultati="x" * 6001, difficolta="Poche."
    )
    assert risposta.status_code == 422
    assert "<title>Errore: Bozza" in risposta.text
    assert 'href="#c-risultati"' in risposta.text
    assert "6001 caratteri" in risposta.text
    assert "x" * 6001 in risposta.text
    assert "Poche." in risposta.text
    brutto = await manda(web, f"/rendicontazione/{id}/bozza", gruppo="cambiamenti", risultati="a\x0bb")
    assert (brutto.status_code, "non si può stampare" in brutto.text) == (422, True)


async def test_un_periodo_che_non_c_e_e_detto_nel_modulo(web: Web) -> None:
    risposta = await apri(web, periodo="2031-01/2031-06")
    assert risposta.status_code == 422
    assert "va scelto fra quelli proposti" in risposta.text


async def test_un_periodo_non_finito_non_si_approva(web: Web) -> None:
    id = await aperto(web, dal="2016-07", al="2016-12")
    assert "non è ancora finito" in await web.pagina(f"/rendicontazione/{id}/bozza")
    risposta = await manda(web, f"/rendicontazione/{id}/approvazione", _chiave=str(uuid4()))
    assert (risposta.status_code, "Il periodo non è ancora finito" in risposta.text) == (409, True)


async def test_solo_chi_coordina_vede_e_approva(web: Web) -> None:
    id = await approvato(web)
    base = f"/rendicontazione/{id}"
    for percorso in ("/rendicontazione", base, f"{base}/verifica", f"/sportello/rapporti/{id}"):
        await web.pagina(percorso, status=403, user="elena.galli")
    assert (await manda(web, f"/rendicontazione/{id}/approvazione", user="elena.galli", _chiave="k")).status_code == 403
    assert "Rendicontazione" not in await web.pagina("/rete", user="elena.galli")


@pytest.mark.parametrize(
    ("percorso", "status"),
    [("rapporto.doc", 404), ("rapporto.csv?ente=comune-visano", 404), ("verifica", 200), ("rapporto.pdf", 200)],
)
async def test_cio_che_non_c_e_e_una_pagina_in_italiano(web: Web, percorso: str, status: int) -> None:
    id = await approvato(web)
    risposta = await web.client.get(f"/rendicontazione/{id}/{percorso}", headers=(await web.entra()).cookie)
    assert risposta.status_code == status
    await web.pagina(f"/rendicontazione/{uuid4()}", status=404)
    await web.pagina("/rendicontazione/mai", status=404)


async def test_di_una_bozza_non_ci_sono_file(web: Web) -> None:
    id = await aperto(web)
    await web.pagina(f"/rendicontazione/{id}/rapporto.csv", status=409)
    await web.pagina(f"/rendicontazione/{id}/verifica", status=409)


async def test_dopo_correzioni_e_ritardi_il_rapporto_e_identico_e_oggi_no(web: Web) -> None:
    await web.feed(tutto())
    id = await approvato(web, enti=("consorzio-tenda",))
    prima = await web.pagina(f"/rendicontazione/{id}")
    soggetto = f"garanzia/{uuid(11)}"
    await web.feed(
        on_the_wire(soggetto, [rettifica(soggetto, 1, 12)], start=4),
        storia("garanzia", 777, concessa(5, 777, 50_000)) + storia("famiglia", 777, presa(5)),
        storia("famiglia", 778, presa(12)),
    )
    assert senza_gettone(await web.pagina(f"/rendicontazione/{id}")) == senza_gettone(prima)
    verifica = await web.pagina(f"/rendicontazione/{id}/verifica")
    assert "Intatto:" in verifica
    assert "Identico:" in verifica
    assert "Rifatta diversa" not in verifica
    assert "Diversa oggi" in verifica
    assert "3 eventi</strong> arrivati dopo" in verifica  # la presa in carico di dicembre è fuori dal periodo
    assert re.search(r"Garanzia concessa</th><td>corretto o annullato", verifica)

    dopo = await approvato(web)
    pagina = await web.pagina(f"/rendicontazione/{dopo}")
    assert "3 eventi corretti, o registrati in ritardo" in pagina
    assert "Nessun evento arrivato dopo" in await web.pagina(f"/rendicontazione/{dopo}/verifica")
    terzo = await approvato(web)
    assert "Nessuna correzione" in await web.pagina(f"/rendicontazione/{terzo}")


async def test_chi_tocca_un_rapporto_nel_database_e_scoperto(web: Web) -> None:
    await web.feed(di_casa.racconto())
    id = await aperto(web)
    await scrivi(web, id, risultati="Vero.")
    await comanda(web, id, "approvazione")
    assert "<strong>Intatto:" in await web.pagina(f"/rendicontazione/{id}/verifica")
    await web.runtime.pool.execute("update rapporto_testo set testo = 'Falso.' where testo = 'Vero.'")
    assert "<strong>Non intatto:" in await web.pagina(f"/rendicontazione/{id}/verifica")
    await web.runtime.pool.execute("update rapporto_testo set testo = 'Vero.' where testo = 'Falso.'")
    await web.runtime.pool.execute(
        "update journal set data = jsonb_set(data, '{cifre,0,valore}', '\"80\"') where type = 'cruscotto.CifreFissate'"
    )
    pagina = await web.pagina(f"/rendicontazione/{id}/verifica")
    assert "<strong>Non intatto:" in pagina
    assert "<strong>Non identico:" in pagina


async def pagina_con(web: Web, distretto: Path, percorso: str) -> str:
    """La pagina di un cruscotto sugli stessi dati, il cui distretto dice altro."""
    runtime = await Runtime.start(servizio, web.runtime.settings.model_copy(update={"distretto_file": distretto}))
    transport = httpx2.ASGITransport(app=make_app(runtime, servizio.routes(runtime) if servizio.routes else ()))
    async with httpx2.AsyncClient(transport=transport, base_url="http://cruscotto.test") as client:
        risposta = await client.get(percorso, headers=(await web.entra()).cookie)
    await runtime.stop()
    assert risposta.status_code == 200, risposta.text
    return re.sub(r"\s+", " ", risposta.text)


async def test_una_cifra_di_un_altro_registro_non_passa_per_una_correzione(web: Web, tmp_path: Path) -> None:
    await web.feed(tutto())
    id = await approvato(web)
    verifica = f"/rendicontazione/{id}/verifica"
    assert "registro" not in await web.pagina(verifica)
    altro = tmp_path / "distretto.toml"
    suo = (Path(district.__file__).parent / "district.toml").read_text(encoding="utf-8")
    altro.write_text(suo.replace('= "privato_sociale"', '= "comuni"'), encoding="utf-8")
    pagina = await pagina_con(web, altro, verifica)
    assert "Intatto:" in pagina
    assert "Il registro degli indicatori è cambiato" in pagina
    assert "Altre definizioni:" in pagina
    assert "Oggi tutte le cifre sono le stesse." in pagina
    assert re.search(r'data-codice="RE05"[^>]*>(?:(?!</tr>).)*Altra definizione', pagina)
    assert "Diversa oggi" not in pagina
    assert "Rifatta diversa" not in pagina
    await web.feed(storia("garanzia", 777, concessa(5, 777, 50_000)) + storia("famiglia", 777, presa(5)))
    pagina = await pagina_con(web, altro, verifica)
    assert "Oggi sono diverse" in pagina
    assert re.search(r'data-codice="CA01"[^>]*>(?:(?!</tr>).)*Diversa oggi', pagina)
    assert not re.search(r'data-codice="RE05"[^>]*>(?:(?!</tr>).)*Diversa oggi', pagina)


async def test_un_rapporto_che_non_fisso_il_registro_resta_intatto_e_non_ne_dice_niente(web: Web) -> None:
    """Com'erano scritti prima che il campo ci fosse."""
    await web.feed(di_casa.racconto())
    id = await approvato(web)
    righe = await web.runtime.pool.fetch("select type, data from journal where entity = $1 order by version", id)
    tipi = {tipo.type_name for tipo in FISSATI}
    senza = [
        {"tipo": tipo, **{n: v for n, v in json.loads(dati).items() if n != "impronta_del_registro"}}
        for tipo, dati in righe
        if tipo in tipi
    ]
    async with web.runtime.pool.acquire() as connection:
        contenuto = await leggi_contenuto(connection, id)
    assert contenuto is not None
    r = contenuto.rapporto
    firma = impronta_di(chi_e(r, contenuto.numero, contenuto.approvato_il), r.narrativa, senza)
    await web.runtime.pool.execute(
        f"""update journal set data = case type when 'cruscotto.CifreFissate' then data - 'impronta_del_registro'
        else jsonb_set(data, '{{impronta}}', '"{firma}"') end
        where type in ('cruscotto.CifreFissate', 'cruscotto.RapportoApprovato');
        update snapshot set state = jsonb_set(state, '{{impronta}}', '"{firma}"') where kind = 'rapporto'"""
    )
    pagina = await web.pagina(f"/rendicontazione/{id}/verifica")
    assert "<strong>Intatto:" in pagina
    assert "<strong>Identico:" in pagina
    assert "registro" not in pagina
