"""Le storie degli invii: accolti, rifiutati, scaduti e offerti ad altri, annullati, ritirati, non riusciti."""

from collections.abc import Callable
from random import Random
from typing import Any

from scenario.copione import Storia
from scenario.invii.sportelli import Invio, Sportelli

UnaStoria = Callable[[Sportelli, str, Random], Storia]
BISOGNI = ("abitare", "lavoro", "reddito", "relazioni", "salute", "crescita_dei_figli")
ABITARE, LAVORARE, IMPARARE = "accompagnamento_abitativo", "orientamento_al_lavoro", "laboratorio"


def piu_volte(s: Sportelli, storia: UnaStoria, quante: int, ogni: tuple[int, int]) -> Storia:
    """La stessa storia con altre persone, una ogni tanti giorni."""
    nome = storia.__name__
    caso = s.copione.sorte(f"invii/{nome}")
    yield caso.randint(*ogni)
    for numero in range(quante):
        s.copione.avvia(storia(s, f"{nome}/{numero}", s.copione.sorte(f"invii/{nome}/{numero}")), 1)
        yield caso.randint(*ogni)


def posti(s: Sportelli, linea: str, prestazioni: tuple[str, ...]) -> Storia:
    """Ogni due mesi una linea dice quanti posti ha. Chi offre da solo: nessuno è rinviato a un altro da sé."""
    caso = s.copione.sorte(f"invii/posti/{linea}")
    while True:
        for prestazione in prestazioni:
            liberi = caso.choice((0, 0, 1, 2, 3, 5, 8))
            campi = {
                "prestazione": prestazione,
                "posti_liberi": liberi,
                "in_attesa": caso.randint(0, 6 - min(liberi, 6)),
            }
            s.fai(linea, "capienza/posti-disponibili/aggiornamento", campi)
        yield caso.randint(55, 65)


def famiglia_intera(s: Sportelli, nome: str, caso: Random) -> Storia:
    """Incontrata a un Punto, accolta da casa; un genitore passa al lavoro, un figlio a un laboratorio."""
    genitore, figlio = s.persona(nome, caso), s.persona(f"{nome}/figlio", caso, minore=True)
    invio = s.chiedi(nome, "punti", "casa", ABITARE, genitore, nucleo=3, minori=1, bisogni=caso.sample(BISOGNI, 2))
    yield 1
    famiglia = s.copione.id(f"invii/famiglia/{nome}")
    nucleo = {"componenti": [genitore.id, figlio.id], "minori": 1, "bisogni": ["abitare"]}
    _prendi(s, "casa", invio, f"famiglie/{famiglia}/presa-in-carico", {"comune": genitore.comune, **nucleo})
    yield caso.randint(20, 60)
    if caso.random() < 0.8:
        s.copione.avvia(_al_lavoro(s, nome, famiglia, genitore, caso))
    if caso.random() < 0.5:
        s.copione.avvia(_al_laboratorio(s, nome, famiglia, figlio, caso))
    yield caso.randint(90, 240)
    if caso.random() < 0.85:
        esito = caso.choices(("aiuto_ottenuto", "aiuto_parziale", "non_ottenuto"), (6, 3, 1))[0]
        yield from _concludi(s, "casa", invio, esito, caso)


def _al_lavoro(s: Sportelli, nome: str, famiglia: str, genitore: Any, caso: Random) -> Storia:
    invio = s.chiedi(
        f"{nome}/lavoro", "casa", "lavoro", LAVORARE, genitore, bisogni=["lavoro"], urgente=caso.random() < 0.2
    )
    yield 1
    candidato = s.copione.id(f"invii/candidato/{nome}")
    campi = {
        "persona": genitore.id,
        "comune": genitore.comune,
        "competenze": ["pulizie"],
        "disponibilita": ["mattina"],
    }
    _prendi(s, "lavoro", invio, f"candidati/{candidato}/presa-in-carico", campi)
    yield caso.randint(60, 200)
    if caso.random() < 0.75:
        yield from _concludi(s, "lavoro", invio, caso.choice(("aiuto_ottenuto", "aiuto_parziale")), caso)


def _al_laboratorio(s: Sportelli, nome: str, famiglia: str, figlio: Any, caso: Random) -> Storia:
    invio = s.chiedi(
        f"{nome}/laboratorio", "casa", "giovani", IMPARARE, figlio, bisogni=["relazioni"], fasce_eta=["14-17"]
    )
    yield caso.randint(1, 2)
    s.rispondi("giovani", invio.id, "accettazione")
    s.rispondi("giovani", invio.id, "presa-in-carico")
    yield caso.randint(60, 150)
    yield from _concludi(s, "giovani", invio, "aiuto_ottenuto", caso)


def aiuto_di_casa(s: Sportelli, nome: str, caso: Random) -> Storia:
    """Chi è seguito da casa ha bisogno di relazioni: si apre un ascolto in un Punto."""
    persona = s.persona(nome, caso)
    invio = s.chiedi(nome, "casa", "punti", "ascolto", persona, bisogni=["relazioni"])
    yield caso.randint(1, 2)
    s.rispondi("punti", invio.id, "accettazione")
    s.rispondi("punti", invio.id, "presa-in-carico")
    yield caso.randint(10, 40)
    if caso.random() < 0.4:
        s.rispondi("punti", invio.id, "sospensione", motivo="attesa_della_persona")
        yield caso.randint(7, 25)
        s.rispondi("punti", invio.id, "ripresa")
        yield caso.randint(5, 20)
    yield from _concludi(
        s, "punti", invio, caso.choice(("aiuto_ottenuto", "aiuto_parziale", "non_piu_necessario")), caso
    )


def rifiutato_e_offerto_al_comune(s: Sportelli, nome: str, caso: Random) -> Storia:
    """La linea rifiuta, e la persona è offerta agli assistenti sociali del suo comune."""
    persona = s.persona(nome, caso)
    invio = s.chiedi(nome, "punti", "lavoro", LAVORARE, persona, bisogni=["lavoro", "reddito"])
    yield 1
    s.rispondi("lavoro", invio.id, "rifiuto", motivo=caso.choice(("posti_esauriti", "requisiti_mancanti")))
    s.prosegui(invio, "reindirizzamento", a=s.comune(persona))
    yield caso.randint(1, 2)
    s.rispondi("punti", invio.seguente, "accettazione", da=s.comune(persona))
    s.rispondi("punti", invio.seguente, "presa-in-carico")
    yield caso.randint(20, 90)
    s.rispondi("punti", invio.seguente, "conclusione", esito=caso.choice(("aiuto_parziale", "aiuto_ottenuto")))
    s.fai("punti", f"invii/{invio.seguente}/archiviazione", {"riscontro": "positivo"})


def scaduto_e_archiviato(s: Sportelli, nome: str, caso: Random) -> Storia:
    """Nessuno risponde in tempo, e chi invia trova altrove."""
    invio = s.chiedi(nome, "lavoro", "giovani", "percorso_scuola_lavoro", s.persona(nome, caso))
    yield 12
    s.prosegui(invio, "archiviazione")


def scaduto_e_accettato_tardi(s: Sportelli, nome: str, caso: Random) -> Storia:
    """La risposta arriva dopo il termine, e vale: nessun altro l'aveva presa."""
    invio = s.chiedi(nome, "punti", "casa", ABITARE, s.persona(nome, caso))
    yield 13
    s.rispondi("casa", invio.id, "accettazione")
    s.rispondi("casa", invio.id, "presa-in-carico")
    yield caso.randint(30, 80)
    yield from _concludi(s, "casa", invio, "aiuto_parziale", caso)


def chiamata_aperta(s: Sportelli, nome: str, caso: Random) -> Storia:
    """Chiesto a chiunque offra: risponde chi lo offre."""
    invio = s.chiedi(nome, "casa", None, "fareassieme", s.persona(nome, caso), bisogni=["relazioni"])
    yield 1
    s.rispondi("punti", invio.id, "accettazione")
    s.rispondi("punti", invio.id, "presa-in-carico")
    yield caso.randint(15, 60)
    yield from _concludi(s, "punti", invio, "aiuto_ottenuto", caso)


def annullato_da_chi_invia(s: Sportelli, nome: str, caso: Random) -> Storia:
    """La persona ci ripensa prima che qualcuno risponda."""
    invio = s.chiedi(nome, "punti", "lavoro", LAVORARE, s.persona(nome, caso))
    yield 1
    s.prosegui(invio, "annullamento", motivo="rinuncia_della_persona")


def ritirato_da_chi_riceve(s: Sportelli, nome: str, caso: Random) -> Storia:
    """Accettato e poi ritirato prima di cominciare; chi invia chiude."""
    invio = s.chiedi(nome, "punti", "casa", ABITARE, s.persona(nome, caso))
    yield 1
    s.rispondi("casa", invio.id, "accettazione")
    s.rispondi("casa", invio.id, "annullamento", motivo="impossibilita")
    s.prosegui(invio, "archiviazione", riscontro="negativo")


def non_riuscito(s: Sportelli, nome: str, caso: Random) -> Storia:
    """Cominciato, e non è stato possibile: la persona torna all'ascolto di un Punto."""
    persona = s.persona(nome, caso)
    invio = s.chiedi(nome, "casa", "lavoro", LAVORARE, persona, bisogni=["lavoro"])
    yield 1
    s.rispondi("lavoro", invio.id, "accettazione")
    s.rispondi("lavoro", invio.id, "presa-in-carico")
    yield caso.randint(20, 60)
    s.rispondi("lavoro", invio.id, "non-riuscita", motivo="persona_non_raggiunta")
    s.prosegui(invio, "reindirizzamento", a=s.comune(persona))
    yield caso.randint(1, 2)
    s.rispondi("punti", invio.seguente, "rifiuto", da=s.comune(persona), motivo="irreperibile")
    s.fai("casa", f"invii/{invio.seguente}/archiviazione")


def revocato(s: Sportelli, nome: str, caso: Random) -> Storia:
    """Chi invia chiede di fermarsi a lavoro cominciato, e chi riceve interrompe."""
    invio = s.chiedi(nome, "punti", "casa", ABITARE, s.persona(nome, caso))
    yield 1
    s.rispondi("casa", invio.id, "accettazione")
    s.rispondi("casa", invio.id, "presa-in-carico")
    yield caso.randint(10, 30)
    s.prosegui(invio, "annullamento", motivo="bisogno_cambiato")
    yield 2
    s.rispondi("casa", invio.id, "annullamento", motivo="bisogno_cambiato")
    s.prosegui(invio, "archiviazione")


def _prendi(s: Sportelli, linea: str, invio: Invio, path: str, campi: dict[str, Any]) -> None:
    """Accettato; confermato, si apre la scheda che ne nasce, e con essa il lavoro sull'invio."""
    s.rispondi(linea, invio.id, "accettazione")
    s.fai(linea, path, {**campi, "invio": invio.id})


def _concludi(s: Sportelli, linea: str, invio: Invio, esito: str, caso: Random) -> Storia:
    s.rispondi(linea, invio.id, "conclusione", esito=esito)
    yield caso.randint(1, 10)
    s.prosegui(invio, "archiviazione", riscontro=caso.choice(("positivo", "positivo", "neutro")))
