"""Le catene di invii, e ciò che misurano: chi arriva a un esito, chi ottiene aiuto, quanto si aspetta. Pura."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from telaio.calendar import working_days

from cruscotto.apporti.invii import Invio

GIORNI_PER_UN_ESITO = 30
AIUTO = ("aiuto_ottenuto", "aiuto_parziale")


@dataclass(frozen=True)
class Rapporto:
    """Quanti su quanti."""

    sopra: int
    sotto: int


@dataclass(frozen=True)
class Catena:
    """Una storia sola: l'invio con cui comincia e quelli che lo continuano, nell'ordine in cui sono stati chiesti."""

    invii: Sequence[Invio]

    @property
    def comune(self) -> str:
        return self.invii[0].spedito.comune

    @property
    def richiesta_il(self) -> date:
        return self.invii[0].spedito.richiesto_il

    def ultimo(self, al: date) -> Invio:
        """L'ultimo invio chiesto fino a quel giorno."""
        return [i for i in self.invii if i.spedito.richiesto_il <= al][-1]

    def esito_il(self, al: date) -> date | None:
        """Il giorno in cui la catena è arrivata a un esito, entro `al`: conclusa, non riuscita o annullata."""
        return _entro(fine(self.ultimo(al)), al)


def catene(invii: Iterable[Invio]) -> list[Catena]:
    """Gli invii, ciascuno con quelli che continua."""
    per_id = {i.id: i for i in invii}
    trovate: dict[str, list[Invio]] = {}
    for invio in per_id.values():
        trovate.setdefault(_radice(invio, per_id), []).append(invio)
    ordine = {id: (i.spedito.richiesto_il, _passi(i, per_id)) for id, i in per_id.items()}
    return [Catena(sorted(suoi, key=lambda i: ordine[i.id])) for suoi in trovate.values()]


def _radice(invio: Invio, per_id: dict[str, Invio]) -> str:
    visti = {invio.id}
    while (segue := invio.spedito.segue) in per_id and segue not in visti:
        invio = per_id[str(segue)]
        visti.add(invio.id)
    return invio.id


def _passi(invio: Invio, per_id: dict[str, Invio]) -> int:
    """Quanti invii vengono prima nella catena."""
    passi, segue = 0, invio.spedito.segue
    while segue in per_id and passi < len(per_id):
        passi, segue = passi + 1, per_id[str(segue)].spedito.segue
    return passi


def fine(invio: Invio) -> date | None:
    """Il giorno in cui è finito: concluso o non riuscito da chi lo aveva, o annullato: da chi riceve, o prima della
    conferma da chi invia."""
    chi = invio.confermata or invio.risposte.get(invio.spedito.a or "")
    fini = [chi.il(passo) for passo in ("InvioConcluso", "InvioNonRiuscito", "InvioAnnullato")] if chi else []
    if invio.spedito.confermato_a is None:
        fini.append(invio.il("InvioAnnullato"))
    return next((f for f in fini if f is not None), None)


def _entro(giorno: date | None, al: date) -> date | None:
    return giorno if giorno is not None and giorno <= al else None


def con_esito(tutte: Iterable[Catena], dal: date, al: date) -> Rapporto:
    """RE01: catene arrivate a un esito, su quelle chieste dal giorno `dal` e da oltre 30 giorni prima di `al`."""
    chieste = [c for c in tutte if dal <= c.richiesta_il < al - timedelta(days=GIORNI_PER_UN_ESITO)]
    return Rapporto(sum(c.esito_il(al) is not None for c in chieste), len(chieste))


def con_aiuto(tutte: Iterable[Catena], dal: date, al: date, esiti: Collection[str] = AIUTO) -> Rapporto:
    """RE02: catene concluse con quegli esiti, su quelle concluse nel periodo."""
    trovati = conclusi(tutte, dal, al)
    return Rapporto(sum(esito in esiti for esito in trovati), len(trovati))


def conclusi(tutte: Iterable[Catena], dal: date, al: date) -> list[str]:
    """L'esito di ogni catena conclusa nel periodo."""
    return [esito for c in tutte if (esito := _concluso(c, dal, al)) is not None]


def _concluso(catena: Catena, dal: date, al: date) -> str | None:
    """L'esito con cui la catena è conclusa nel periodo."""
    confermata = catena.ultimo(al).confermata if catena.richiesta_il <= al else None
    quando = confermata.il("InvioConcluso") if confermata else None
    return confermata.ricevuto.perche if confermata and quando and dal <= quando <= al else None


def attese(invii: Iterable[Invio], dal: date, al: date) -> list[tuple[int, bool]]:
    """Per ogni invio chiesto nel periodo, i giorni lavorativi fino alla prima risposta e se c'è stata; chi non l'ha
    avuta conta fino a quando ha smesso di aspettare (annullato, offerto ad altri, archiviato) o fino ad `al`."""
    return [_attesa(i, al) for i in invii if dal <= i.spedito.richiesto_il <= al]


def _attesa(invio: Invio, al: date) -> tuple[int, bool]:
    risposto, smesso = _entro(prima_risposta(invio), al), _entro(lasciato(invio), al)
    finita = min(g for g in (risposto, smesso, al) if g is not None)
    return working_days(invio.spedito.richiesto_il, finita), risposto == finita


def prima_risposta(invio: Invio) -> date | None:
    """Il giorno della prima accettazione o rifiuto."""
    return min((r.ricevuto.risposto_il for r in invio.risposte.values()), default=None)


def lasciato(invio: Invio) -> date | None:
    """Il giorno in cui ha smesso di aspettare senza risposta: annullato, offerto ad altri, archiviato."""
    passi = (invio.il(passo) for passo in ("InvioAnnullato", "InvioReindirizzato", "InvioArchiviato"))
    return min((g for g in passi if g is not None), default=None)


def mediana_di_attesa(attese: Iterable[tuple[int, bool]]) -> int | None:
    """RE03: la mediana di Kaplan-Meier, in giorni; None se più della metà aspetta ancora, o se non c'è nessuno.

    Di un Counter, ciascuna attesa conta per quante sono.
    """
    quante = +Counter(attese)
    resta, in_attesa = 1.0, sum(quante.values())
    for giorni in sorted({g for g, _ in quante}):
        risposti = quante[giorni, True]
        resta *= 1 - risposti / in_attesa
        in_attesa -= risposti + quante[giorni, False]
        if resta <= 0.5:
            return giorni
    return None


def ricomposti(persone: dict[str, set[str]], invii: Iterable[Invio], di_chi: dict[str, set[str]], al: date) -> Rapporto:
    """RE04: persone seguite da due o più linee e collegate da almeno un invio confermato fra quelle, su tutte quelle
    seguite da due o più linee. `persone`: le linee di ciascuna; `di_chi`: le persone di ogni famiglia."""
    seguite = {persona for persona, linee in persone.items() if len(linee) >= 2}
    collegate: set[str] = set()
    for invio in invii:
        s, quando = invio.spedito, invio.il("InvioConfermato")
        if s.confermato_a is None or quando is None or quando > al:
            continue
        fra = {s.da.partition("/")[0], s.confermato_a.partition("/")[0]}
        chi = {s.persona} if s.persona else di_chi.get(s.famiglia or "", set())
        collegate |= {p for p in chi if p in seguite and len(fra) == 2 and fra <= persone[p]}
    return Rapporto(len(collegate), len(seguite))
