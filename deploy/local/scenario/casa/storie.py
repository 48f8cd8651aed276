"""La storia di una famiglia: i debiti, lo sfratto, la casa garantita, il congedo, a volte il ritorno."""

from random import Random

from scenario.casa import famiglia as di
from scenario.casa.casa_garantita import casa_garantita
from scenario.casa.scena import EURO, Famiglia, Scena
from scenario.copione import Storia

CERCANO_CASA = 0.78
GIORNI_DEL_PROGETTO = 880


def arrivi(scena: Scena, quante: int) -> Storia:
    """Le famiglie si presentano una dopo l'altra lungo tutto il progetto."""
    caso = scena.sorte("arrivi")
    for numero in range(1, quante + 1):
        scena.avvia(storia(scena, di.nuova(scena, numero), scena.sorte(f"famiglia/{numero}")))
        yield round(caso.uniform(0.4, 1.6) * GIORNI_DEL_PROGETTO / (quante + 8))


def storia(scena: Scena, f: Famiglia, caso: Random) -> Storia:
    """Dalla presa in carico al congedo."""
    di.prendi_in_carico(scena, f, caso)
    yield caso.randint(4, 25)
    if caso.random() < 0.75:
        yield from debiti(scena, f, caso)
    if f.morosita and caso.random() < 0.5:
        yield from sfratto(scena, f, caso)
    if caso.random() < 0.16:
        di.aggiorna_nucleo(scena, f, caso)
    if caso.random() < CERCANO_CASA:
        yield from casa_garantita(scena, f, caso)
    yield caso.randint(20, 120)
    if caso.random() < 0.75:
        yield from congedo(scena, f, caso)


def debiti(scena: Scena, f: Famiglia, caso: Random) -> Storia:
    """Una o più morosità; poi la famiglia paga, spesso con un piano."""
    for _ in range(caso.choices((1, 2, 3), (5, 4, 2))[0]):
        mensilita = caso.choices((1, 2, 3, 4, 6), (3, 4, 4, 2, 1))[0]
        di.rileva_morosita(scena, f, mensilita * caso.randrange(300, 530, 10) * EURO, mensilita)
        yield caso.randint(8, 40)
    rate = caso.randint(3, 10)
    if f.morosita and caso.random() < 0.6:
        di.concorda_piano(scena, f, rate)
    scena.avvia(rientro(scena, f, caso.randint(2, 4) * f.morosita // (3 * rate) + EURO, caso.random()), 30)


def rientro(scena: Scena, f: Famiglia, rata: int, costanza: float) -> Storia:
    """Una rata al mese finché la famiglia ce la fa."""
    for mese in range(10):
        if not f.in_carico or f.morosita <= 0 or mese > 12 * costanza:
            return
        di.sana(scena, f, min(rata, f.morosita))
        yield 30


def sfratto(scena: Scena, f: Famiglia, caso: Random) -> Storia:
    """Intimato; poi prevenuto, eseguito, o ancora aperto. Qualcuno è dato per eseguito e non lo è."""
    di.intima(scena, f)
    yield caso.randint(20, 80)
    sorte = caso.random()
    if sorte < 0.68:
        di.previeni(scena, f, caso.choice(di.COME))
    elif sorte < 0.88:
        di.esegui(scena, f)
    elif sorte < 0.95:
        sbagliato = di.esegui(scena, f)
        yield caso.randint(2, 6)
        scena.rettifica(sbagliato, "fatto_non_avvenuto", None)
        di.previeni(scena, f, "accordo_con_il_locatore")
    yield caso.randint(5, 20)


def congedo(scena: Scena, f: Famiglia, caso: Random) -> Storia:
    """La presa in carico finisce; qualche famiglia torna mesi dopo con i debiti che aveva, a volte altrove."""
    if f.garanzia is not None:
        return
    di.concludi(scena, f, caso.choice(di.ESITI))
    yield caso.randint(80, 200)
    if caso.random() < 0.22:
        f.comune = scena.distretto.vicino(f.comune, caso) if caso.random() < 0.4 else f.comune
        di.prendi_in_carico(scena, f, caso)
        yield caso.randint(10, 40)
        yield from debiti(scena, f, caso)
        yield caso.randint(60, 150)
        di.concludi(scena, f, caso.choice(di.ESITI))
