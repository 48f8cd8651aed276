"""La pagina pubblica, i file e l'API senza token: che cosa dicono, e che cosa non possono dire."""

from .conftest import Web
from .racconto_linee import racconto
from .test_rilascio import al


async def test_la_pagina_si_apre_senza_accesso_e_senza_cookie(web: Web) -> None:
    await web.feed(racconto())
    await al(web, "2016-12-15")
    for percorso in ("/pubblica", "/dati-aperti", "/dati-aperti/catalogo.ttl", "/dati-aperti/indicatori.csv", "/dati-aperti/indicatori.json", "/dati-aperti/punti.csv", "/dati-aperti/punti.json", "/api/v1/pubblici"):
        risposta = await web.client.get(percorso)
        assert risposta.status_code == 200, (percorso, risposta.text)
        assert "set-cookie" not in risposta.headers
        print(percorso, len(risposta.text), risposta.text[:1500] if "html" not in risposta.headers["content-type"] else "")
