"""Il Fondo Esperienze: chi vi versa, che cosa sostiene."""

from datetime import date, timedelta
from random import Random

from scenario.copione import Storia, fra_mesi
from scenario.lavoro import percorso
from scenario.lavoro.scena import EURO, FONDO, Candidato, Esperienza, Scena, Tirocinio


def versamenti(scena: Scena) -> Storia:
    """Prima poco, dai cittadini; poi la Fondazione, i comuni, le imprese."""
    caso = scena.sorte("versamenti")
    yield 40
    versa(scena, 600 * EURO, "cittadini")
    yield 60
    versa(scena, 9_000 * EURO, "fondazione")
    while True:
        yield caso.randint(50, 90)
        da, minimo, massimo = caso.choice((("comune", 500, 2000), ("impresa", 300, 1500), ("cittadini", 50, 400)))
        versa(scena, caso.randrange(minimo, massimo, 50) * EURO, da)


def versa(scena: Scena, importo: int, da: str) -> None:
    """Un versamento nel Fondo."""
    scena.versato += importo
    scena.registra(f"fondi/{FONDO}/versamento", {"importo_centesimi": importo, "da": da}, con=[FONDO])


def sostiene(scena: Scena, che_cosa: str, id: str, caso: Random) -> Storia:
    """Il Fondo si impegna, paga in una o due volte; a volte non paga tutto, e storna il resto."""
    importo = caso.randrange(300, 900, 50) * EURO
    e = Esperienza(scena.id(f"esperienza/{len(scena.esperienze)}/{id}"), id, importo)
    campi, finita = {che_cosa: id, "importo_centesimi": importo}, _finita(scena, id)
    if importo > scena.disponibile and not finita:
        scena.rifiuta(f"esperienze/{e.id}/finanziamento", campi, "fondo-incapiente", con=[FONDO])
    if importo > scena.disponibile or finita:
        return
    scena.esperienze.append(e)
    scena.registra(f"esperienze/{e.id}/finanziamento", campi, con=[FONDO])
    for parte in (importo // 2, importo - importo // 2):
        yield caso.randint(30, 60)
        if caso.random() < 0.1:
            e.stornata = True
            scena.registra(f"esperienze/{e.id}/storno", {}, con=[FONDO])
            return
        e.liquidato += parte
        dal = scena.oggi - timedelta(20)
        scena.registra(f"esperienze/{e.id}/liquidazione", {"importo_centesimi": parte}, con=[FONDO], dal=dal)


def _finita(scena: Scena, id: str) -> bool:
    soggetto = scena.soggetti[id]
    return bool(getattr(soggetto, "finito_il", None) or getattr(soggetto, "cessato", False))


def giugno_2018(scena: Scena) -> Storia:
    """Dal primo giugno 2018 l'indennità minima è un'altra; una convenzione di maggio, scritta in ritardo, vale ancora
    per la regola di allora."""
    yield (date(2018, 6, 11) - scena.oggi).days
    caso = scena.sorte("giugno 2018")
    c = scena.un_candidato(caso, _senza_impegni)
    a = scena.un_aderente(caso, lambda a: a.ospita_ancora(scena.oggi))
    if c is None or a is None:
        return
    dal = scena.oggi + timedelta(7)
    campi = percorso.campi_del_tirocinio(scena, c, a, dal, fra_mesi(dal, 4), 42_000)
    scena.rifiuta(f"tirocini/{scena.mai_visto()}/attivazione", campi, "indennita-sotto-il-minimo")
    c.tirocinio = Tirocinio(scena.id("tirocinio/di maggio"), c, a, dal, fra_mesi(dal, 4), 42_000)
    scena.tirocini.append(c.tirocinio)
    scena.soggetti[c.tirocinio.id] = c.tirocinio
    a.tirocini.append(c.tirocinio)
    scena.registra(f"tirocini/{c.tirocinio.id}/attivazione", campi | {"avvenuto_il": "2018-05-28"})


def _senza_impegni(c: Candidato) -> bool:
    return c.tirocinio is None
