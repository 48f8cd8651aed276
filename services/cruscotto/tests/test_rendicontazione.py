"""Le pagine della Rendicontazione: dalla bozza al rapporto, e che cosa si legge quando qualcosa non va."""

import re
from typing import Any
from uuid import uuid4

import httpx2
import pytest

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
