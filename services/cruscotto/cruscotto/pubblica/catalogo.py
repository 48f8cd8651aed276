"""I metadati dei dati aperti secondo DCAT-AP_IT 2, come triple; scritte in Turtle. Puro.

Proprietà obbligatorie: catalogo: titolo, descrizione, editore, modifica, dataset · dataset: titolo, descrizione,
identificativo, modifica, tema, titolare, frequenza, distribuzione · distribuzione: formato, licenza, indirizzo.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from cruscotto.pubblica.regole import Regole

PREFISSI = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatapit": "http://dati.gov.it/onto/dcatapit#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
UE = "http://publications.europa.eu/resource/authority"
LICENZA = "https://w3id.org/italia/controlled-vocabulary/licences/A21_CCBY40"
Tripla = tuple[str, str, str]


@dataclass(frozen=True)
class Distribuzione:
    """Un file da scaricare. formato: come nel vocabolario dei tipi di file dell'Unione europea."""

    percorso: str
    formato: str


@dataclass(frozen=True)
class Dataset:
    """Un insieme di dati. frequenza: come nel vocabolario dell'Unione europea."""

    nome: str
    titolo: str
    descrizione: str
    frequenza: str
    distribuzioni: tuple[Distribuzione, ...]


INDICATORI = Dataset(
    "indicatori",
    "#genera_azioni: indicatori del progetto",
    "Gli indicatori del progetto di welfare di comunità, di tutto il distretto e dove si può per comune: una riga per"
    " cifra pubblicata. Le cifre che conterebbero meno persone della soglia non ci sono, e dicono perché.",
    "MONTHLY",
    (Distribuzione("/dati-aperti/indicatori.csv", "CSV"), Distribuzione("/dati-aperti/indicatori.json", "JSON")),
)
PUNTI = Dataset(
    "punti",
    "#genera_azioni: Punti di Comunità aperti",
    "Dove sono i Punti di Comunità aperti, e in quali orari.",
    "UPDATE_CONT",
    (Distribuzione("/dati-aperti/punti.csv", "CSV"), Distribuzione("/dati-aperti/punti.json", "JSON")),
)
INSIEMI = (INDICATORI, PUNTI)


def turtle(regole: Regole, distretto: str, modificato: date) -> str:
    """Il catalogo in Turtle: un soggetto per blocco, una proprietà per riga."""
    prefissi = [f"@prefix {nome}: <{indirizzo}> ." for nome, indirizzo in PREFISSI.items()]
    blocchi = []
    for soggetto, sue in groupby(triple(regole, distretto, modificato), key=lambda t: t[0]):
        blocchi.append(soggetto + " " + " ;\n    ".join(f"{p} {o}" for _, p, o in sue) + " .")
    return "\n".join([*prefissi, "", "\n\n".join(blocchi), ""])


def triple(regole: Regole, distretto: str, modificato: date) -> Iterator[Tripla]:
    """Tutto ciò che il catalogo dice, un soggetto dopo l'altro."""
    catalogo, titolare = f"<{regole.sito}/dati-aperti>", f"<{regole.sito}/dati-aperti#titolare>"
    oggi = f'"{modificato.isoformat()}"^^xsd:date'
    yield from _di(
        catalogo,
        [
            ("a", "dcatapit:Catalog, dcat:Catalog"),
            ("dct:title", _it(f"Dati aperti di #genera_azioni, {distretto}")),
            ("dct:description", _it("Che cosa fa la rete del progetto, in cifre e luoghi. Si pubblica ogni mese.")),
            ("dct:publisher", titolare),
            ("dct:modified", oggi),
            ("dct:language", f"<{UE}/language/ITA>"),
            ("dcat:themeTaxonomy", f"<{UE}/data-theme>"),
            ("foaf:homepage", f"<{regole.sito}/pubblica>"),
            ("dcat:dataset", ", ".join(f"<{regole.sito}/dati-aperti#{d.nome}>" for d in INSIEMI)),
        ],
    )
    for insieme in INSIEMI:
        yield from _del_dataset(insieme, regole, titolare, oggi)
    yield from _di_chi(regole, titolare)


def _del_dataset(insieme: Dataset, regole: Regole, titolare: str, oggi: str) -> Iterator[Tripla]:
    codice = f"{regole.titolare.codice_ipa}:genera-azioni-{insieme.nome}"
    yield from _di(
        f"<{regole.sito}/dati-aperti#{insieme.nome}>",
        [
            ("a", "dcatapit:Dataset, dcat:Dataset"),
            ("dct:title", _it(insieme.titolo)),
            ("dct:description", _it(insieme.descrizione)),
            ("dct:identifier", _testo(codice)),
            ("dct:modified", oggi),
            ("dcat:theme", f"<{UE}/data-theme/SOCI>"),
            ("dct:rightsHolder", titolare),
            ("dct:publisher", titolare),
            ("dct:accrualPeriodicity", f"<{UE}/frequency/{insieme.frequenza}>"),
            ("dct:language", f"<{UE}/language/ITA>"),
            ("dcat:contactPoint", f"<{regole.sito}/dati-aperti#contatto>"),
            ("dcat:landingPage", f"<{regole.sito}/dati-aperti>"),
            ("dcat:distribution", ", ".join(f"<{regole.sito}{d.percorso}>" for d in insieme.distribuzioni)),
        ],
    )
    for d in insieme.distribuzioni:
        indirizzo = f"<{regole.sito}{d.percorso}>"
        yield from _di(
            indirizzo,
            [
                ("a", "dcatapit:Distribution, dcat:Distribution"),
                ("dct:title", _it(f"{insieme.titolo}, in {d.formato}")),
                ("dct:format", f"<{UE}/file-type/{d.formato}>"),
                ("dct:license", f"<{LICENZA}>"),
                ("dcat:accessURL", f"<{regole.sito}/dati-aperti>"),
                ("dcat:downloadURL", indirizzo),
                ("dct:modified", oggi),
            ],
        )


def _di_chi(regole: Regole, titolare: str) -> Iterator[Tripla]:
    chi = regole.titolare
    come = "vcard:hasEmail" if (chi.contatto or "").startswith("mailto:") else "vcard:hasURL"
    dove = chi.contatto or chi.sito or f"{regole.sito}/pubblica"
    yield from _di(
        titolare,
        [
            ("a", "dcatapit:Agent, foaf:Agent"),
            ("foaf:name", _it(chi.nome or "Titolare da configurare")),
            ("dct:identifier", _testo(chi.codice_ipa)),
        ],
    )
    yield from _di(
        f"<{regole.sito}/dati-aperti#contatto>",
        [
            ("a", "dcatapit:Organization, vcard:Organization, vcard:Kind"),
            ("vcard:fn", _it(chi.nome or "Titolare da configurare")),
            (come, f"<{dove}>"),
        ],
    )
    yield from _di(
        f"<{LICENZA}>",
        [
            ("a", "dcatapit:LicenseDocument, dct:LicenseDocument"),
            ("dct:type", "<http://purl.org/adms/licencetype/Attribution>"),
            ("foaf:name", _it("Creative Commons Attribuzione 4.0 Internazionale (CC BY 4.0)")),
            ("owl:versionInfo", _testo("4.0")),
        ],
    )


def _di(soggetto: str, proprieta: list[tuple[str, str]]) -> Iterator[Tripla]:
    return ((soggetto, predicato, oggetto) for predicato, oggetto in proprieta)


def _testo(testo: str) -> str:
    """Una stringa di Turtle."""
    for segno, scritto in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r")):
        testo = testo.replace(segno, scritto)
    return f'"{testo}"'


def _it(testo: str) -> str:
    return f"{_testo(testo)}@it"
