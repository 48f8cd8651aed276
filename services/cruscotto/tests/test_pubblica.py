"""La pagina pubblica, i file e l'API senza token: che cosa dicono, e che cosa non possono dire."""

import ast
import csv
import io
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import cruscotto
import pytest
from contratti.punti import OrariAggiornati, PuntoChiuso, PuntoDiComunitaAperto
from cruscotto.proiezione import generation
from cruscotto.pubblica.dati_aperti import in_csv
from cruscotto.pubblica.pubblicazione import ultimo_entro
from cruscotto.pubblica.rilasciate import in_celle

from .conftest import Web, on_the_wire
from .racconto_linee import racconto
from .test_rilascio import al, pubblicati

PUBBLICHE = (
    "/pubblica",
    "/dati-aperti",
    "/dati-aperti/catalogo.ttl",
    "/dati-aperti/indicatori.csv",
    "/dati-aperti/indicatori.json",
    "/dati-aperti/punti.csv",
    "/dati-aperti/punti.json",
    "/api/v1/pubblici",
)
NUMERI = ("valore", "numeratore", "denominatore")
CIFRE_VERE = (
    *("cifre.misure", "cifre.letture", "cifre.misure_della_rete", "cifre.fondo", "domande.evidenza"),
    *("domande.istantanea", "rete.percorsi", "rendiconto", "pubblica.proposte"),
)


@pytest.fixture
async def fatta(web: Web) -> Web:
    """Un cruscotto con dei fatti, e un rilascio."""
    await web.feed(racconto())
    await al(web, "2016-12-15")
    return web


async def tutto(web: Web) -> dict[str, str]:
    """Ciò che riceve chi non ha fatto accesso."""
    ricevute = {percorso: await web.client.get(percorso) for percorso in PUBBLICHE}
    assert {r.status_code for r in ricevute.values()} == {200}
    assert all("set-cookie" not in r.headers for r in ricevute.values())
    return {percorso: r.text for percorso, r in ricevute.items()}


async def righe(web: Web) -> list[dict[str, str]]:
    testo = (await web.client.get("/dati-aperti/indicatori.csv")).content.decode()
    return list(csv.DictReader(io.StringIO(testo, newline="")))


async def test_prima_del_primo_rilascio_non_si_dice_nessuna_cifra(web: Web) -> None:
    await web.feed(racconto())
    ricevute = await tutto(web)
    assert "Le prime cifre si pubblicano" in ricevute["/pubblica"]
    assert await righe(web) == []


async def test_chi_non_ha_accesso_vede_solo_numeri_di_un_rilascio(fatta: Web) -> None:
    (rilascio,) = await pubblicati(fatta)
    detti = {n for r in await righe(fatta) for c in NUMERI if (n := r[c])}
    assert detti == set(in_celle(rilascio.cifre))
    pubblici = (await fatta.client.get("/api/v1/pubblici")).json()["cifre"]
    serie = (await fatta.client.get("/dati-aperti/indicatori.json")).json()["cifre"]
    assert pubblici == serie
    assert [[_scritto(r[c]) for c in NUMERI] for r in serie] == [
        [_senza_zeri(r[c]) for c in NUMERI] for r in await righe(fatta)
    ]


async def test_anche_ogni_numero_delle_pagine_e_di_un_rilascio(fatta: Web) -> None:
    (rilascio,) = await pubblicati(fatta)
    noti = {_senza_zeri(n) for n in in_celle(rilascio.cifre)} | {""}
    for percorso in ("/pubblica?cifra=PU04", "/pubblica?cifra=AD05", "/dati-aperti"):
        pagina = unescape((await fatta.client.get(percorso)).text)
        celle = [*_cifre(pagina), *re.findall(r'<td class="text-end">(?:<strong>)?([^<]*)<', pagina)]
        celle += [n for due in re.findall(r'class="quando">([\d.,]+) su ([\d.,]+)<', pagina) for n in due]
        celle += re.findall(r'<text class="valore"[^>]*>([^<]*)<', pagina)
        assert len(celle) > 5
        assert {_senza_zeri(_detto(c)) for c in celle} <= noti, percorso


def _detto(testo: str) -> str:
    """Il numero scritto all'italiana; vuoto per «n.d.»."""
    return re.sub(r"[^\d,-]", "", testo).replace(",", ".")


def _scritto(numero: float | None) -> str:
    return "" if numero is None else f"{numero:g}"


def _senza_zeri(testo: str) -> str:
    return f"{float(testo):g}" if testo else ""


async def test_nulla_di_pubblico_viene_dalle_tabelle_delle_cifre(fatta: Web) -> None:
    prima = await tutto(fatta)
    nome = await generation.create(fatta.cruscotto.pool)
    await generation.finish(fatta.cruscotto.pool, nome)
    await generation.swap(fatta.cruscotto.pool, nome)  # le letture sono perdute
    dopo = await tutto(fatta)
    punti = {"/dati-aperti/punti.csv", "/dati-aperti/punti.json", "/pubblica"}
    assert {p: dopo[p] for p in dopo.keys() - punti} == {p: prima[p] for p in prima.keys() - punti}
    assert _cifre(dopo["/pubblica"]) == _cifre(prima["/pubblica"])
    assert len(await pubblicati(fatta)) == 1


def _cifre(pagina: str) -> list[str]:
    return re.findall(r'class="cifra[^>]*>([^<]*)<', pagina)


def _importati(modulo: str, visti: set[str]) -> Iterator[str]:
    """I moduli del cruscotto a cui si arriva da uno; ciò che serve solo ai tipi non conta."""
    file = Path(cruscotto.__file__).parent / f"{modulo.replace('.', '/')}.py"
    if modulo in visti or not file.exists():
        return
    visti.add(modulo)
    yield modulo
    albero = ast.parse(file.read_text(encoding="utf-8"))
    soli_tipi = {
        n
        for i in ast.walk(albero)
        if isinstance(i, ast.If) and "TYPE_CHECKING" in ast.unparse(i.test)
        for n in ast.walk(i)
    }
    for nodo in ast.walk(albero):
        if isinstance(nodo, ast.ImportFrom) and nodo not in soli_tipi and (nodo.module or "").startswith("cruscotto"):
            da = (nodo.module or "").removeprefix("cruscotto").lstrip(".")
            for nome in nodo.names:
                yield from _importati(f"{da}.{nome.name}".lstrip("."), visti)
            yield from _importati(da, visti)


def test_i_moduli_delle_pagine_pubbliche_non_arrivano_alle_cifre() -> None:
    raggiunti = set(_importati("pagine.pubblica", set()))
    assert {"pubblica.archivio", "pubblica.vetrina", "pubblica.dati_aperti"} <= raggiunti
    assert {m for m in raggiunti if m.startswith(CIFRE_VERE)} == set()
    assert "cifre.misure" in set(_importati("pubblica.proposte", set()))  # e il controllo vede, dove ci si arriva


async def test_il_csv_e_per_le_macchine(fatta: Web) -> None:
    risposta = await fatta.client.get("/dati-aperti/indicatori.csv")
    assert risposta.headers["content-type"] == "text/csv; charset=utf-8"
    assert not risposta.content.startswith(b"\xef\xbb\xbf")
    assert all(riga.endswith("\r") for riga in risposta.text.split("\n")[:-1])
    for riga in await righe(fatta):
        assert bool(riga["valore"]) is not bool(riga["motivo"])
        assert re.fullmatch(r"\d{4}-\d\d-\d\d|", riga["riferita_al"])
        assert re.fullmatch(r"\d{6}( \d{6})*|", riga["codici_istat"])


async def test_chi_ha_gia_i_dati_non_li_riceve_di_nuovo(fatta: Web) -> None:
    for percorso in (p for p in PUBBLICHE if p not in ("/pubblica", "/dati-aperti", "/dati-aperti/punti.json")):
        etag = (await fatta.client.get(percorso)).headers["etag"]
        ancora = await fatta.client.get(percorso, headers={"If-None-Match": etag})
        assert (ancora.status_code, ancora.content) == (304, b""), percorso
    etag = (await fatta.client.get("/api/v1/pubblici")).headers["etag"]
    await al(fatta, "2017-01-15")
    assert (await fatta.client.get("/api/v1/pubblici", headers={"If-None-Match": etag})).status_code == 200


async def test_le_cinque_cifre_in_evidenza_hanno_la_data_o_la_ragione(fatta: Web) -> None:
    pagina = re.sub(r"\s+", " ", unescape((await fatta.client.get("/pubblica")).text))
    codici = re.findall(r'<article class="obiettivo" data-codice="(\w+)"', pagina)
    assert codici == ["CA01", "CA02", "CA03", "LA01", "PU01"]
    assert _cifre(pagina) == ["n.d.", "n.d.", "0", "n.d.", "2"]
    assert "Pochi casi, o pochi dall'ultima volta" in pagina
    assert "al 30/11/2016" in pagina
    assert "<script" not in pagina
    for sezione in ("Dai una mano", "Sostieni il progetto", "Dati aperti", "Privacy", "Accessibilità", "CC BY 4.0"):
        assert sezione in pagina


async def test_una_cifra_che_non_si_pubblica_per_comune_non_si_puo_chiedere(fatta: Web) -> None:
    assert "Montichiari" in (await fatta.client.get("/pubblica?cifra=AD03")).text
    for altra in ("LA01", "CA06", "boh"):
        risposta = await fatta.client.get(f"/pubblica?cifra={altra}")
        assert risposta.status_code == 422
        assert risposta.json()["errors"][0]["pointer"] == "/cifra"


async def test_un_punto_chiuso_non_si_mostra_e_gli_orari_sono_gli_ultimi(fatta: Web) -> None:
    aperti = (await fatta.client.get("/dati-aperti/punti.json")).json()["punti"]
    assert len(aperti) == 2  # il terzo del racconto è chiuso
    soggetto = "punto/7f3c2a10-5b6d-4e8f-9a01-2345678900f1"
    nuovo = [
        _aperto(),
        _orari("2016-10-01", "martedi", "15:00", "18:00"),
        _orari("2016-09-01", "sabato", "09:00", "10:00"),  # registrati dopo, ma di prima
    ]
    await fatta.feed(on_the_wire(soggetto, nuovo, source="/punti/ama-brescia"))
    riga = next(
        p for p in (await fatta.client.get("/dati-aperti/punti.json")).json()["punti"] if p["nome"] == "Punto nuovo"
    )
    assert riga["orari"] == "martedi 15:00-18:00"
    assert "Martedì" in (await fatta.client.get("/pubblica")).text
    chiuso = PuntoChiuso.model_validate({"avvenuto_il": "2016-11-01", "motivo": "altro"})
    await fatta.feed(on_the_wire(soggetto, [chiuso], source="/punti/ama-brescia", start=4))
    assert "Punto nuovo" not in (await fatta.client.get("/dati-aperti/punti.csv")).text


def _aperto() -> PuntoDiComunitaAperto:
    return PuntoDiComunitaAperto.model_validate(
        {
            "avvenuto_il": "2016-08-01",
            "denominazione": "Punto nuovo",
            "comune": "017039",
            "indirizzo": "Via Roma 3",
            "contatti": [{"tipo": "telefono", "valore": "030 0000001"}],
            "gestore": "ama-brescia",
            "facilitatore": "p-facilita1",
        }
    )


def _orari(il: str, giorno: str, dalle: str, alle: str) -> OrariAggiornati:
    orario = {"giorno": giorno, "dalle": dalle, "alle": alle}
    return OrariAggiornati.model_validate({"avvenuto_il": il, "orari": [orario]})


def test_un_testo_che_un_foglio_eseguirebbe_resta_un_testo() -> None:
    scritto = in_csv([{"nome": "=1+1", "valore": "-3"}], ("nome", "valore"))
    assert scritto == "nome,valore\r\n'=1+1,-3\r\n"


OBBLIGATORIE = {
    "dcat:Catalog": {"dct:title", "dct:description", "dct:publisher", "dct:modified", "dcat:dataset"},
    "dcat:Dataset": {
        "dct:title", "dct:description", "dct:identifier", "dct:modified", "dcat:theme", "dct:rightsHolder",
        "dct:accrualPeriodicity", "dcat:distribution",
    },
    "dcat:Distribution": {"dct:format", "dct:license", "dcat:accessURL"},
    "foaf:Agent": {"foaf:name", "dct:identifier"},
    "dct:LicenseDocument": {"dct:type", "foaf:name"},
    "vcard:Kind": {"vcard:fn"},
}  # fmt: skip
"""Le proprietà obbligatorie di DCAT-AP_IT, per classe."""


def letto(turtle: str) -> dict[str, dict[str, list[str]]]:
    """I soggetti di un Turtle scritto un soggetto per blocco, una proprietà per riga."""
    grafo: dict[str, dict[str, list[str]]] = {}
    prefissi = {m[1] for m in re.finditer(r"@prefix (\w+): <[^<>\s]+> \.\n", turtle)}
    for soggetto, corpo in re.findall(r"^(<[^<>\s]+>) (.+?) \.$", turtle, re.M | re.S):
        for proprieta in corpo.split(" ;\n    "):
            predicato, _, oggetti = proprieta.partition(" ")
            assert predicato == "a" or predicato.partition(":")[0] in prefissi
            uno = r'<[^<>\s]+>|\w+:\w+|"(?:[^"\\\n]|\\.)*"(?:@it|\^\^xsd:date)?'
            assert re.fullmatch(f"(?:{uno})(?:, (?:{uno}))*", oggetti), oggetti
            grafo.setdefault(soggetto, {})[predicato] = re.findall(uno, oggetti)
    return grafo


async def test_i_metadati_hanno_tutto_cio_che_dcat_ap_it_vuole(fatta: Web) -> None:
    grafo = letto((await fatta.client.get("/dati-aperti/catalogo.ttl")).text)
    viste = set()
    for proprieta in grafo.values():
        for classe in OBBLIGATORIE.keys() & set(proprieta["a"]):
            assert OBBLIGATORIE[classe] <= proprieta.keys(), classe
            viste.add(classe)
    assert viste == OBBLIGATORIE.keys()
    dataset = [p for p in grafo.values() if "dcat:Dataset" in p["a"]]
    assert len(dataset) == 2
    for punta in (o for d in dataset for nome in ("dcat:distribution", "dct:rightsHolder") for o in d[nome]):
        assert punta in grafo
    for distribuzione in (p for p in grafo.values() if "dcat:Distribution" in p["a"]):
        percorso = distribuzione["dcat:downloadURL"][0].removeprefix("<https://cruscotto.example.org").rstrip(">")
        assert (await fatta.client.get(percorso)).status_code == 200


async def test_la_rotta_senza_token_e_descritta_e_risponde_come_dice(fatta: Web) -> None:
    documento = (await fatta.client.get("/openapi.json")).json()
    voce = documento["paths"]["/api/v1/pubblici"]["get"]
    assert voce["security"] == []
    forma = documento["components"]["schemas"]["CifraPubblica"]
    for cifra in (await fatta.client.get("/api/v1/pubblici")).json()["cifre"]:
        assert cifra.keys() == forma["properties"].keys()
        assert cifra["motivo"] in forma["properties"]["motivo"]["enum"]


async def test_chi_diffonde_un_rapporto_trova_cio_che_era_pubblico_del_suo_periodo(fatta: Web) -> None:
    await al(fatta, "2017-03-10")
    async with fatta.cruscotto.pool.acquire() as connection:
        trovati = [await ultimo_entro(connection, mese) for mese in ("2016-06", "2016-12", "2017-06")]
    assert [p and p.mese for p in trovati] == [None, "2016-11", "2017-02"]
