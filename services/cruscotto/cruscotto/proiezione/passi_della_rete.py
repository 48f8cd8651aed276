"""Le misure della rete (RE01-RE04) come passi: da quel giorno, in quel comune, tanto in più o in meno. Pura.

Sommati fino a un giorno danno la cifra di quel giorno, come `catene.py` la definisce, senza rileggere gli invii. Di ciò
che un periodo sceglie dal giorno della richiesta, o della conclusione, la chiave ne dice il mese: «chiave~2016-03».
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import pairwise

from telaio.calendar import working_days

from cruscotto.apporti.invii import Invio
from cruscotto.apporti.luoghi import DISTRETTO
from cruscotto.proiezione.collocazione import Posto
from cruscotto.rete.catene import GIORNI_PER_UN_ESITO, Catena, catene, fine, lasciato, prima_risposta
from cruscotto.rete.flussi import a_chi, fatti_di

DAL = "~"
"""Nella chiave, prima del mese da cui comincia un periodo che la comprende."""
LASCIATI, RISPOSTI = "lasciati", "risposti"
CHIESTE, CON_ESITO, CONCLUSE = "catene_chieste", "catene_con_esito", "catene_concluse"
APERTE, CHIUSE = "attese_aperte", "attese_chiuse"
APERTE_AI_NODI, CHIUSE_AI_NODI = "attese_aperte_ai_nodi", "attese_chiuse_ai_nodi"
"""Le stesse attese, con il nodo a cui si è chiesto davanti alla chiave: per la sola pagina della rete."""
FRA_LINEE, COLLEGATE = "persone_fra_linee", "persone_collegate"
IN_MANO, ARCHI = "invii_in_mano", "archi"
Passi = Iterator[tuple[str, date, str, int]]
"""Misura, giorno, chiave, quanto."""


def passi(invii: Iterable[Invio]) -> Counter[Posto]:
    """I passi di alcuni invii; di una catena ci devono essere tutti."""
    posti: Counter[Posto] = Counter()
    tutti = list(invii)
    for catena in catene(tutti):
        _aggiungi(posti, catena.comune, _della_catena(catena))
    for invio in tutti:
        _aggiungi(posti, invio.spedito.comune, _dell_attesa(invio))
        _aggiungi(posti, invio.spedito.comune, _del_flusso(invio))
    return posti


def _aggiungi(posti: Counter[Posto], comune: str, passi: Passi) -> None:
    for misura, giorno, chiave, quanto in passi:
        posti[misura, comune, giorno, chiave] += quanto


def _della_catena(catena: Catena) -> Passi:
    """RE01 e RE02. Di ogni giorno fa fede l'ultimo invio chiesto: l'esito di uno vale finché non lo segue un altro."""
    matura = catena.richiesta_il + timedelta(days=GIORNI_PER_UN_ESITO + 1)
    yield CHIESTE, matura, _dal("", catena.richiesta_il), 1
    giorni = sorted({i.spedito.richiesto_il for i in catena.invii})
    for dal, al in pairwise([*giorni, date.max]):
        ultimo = catena.ultimo(dal)
        finito_il = fine(ultimo)
        if finito_il is not None:
            yield from _fra(CON_ESITO, max(matura, dal, finito_il), al, _dal("", catena.richiesta_il))
        come = ultimo.confermata
        concluso_il = come.il("InvioConcluso") if come else None
        if come and concluso_il and come.ricevuto.perche is not None:
            yield from _fra(CONCLUSE, max(dal, concluso_il), al, _dal(come.ricevuto.perche, concluso_il))


def _fra(misura: str, dal: date, al: date, chiave: str) -> Passi:
    """Uno dal giorno `dal`, fino a prima di `al`."""
    if dal < al:
        yield misura, dal, chiave, 1
        if al < date.max:
            yield misura, al, chiave, -1


def _dell_attesa(invio: Invio) -> Passi:
    """RE03. Chi aspetta sta sotto il giorno da cui aspetta; chi non aspetta più, sotto i giorni che ha aspettato."""
    chiesto, nodo = invio.spedito.richiesto_il, a_chi(invio)
    risposto, smesso = prima_risposta(invio), lasciato(invio)
    finita = min((g for g in (risposto, smesso) if g is not None), default=date.max)
    yield from _fra(APERTE, chiesto, finita, _dal(chiesto.isoformat(), chiesto))
    yield from _fra(APERTE_AI_NODI, chiesto, finita, _dal(f"{nodo}|{chiesto.isoformat()}", chiesto))
    if finita < date.max:
        come = f"{working_days(chiesto, finita)}|{RISPOSTI if risposto == finita else LASCIATI}"
        yield CHIUSE, max(chiesto, finita), _dal(come, chiesto), 1
        yield CHIUSE_AI_NODI, max(chiesto, finita), _dal(f"{nodo}|{come}", chiesto), 1


def _del_flusso(invio: Invio) -> Passi:
    """Ciò che la pagina della rete dice di ogni coppia, e gli invii che qualcuno ha in mano."""
    mese = invio.spedito.richiesto_il.replace(day=1)
    coppia, fatti = fatti_di(invio)
    for fatto in fatti:
        yield ARCHI, mese, "|".join((*coppia, fatto)), 1
    if invio.situazione[0].tocca_a is not None:
        yield IN_MANO, mese, invio.id, 1


def _dal(chiave: str, giorno: date) -> str:
    return f"{chiave}{DAL}{giorno:%Y-%m}"


def passi_delle_persone(
    linee: Mapping[str, Mapping[str, date]], schede: Mapping[str, Collection[str]], invii: Iterable[Invio]
) -> Counter[Posto]:
    """RE04: da quando ciascuna persona è seguita da due linee, e da quando un invio gliele collega. `linee`: di ognuna
    il giorno da cui ciascuna la segue; `schede`: quelle che la seguono."""
    collegata = _collegate(linee, schede, invii)
    posti: Counter[Posto] = Counter()
    for persona, sue in linee.items():
        if len(sue) > 1:
            posti[FRA_LINEE, DISTRETTO, sorted(sue.values())[1], ""] += 1
        if persona in collegata:
            posti[COLLEGATE, DISTRETTO, collegata[persona], ""] += 1
    return posti


def _collegate(
    linee: Mapping[str, Mapping[str, date]], schede: Mapping[str, Collection[str]], invii: Iterable[Invio]
) -> dict[str, date]:
    """Il giorno da cui un invio confermato collega due linee che seguono la persona."""
    di_scheda: dict[str, list[str]] = {}
    for persona, sue in schede.items():
        for scheda in sue:
            di_scheda.setdefault(scheda, []).append(persona)
    trovate: dict[str, date] = {}
    for invio in invii:
        s, quando = invio.spedito, invio.il("InvioConfermato")
        if s.confermato_a is None or quando is None:
            continue
        fra = {s.da.partition("/")[0], s.confermato_a.partition("/")[0]}
        for persona in [s.persona] if s.persona else di_scheda.get(s.famiglia or "", ()):
            sue = linee.get(persona, {})
            if len(fra) == 2 and fra <= sue.keys():
                giorno = max(quando, *(sue[linea] for linea in fra))
                trovate[persona] = min(giorno, trovate.get(persona, giorno))
    return trovate
