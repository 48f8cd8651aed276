"""Gli eventi del cruscotto, ciò che non si può ricalcolare dagli altri: rapporti al finanziatore, dati pubblicati."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from contratti.lavoro import Mese
from contratti.rete import AvvenutoIl, CodiceComune, Ente, Event

Impronta = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9a-f]{64}$"),
    Field(title="Impronta", description="SHA-256, in esadecimale", examples=["0123456789abcdef" * 4]),
]
Numero = Annotated[
    str,
    StringConstraints(pattern=r"^-?[0-9]{1,13}(\.[0-9]{1,2})?$"),
    Field(title="Numero", description="Decimale con il punto", examples=["66.7"]),
]
CodiceIndicatore = Annotated[
    str, StringConstraints(pattern=r"^[A-Z]{2}[0-9]{2}$"), Field(title="Indicatore", examples=["CA01"])
]
Titolo = Annotated[str, Field(title="Titolo", max_length=200, examples=["Famiglie garantite"])]
Unita = Annotated[str, Field(title="Unità", max_length=40, examples=["famiglie"])]
Soggetto = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z_]+/[a-z0-9-]+$", max_length=100),
    Field(
        title="Soggetto", description="La scheda: genere/id", examples=["famiglia/7f3c2a10-5b6d-4e8f-9a01-23456789abcd"]
    ),
]
Versione = Annotated[int, Field(title="Versione", ge=1, le=10**9, examples=[3])]
Fonte = Annotated[
    str,
    StringConstraints(pattern=r"^/[a-z]+/[a-z0-9-]+$", max_length=100),
    Field(title="Fonte", description="Chi ha registrato: /servizio/partner", examples=["/casa/consorzio-tenda"]),
]
Progressivo = Annotated[int, Field(title="Numero del rapporto", ge=1, le=10**6, examples=[1])]

# Un elenco di oggetti dice il suo esempio intero: da lì nascono i campioni.
UNA_PARTE = {
    "titolo": "sfratti ancora aperti", "unita": "sfratti", "valore": "1", "numeratore": None, "denominatore": None,
}  # fmt: skip
UNA_CIFRA = {
    "codice": "CA08",
    "linea": "casa",
    "titolo": "Sfratti prevenuti",
    "definizione": "Sfratti prevenuti su sfratti intimati e giunti a un esito",
    "unita": "%",
    "valore": "66.7",
    "numeratore": "2",
    "denominatore": "3",
    "base": None,
    "obiettivo": None,
    "avanzamento": None,
    "senza_avanzamento": "obiettivo non definito",
    "a_parte": [UNA_PARTE],
}
_SCHEDA = "famiglia/7f3c2a10-5b6d-4e8f-9a01-23456789abcd"
UNA_SEZIONE = {"sezione": "risultati", "impronta": "0123456789abcdef" * 4}
UNA_VERSIONE = {"soggetto": _SCHEDA, "versione": 3}
UNA_RETTIFICA = {
    "fonte": "/casa/consorzio-tenda",
    "soggetto": _SCHEDA,
    "versione": 4,
    "tipo": "casa.FamigliaPresaInCarico",
    "corregge": True,
    "avvenuto_il": "2016-03-20",
    "rapporti": [1],
}


class Valore(BaseModel):
    """Il valore di una cifra; assente se non è calcolabile. Di un rapporto anche i due termini."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    valore: Annotated[Numero | None, Field(title="Valore")] = None
    numeratore: Annotated[Numero | None, Field(title="Numeratore")] = None
    denominatore: Annotated[Numero | None, Field(title="Denominatore")] = None


class ParteFissata(Valore):
    """Una cifra mostrata accanto a un indicatore."""

    titolo: Titolo
    unita: Unita


class CifraFissata(Valore):
    """Un indicatore com'era all'approvazione, con ciò che serve a leggerlo."""

    codice: CodiceIndicatore
    linea: Annotated[str, Field(title="Linea", max_length=40, examples=["casa"])]
    titolo: Titolo
    definizione: Annotated[
        str, Field(title="Definizione", max_length=600, examples=["Famiglie distinte con almeno una garanzia concessa"])
    ]
    unita: Unita
    base: Annotated[Numero | None, Field(title="Base")] = None
    obiettivo: Annotated[Numero | None, Field(title="Obiettivo")] = None
    avanzamento: Annotated[Numero | None, Field(title="Avanzamento", description="In percento")] = None
    senza_avanzamento: Annotated[
        str | None,
        Field(
            title="Senza avanzamento", description="Perché manca", max_length=200, examples=["obiettivo non definito"]
        ),
    ] = None
    a_parte: Annotated[tuple[ParteFissata, ...], Field(title="A parte", max_length=20, examples=[[UNA_PARTE]])] = ()


class SezioneScritta(BaseModel):
    """Una sezione della narrativa, per impronta: il testo resta nel cruscotto."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    sezione: Annotated[
        str, StringConstraints(pattern=r"^[a-z_]{2,40}$"), Field(title="Sezione", examples=["risultati"])
    ]
    impronta: Impronta


class VersioneFissata(BaseModel):
    """L'ultimo evento di una scheda di cui il rapporto tiene conto."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    soggetto: Soggetto
    versione: Versione


class RettificaSuccessiva(BaseModel):
    """Un evento arrivato dopo l'approvazione di un rapporto precedente, e che ne tocca il periodo."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    fonte: Fonte
    soggetto: Soggetto
    versione: Versione
    tipo: Annotated[
        str,
        StringConstraints(pattern=r"^[a-z]+\.[A-Za-z]+$", max_length=100),
        Field(
            title="Tipo di evento", description="Di una rettifica, il tipo corretto", examples=["casa.GaranziaConcessa"]
        ),
    ]
    corregge: Annotated[
        bool,
        Field(title="Corregge", description="Se corregge o annulla; se no è registrato in ritardo", examples=[True]),
    ]
    avvenuto_il: AvvenutoIl
    rapporti: Annotated[
        tuple[Progressivo, ...],
        Field(title="Rapporti", description="I numeri di quelli di cui tocca il periodo", max_length=200),
    ]


class RapportoAperto(Event):
    """È stata cominciata la bozza di un rapporto al finanziatore."""

    dal: Annotated[Mese, Field(title="Dal mese")]
    al: Annotated[Mese, Field(title="Al mese")]
    enti: Annotated[
        tuple[Ente, ...],
        Field(title="Enti", description="Quelli con una parte loro, oltre al consolidato", max_length=50),
    ] = ()


class NarrativaScritta(Event):
    """Sono stati scritti o cambiati dei testi del rapporto."""

    sezioni: Annotated[
        tuple[SezioneScritta, ...], Field(title="Sezioni", min_length=1, max_length=20, examples=[[UNA_SEZIONE]])
    ]


class VersioniFissate(Event):
    """Fin dove il rapporto ha letto la storia di ogni scheda di una fonte; di molte schede, in più eventi."""

    fonte: Fonte
    versioni: Annotated[
        tuple[VersioneFissata, ...], Field(title="Versioni", min_length=1, max_length=2000, examples=[[UNA_VERSIONE]])
    ]


class CifreFissate(Event):
    """Le cifre del rapporto com'erano all'approvazione: consolidate, o di un ente."""

    ente: Annotated[Ente | None, Field(title="Ente", description="Assente: tutta la rete")] = None
    denominazione: Annotated[
        str,
        Field(
            title="Denominazione", description="Di chi sono, per esteso", max_length=200, examples=["Consorzio Tenda"]
        ),
    ]
    impronta_del_registro: Annotated[
        Impronta | None,
        Field(title="Registro", description="Quello degli indicatori che le ha calcolate, per impronta"),
    ] = None
    cifre: Annotated[
        tuple[CifraFissata, ...], Field(title="Cifre", min_length=1, max_length=200, examples=[[UNA_CIFRA]])
    ]


class RettificheElencate(Event):
    """Ciò che, dopo i rapporti precedenti, è stato corretto o registrato in ritardo nei loro periodi."""

    rettifiche: Annotated[
        tuple[RettificaSuccessiva, ...],
        Field(title="Rettifiche", min_length=1, max_length=500, examples=[[UNA_RETTIFICA]]),
    ]


class RapportoApprovato(Event):
    """Il rapporto è approvato: ha un numero, e ciò che dice non cambia più."""

    numero: Progressivo
    impronta: Impronta


# I dati pubblicati

UN_LUOGO = {
    "comuni": ["017113"], "altrove": False, "valore": "12", "numeratore": None, "denominatore": None,
}  # fmt: skip
UNA_PUBBLICATA = {
    "codice": "CA01",
    "parte": None,
    "mese": "2016-04",
    "motivo": None,
    "valore": "27",
    "numeratore": None,
    "denominatore": None,
    "luoghi": [UN_LUOGO],
}


class LuogoPubblicato(Valore):
    """La cifra di un comune, o di più comuni insieme."""

    comuni: Annotated[tuple[CodiceComune, ...], Field(title="Comuni", max_length=400)] = ()
    altrove: Annotated[
        bool, Field(title="Anche altrove", description="Se comprende ciò che non ha un comune del distretto")
    ] = False


class CifraPubblicata(Valore):
    """Una cifra com'è pubblica, mai quella da cui nasce; con il mese alla cui fine sta, che può essere passato."""

    codice: CodiceIndicatore
    parte: Annotated[Titolo | None, Field(title="Parte", description="Di una cifra a parte, il suo nome")] = None
    mese: Annotated[Mese | None, Field(title="Mese", description="Assente: mai pubblicata")] = None
    motivo: Annotated[
        Literal["tutela", "non_pubblicata", "non_calcolabile", "altro"] | None,
        Field(title="Motivo", description="Perché il valore non c'è"),
    ] = None
    luoghi: Annotated[tuple[LuogoPubblicato, ...], Field(title="Luoghi", max_length=400, examples=[[UN_LUOGO]])] = ()


class DatiPubblicati(Event):
    """I dati aperti del mese: tutto ciò che da oggi è pubblico. Ogni cifra ha la sua data."""

    mese: Mese
    soglia: Annotated[int, Field(title="Soglia", description="Sotto non si pubblica", ge=3, le=1000, examples=[5])]
    licenza: Annotated[Literal["CC-BY-4.0", "altro"], Field(title="Licenza")]
    cifre: Annotated[
        tuple[CifraPubblicata, ...], Field(title="Cifre", min_length=1, max_length=400, examples=[[UNA_PUBBLICATA]])
    ]
