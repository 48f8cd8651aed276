"""Le cifre pubblicate come si mostrano: con il loro nome, la data, e la ragione di quelle che mancano. Pura."""

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from contratti.cruscotto import CifraPubblicata, LuogoPubblicato

from cruscotto import scrittura
from cruscotto.cifre.indicatori import Indicatore, Registro
from cruscotto.cifre.valuta import progresso
from cruscotto.pubblica.pubblicazione import Pubblicazione, primo_giorno

N_D = "n.d."
MOTIVI = {
    "tutela": ("pochi casi", "Pochi casi, o pochi dall'ultima volta: pubblicarla direbbe qualcosa di singole persone."),
    "non_pubblicata": ("non si pubblica", "Riguarda poche persone, e la cifra non dice quante: non si pubblica mai."),
    "non_calcolabile": ("non calcolabile", "Non c'è ancora su che cosa contare."),
}
"""Perché una cifra non c'è: in breve, e per intero."""
ALTRO = ("non disponibile", "Non disponibile.")


@dataclass(frozen=True)
class Riga:
    """Una cifra pubblica. `unita`: quella del valore; `giorno`: quello a cui sta, None se non si pubblica."""

    indicatore: Indicatore
    cifra: CifraPubblicata
    titolo: str
    unita: str

    @property
    def valore(self) -> Decimal | None:
        return Decimal(self.cifra.valore) if self.cifra.valore is not None else None

    @property
    def scritto(self) -> str:
        """Il valore, o «n.d.»."""
        return scritto(self.valore, self.unita)

    @property
    def termini(self) -> str:
        """“2 su 3”; niente per ciò che non è un rapporto."""
        sopra, sotto = self.cifra.numeratore, self.cifra.denominatore
        return f"{scritto(Decimal(sopra))} su {scritto(Decimal(sotto))}" if sopra and sotto else ""

    @property
    def giorno(self) -> date | None:
        return fine_del(self.cifra.mese) if self.cifra.mese else None

    @property
    def motivo(self) -> str:
        """Perché non c'è; vuoto dove c'è."""
        return "" if self.valore is not None else MOTIVI.get(self.cifra.motivo or "", ALTRO)[1]

    @property
    def motivo_breve(self) -> str:
        return "" if self.valore is not None else MOTIVI.get(self.cifra.motivo or "", ALTRO)[0]

    @property
    def avanzamento(self) -> Decimal | None:
        return progresso(self.indicatore, self.valore)[0] if self.valore is not None else None


@dataclass(frozen=True)
class Luogo:
    """La cifra di un comune, o di più comuni insieme. `codici`: quali."""

    nome: str
    codici: tuple[str, ...]
    valore: Decimal | None
    testo: str

    @property
    def solo(self) -> bool:
        """Se è un comune solo."""
        return len(self.codici) == 1


def righe(fatta: Pubblicazione, registro: Registro) -> list[Riga]:
    """Le cifre di un rilascio che il registro conosce ancora."""
    return [
        Riga(i, c, c.parte or i.nome, _unita(i, c.parte))
        for c in fatta.cifre
        if (i := registro.per_codice.get(c.codice)) is not None
    ]


def luoghi(riga: Riga, comuni: Mapping[str, str]) -> list[Luogo]:
    """La riga per comune, in ordine di nome; quelli insieme in fondo."""
    trovati = [_luogo(luogo, riga.unita, comuni) for luogo in riga.cifra.luoghi]
    return sorted(trovati, key=lambda luogo: (not luogo.solo, luogo.nome))


def in_evidenza(trovate: Sequence[Riga], codici: Iterable[str]) -> list[Riga]:
    """Le righe da mostrare per prime, nell'ordine scelto."""
    per_codice = {r.indicatore.codice: r for r in trovate if r.cifra.parte is None}
    return [per_codice[c] for c in codici if c in per_codice]


def nome_del_luogo(luogo: LuogoPubblicato, comuni: Mapping[str, str]) -> str:
    """“Montichiari” · “Acquafredda, Remedello, Visano e comune non rilevato”."""
    nomi = sorted(comuni.get(c, c) for c in luogo.comuni) + (["comune non rilevato"] if luogo.altrove else [])
    return nomi[0] if len(nomi) == 1 else f"{', '.join(nomi[:-1])} e {nomi[-1]}"


def scritto(valore: Decimal | None, unita: str = "") -> str:
    return N_D if valore is None else scrittura.numero(valore, unita)


def fine_del(mese: str) -> date:
    """L'ultimo giorno di un mese scritto AAAA-MM."""
    primo = primo_giorno(mese)
    return primo.replace(day=monthrange(primo.year, primo.month)[1])


def _luogo(luogo: LuogoPubblicato, unita: str, comuni: Mapping[str, str]) -> Luogo:
    valore = Decimal(luogo.valore) if luogo.valore is not None else None
    return Luogo(nome_del_luogo(luogo, comuni), luogo.comuni, valore, scritto(valore, unita))


def _unita(indicatore: Indicatore, parte: str | None) -> str:
    return next((p.unita for p in indicatore.a_parte if p.nome == parte), indicatore.unita)
