"""Ciò che gli eventi di casa aggiungono alle misure degli indicatori CA01-CA10 e del Fondo Garanzia."""

from dataclasses import dataclass

from contratti import casa

from cruscotto.apporti.quota import Quote, Stato, genere, quota


@dataclass
class Famiglia(Stato):
    comune: str = ""
    morosita: int = 0
    sfratto_in: str = ""
    in_carico: bool = False


famiglia = genere("casa/famiglia", Famiglia)


@famiglia.apporto
def presa_in_carico(f: Famiglia, e: casa.FamigliaPresaInCarico, id: str) -> Quote:
    """La famiglia appartiene al comune della sua presa in carico: la garanzia lo ritrova per chiave.

    Chi torna in carico torna con il debito che aveva.
    """
    yield quota("comune_della_famiglia", 1, e.comune, id)
    for persona in e.componenti:
        yield quota("seguite", 1, e.comune, f"{persona}|casa|{id}")
    if not f.in_carico:
        yield quota("famiglie_in_carico", 1, e.comune)
        yield quota("morosita", f.morosita, e.comune)
    f.comune, f.in_carico = e.comune, True


@famiglia.apporto
def morosita_rilevata(f: Famiglia, e: casa.MorositaRilevata, id: str) -> Quote:
    f.morosita += e.importo_centesimi
    if f.in_carico:
        yield quota("morosita", e.importo_centesimi, f.comune)


@famiglia.apporto
def morosita_sanata(f: Famiglia, e: casa.MorositaSanata, id: str) -> Quote:
    f.morosita -= e.importo_centesimi
    if f.in_carico:
        yield quota("morosita", -e.importo_centesimi, f.comune)


@famiglia.apporto
def sfratto_intimato(f: Famiglia, e: casa.SfrattoIntimato, id: str) -> Quote:
    """Resta aperto nel comune in cui è stato intimato, anche se la famiglia torna in carico in un altro."""
    f.sfratto_in = f.comune
    yield quota("sfratti_aperti", 1, f.comune)


@famiglia.apporto
def sfratto_prevenuto(f: Famiglia, e: casa.SfrattoPrevenuto, id: str) -> Quote:
    yield quota("sfratti_aperti", -1, f.sfratto_in or f.comune)
    yield quota("sfratti_prevenuti", 1, f.comune)


@famiglia.apporto
def sfratto_eseguito(f: Famiglia, e: casa.SfrattoEseguito, id: str) -> Quote:
    yield quota("sfratti_aperti", -1, f.sfratto_in or f.comune)
    yield quota("sfratti_eseguiti", 1, f.comune)
    yield quota("famiglie_sfrattate", 1, f.comune, id)


@famiglia.apporto
def presa_in_carico_conclusa(f: Famiglia, e: casa.PresaInCaricoConclusa, id: str) -> Quote:
    """Chi non è più in carico non pesa più sulle morosità in essere."""
    if f.in_carico:
        yield quota("famiglie_in_carico", -1, f.comune)
        yield quota("morosita", -f.morosita, f.comune)
    f.in_carico = False


@dataclass
class Alloggio(Stato):
    comune: str = ""
    disponibile: bool = False
    contato: bool = False
    gia_abitato: bool = False


alloggio = genere("casa/alloggio", Alloggio)


@alloggio.apporto
def alloggio_reso_disponibile(a: Alloggio, e: casa.AlloggioResoDisponibile, id: str) -> Quote:
    """Un alloggio si conta una volta, anche se torna disponibile."""
    if not a.contato:
        a.comune, a.contato = e.comune, True
        yield quota("alloggi_disponibili", 1, e.comune)


@alloggio.apporto
def alloggio_assegnato(a: Alloggio, e: casa.AlloggioAssegnato, id: str) -> Quote:
    """L'alloggio in cui la famiglia abitava già non è un alloggio in più."""
    if a.contato and not a.gia_abitato and e.titolo == "locazione_in_corso":
        a.gia_abitato = True
        yield quota("alloggi_disponibili", -1, a.comune)


@dataclass
class Adesione(Stato):
    comune: str = ""
    tipo: str = ""


adesione = genere("casa/adesione", Adesione)


@adesione.apporto
def adesione_sottoscritta(a: Adesione, e: casa.AdesioneAlFondoSottoscritta, id: str) -> Quote:
    a.comune, a.tipo = e.comune, e.tipo
    yield quota("adesioni", 1, e.comune, e.tipo)


@adesione.apporto
def adesione_cessata(a: Adesione, e: casa.AdesioneAlFondoCessata, id: str) -> Quote:
    yield quota("adesioni", -1, a.comune, a.tipo)


fondo = genere("casa/fondo", Stato)


@fondo.apporto
def dotazione_versata(f: Stato, e: casa.DotazioneVersata, id: str) -> Quote:
    yield quota("fondo_versato", e.importo_centesimi, chiave=e.da)


@dataclass
class Garanzia(Stato):
    famiglia: str = ""
    residuo: int = 0


garanzia = genere("casa/garanzia", Garanzia)


@garanzia.apporto
def garanzia_concessa(g: Garanzia, e: casa.GaranziaConcessa, id: str) -> Quote:
    g.famiglia, g.residuo = e.famiglia, e.massimale_centesimi
    yield quota("famiglie_garantite", 1, chiave=e.famiglia)
    yield quota("garanzie_attive", 1)
    yield quota("massimali_concessi", e.massimale_centesimi, chiave=e.famiglia)
    yield quota("fondo_impegnato", e.massimale_centesimi)


@garanzia.apporto
def garanzia_escussa(g: Garanzia, e: casa.GaranziaEscussa, id: str) -> Quote:
    """Escussa in un giorno in cui era già svincolata (le date le scrivono le persone), non libera altro impegno."""
    tolto = min(e.importo_centesimi, g.residuo)
    g.residuo -= tolto
    yield quota("fondo_impegnato", -tolto)
    yield quota("fondo_escusso", e.importo_centesimi, chiave=g.famiglia)


@garanzia.apporto
def recupero_incassato(g: Garanzia, e: casa.RecuperoIncassato, id: str) -> Quote:
    """Un recupero torna al fondo e non ricostituisce il massimale."""
    yield quota("fondo_recuperato", e.importo_centesimi, chiave=g.famiglia)


@garanzia.apporto
def garanzia_svincolata(g: Garanzia, e: casa.GaranziaSvincolata, id: str) -> Quote:
    yield quota("garanzie_attive", -1)
    yield quota("fondo_impegnato", -g.residuo)
    g.residuo = 0


@dataclass
class Coabitazione(Stato):
    comune: str = ""
    presenti: int = 0
    contata: bool = False


coabitazione = genere("casa/coabitazione", Coabitazione)


@coabitazione.apporto
def coabitazione_avviata(c: Coabitazione, e: casa.CoabitazioneAvviata, id: str) -> Quote:
    c.comune, c.presenti = e.comune, 1 if e.ospitante else 0
    yield from ()


@coabitazione.apporto
def coabitante_entrato(c: Coabitazione, e: casa.CoabitanteEntrato, id: str) -> Quote:
    """Conta la coabitazione in cui hanno convissuto almeno due persone, ospitante compreso."""
    c.presenti += 1
    if c.presenti >= 2 and not c.contata:
        c.contata = True
        yield quota("coabitazioni_accompagnate", 1, c.comune)


@coabitazione.apporto
def coabitante_uscito(c: Coabitazione, e: casa.CoabitanteUscito, id: str) -> Quote:
    c.presenti -= 1
    yield from ()


@dataclass
class Condominio(Stato):
    comune: str = ""
    contato: bool = False


condominio = genere("casa/condominio", Condominio)


@condominio.apporto
def condominio_avviato(c: Condominio, e: casa.CondominioSocialeAvviato, id: str) -> Quote:
    c.comune = e.comune
    yield from ()


@condominio.apporto
def custode_incaricato(c: Condominio, e: casa.CustodeSocialeIncaricato, id: str) -> Quote:
    if not c.contato:
        c.contato = True
        yield quota("condomini_con_custode", 1, c.comune)


@condominio.apporto
def attivita_svolta(c: Condominio, e: casa.AttivitaCondominialeSvolta, id: str) -> Quote:
    yield quota("attivita_condominiali", 1, c.comune, e.promossa_da)
