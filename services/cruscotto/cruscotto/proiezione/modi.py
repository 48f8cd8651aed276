"""Come una misura conta le quote di una chiave: quando comincia a valere, quanto, e quando smette. Puro.

Un modo riceve le quote di una chiave, per misura da cui vengono e con il comune già trovato, e ne fa passi: da quel
giorno, in quel comune, tanto in più o in meno. La somma dei passi fino a una data è la cifra a quella data.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from telaio.calendar import after_months

from cruscotto.apporti.luoghi import Riga
from cruscotto.cifre.indicatori import Misura

Passo = tuple[str, date, str, int]
"""Comune, giorno, chiave, quanto."""
Quote = Mapping[str, Sequence[Riga]]


def prima_volta(misura: Misura, quote: Quote) -> Iterator[Passo]:
    """Uno, dal primo mese in cui ha un valore positivo (in tutte le quote che la misura chiede), nel primo comune."""
    prime = [min(_positive(quote.get(nome, ())), key=_prima, default=None) for nome in misura.di or quote]
    trovate = [p for p in prime if p is not None]
    if len(trovate) == len(prime):
        chiave = next(iter(quote.values()))[0].chiave if misura.per_tipo else ""
        yield min(trovate, key=_prima)[1], max(trovate)[0], chiave, 1


def _prima(quando: tuple[date, str]) -> tuple[date, bool, str]:
    """L'ordine: nello stesso mese, un comune rilevato viene prima di uno che non lo è."""
    mese, comune = quando
    return mese, not comune, comune


def _positive(righe: Iterable[Riga]) -> list[tuple[date, str]]:
    somme: Counter[tuple[date, str]] = Counter()
    for riga in righe:
        somme[riga.mese, riga.comune] += riga.valore
    return [quando for quando, valore in somme.items() if valore > 0]


def finche_c_e(misura: Misura, quote: Quote) -> Iterator[Passo]:
    """Uno in ogni comune, finché la somma corrente vi è positiva."""
    per_comune: dict[str, Counter[date]] = {}
    for riga in _tutte(quote):
        per_comune.setdefault(riga.comune, Counter())[riga.mese] += riga.valore
    for comune, mesi in per_comune.items():
        for giorno, passo in _soglie(mesi):
            yield comune, giorno, "", passo


def prima_e_ultima(misura: Misura, quote: Quote) -> Iterator[Passo]:
    """Chiavi «chi|giorno|…», valori più uno. Le chiavi dei passi: `una_volta`, chi ha una rilevazione sola; `persone`,
    chi ne ha almeno due; `differenza` fra l'ultima e la prima; `zero`, chi all'ultima è a zero.

    Sta nel comune della prima rilevazione.
    """
    viste = sorted((r.chiave, r) for r in _tutte(quote) if r.valore > 0)
    for n, (_, riga) in enumerate(viste):
        comune, valore = viste[0][1].comune, riga.valore - 1
        if n == 0:
            yield comune, riga.mese, "una_volta", 1
            continue
        prima = viste[n - 1][1].valore - 1
        if n == 1:
            yield comune, riga.mese, "una_volta", -1
            yield comune, riga.mese, "persone", 1
        yield comune, riga.mese, "differenza", valore - prima
        yield comune, riga.mese, "zero", (valore == 0) - (n > 1 and prima == 0)


def di_recente(misura: Misura, quote: Quote) -> Iterator[Passo]:
    """Uno finché c'è (la prima quota, che dice anche dove) e l'ultima attività (la seconda) non è più vecchia di
    `giorni`. Chiavi «chi|giorno»."""
    vita, attivita = (quote.get(nome, ()) for nome in misura.di)
    vivo: Counter[date] = Counter()
    for riga in vita:
        vivo[_giorno(riga)] += riga.valore
    comuni = {_giorno(r): r.comune for r in sorted(vita) if r.valore > 0}
    attivo: Counter[date] = Counter()
    for giorno in {_giorno(r) for r in attivita if r.valore > 0}:
        attivo[giorno] += 1
        attivo[giorno + timedelta(days=misura.giorni + 1)] -= 1
    for dal, al in _insieme(_periodi(vivo), _periodi(attivo)):
        comune = comuni[max(g for g in comuni if g <= dal)]
        yield comune, dal, "", 1
        if al < date.max:
            yield comune, al, "", -1


def a_distanza(misura: Misura, quote: Quote) -> Iterator[Passo]:
    """A `mesi` dalla prima fine (la prima quota, che dice anche dove) si è fra i `finiti`; l'ultima verifica a quei
    mesi (la seconda) fatta dopo la fine dice se fra gli `occupati`, e senza verifica fra i `non_rilevati`.

    Chiavi «chi|giorno» e «chi|giorno|mesi|si o no|…».
    """
    fini, verifiche = (quote.get(nome, ()) for nome in misura.di)
    fine = min((r for r in fini if r.valore > 0), key=lambda r: r.chiave, default=None)
    if fine is None:
        return
    finito_il = _giorno(fine)
    arriva = after_months(finito_il, misura.mesi)
    yield fine.comune, arriva, "finiti", 1
    yield fine.comune, arriva, "non_rilevati", 1
    prima = "non_rilevati"
    for riga in sorted((r for r in verifiche if r.valore > 0), key=lambda r: r.chiave):
        _, _, a_mesi, esito, *_ = riga.chiave.split("|")
        if int(a_mesi) == misura.mesi and _giorno(riga) >= finito_il:
            ora = "occupati" if esito == "si" else "non_occupati"
            quando = max(arriva, _giorno(riga))
            yield fine.comune, quando, prima, -1
            yield fine.comune, quando, ora, 1
            prima = ora


MODI: dict[str, Callable[[Misura, Quote], Iterator[Passo]]] = {
    m.__name__: m for m in (prima_volta, finche_c_e, prima_e_ultima, di_recente, a_distanza)
}


def _tutte(quote: Quote) -> Iterator[Riga]:
    return (riga for righe in quote.values() for riga in righe)


def _giorno(riga: Riga) -> date:
    return date.fromisoformat(riga.chiave.split("|")[1])


def _soglie(valori: Mapping[date, int]) -> Iterator[tuple[date, int]]:
    """I giorni in cui la somma corrente diventa positiva (+1) o smette di esserlo (-1)."""
    corrente = 0
    for giorno in sorted(valori):
        prima, corrente = corrente, corrente + valori[giorno]
        if (corrente > 0) != (prima > 0):
            yield giorno, 1 if corrente > 0 else -1


def _periodi(valori: Mapping[date, int]) -> list[tuple[date, date]]:
    """I periodi in cui la somma corrente è positiva, l'ultimo giorno escluso; senza fine, fino a `date.max`."""
    soglie = [giorno for giorno, _ in _soglie(valori)]
    return list(zip(soglie[::2], [*soglie[1::2], date.max], strict=False))


def _insieme(uni: Sequence[tuple[date, date]], altri: Sequence[tuple[date, date]]) -> Iterator[tuple[date, date]]:
    """Dove un periodo degli uni e uno degli altri si sovrappongono."""
    for dal, al in uni:
        for da, a in altri:
            if max(dal, da) < min(al, a):
                yield max(dal, da), min(al, a)
