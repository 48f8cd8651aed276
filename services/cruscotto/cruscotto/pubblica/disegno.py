"""La cartina schematica come si disegna in una pagina senza JavaScript: un poligono per comune, più scuro dove la cifra
è più grande. I numeri sono anche scritti, sulla cartina e nella tabella accanto. Pura."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from telaio.district import District

from cruscotto.pubblica.vetrina import Luogo
from cruscotto.rete.cartina import forme, punti

LARGA = 520.0
TONI = 4
ORLO = 12.0


@dataclass(frozen=True)
class Cella:
    """Un comune: i vertici («x,y x,y …»), dove scriverne il nome e la cifra, quanto è scuro (0: senza cifra)."""

    nome: str
    vertici: str
    x: float
    y: float
    tono: int
    testo: str


@dataclass(frozen=True)
class Disegno:
    """La cartina, larga e alta tanto."""

    larga: float
    alta: float
    celle: tuple[Cella, ...]


def disegna(luoghi: Sequence[Luogo], distretto: District) -> Disegno | None:
    """La cartina con le cifre dei comuni; None se il distretto non dice dove sono."""
    trovate = forme(distretto.centri, distretto.comuni) if distretto.centri else None
    if trovate is None:
        return None
    giri = {f["properties"]["name"]: f["geometry"]["coordinates"][0] for f in trovate["features"]}
    vertici = [v for giro in giri.values() for v in giro]
    ovest, nord = min(x for x, _ in vertici), max(y for _, y in vertici)
    scala = (LARGA - 2 * ORLO) / (max(x for x, _ in vertici) - ovest)
    alta = scala * (nord - min(y for _, y in vertici)) + 2 * ORLO
    centri = {distretto.comuni[c]: p for c, p in punti(distretto.centri).items() if c in distretto.comuni}

    def dove(x: float, y: float) -> tuple[float, float]:
        return round((x - ovest) * scala + ORLO, 1), round((nord - y) * scala + ORLO, 1)

    per_nome = _per_nome(luoghi, distretto.comuni)
    piu = max((float(p.valore or 0) for p in per_nome.values()), default=0)
    celle = [
        Cella(
            nome,
            " ".join("{},{}".format(*dove(*v)) for v in giro),
            *dove(*centri[nome]),
            _tono(per_nome.get(nome), piu),
            per_nome[nome].testo if nome in per_nome else "",
        )
        for nome, giro in giri.items()
    ]
    return Disegno(LARGA, round(alta, 1), tuple(celle))


def _per_nome(luoghi: Sequence[Luogo], comuni: Mapping[str, str]) -> dict[str, Luogo]:
    """I comuni che hanno una cifra loro; di quelli insieme nessuno ne ha."""
    return {comuni[p.codici[0]]: p for p in luoghi if len(p.codici) == 1 and p.codici[0] in comuni}


def _tono(luogo: Luogo | None, piu: float) -> int:
    if luogo is None or luogo.valore is None:
        return 0
    return 1 + int((TONI - 1) * float(luogo.valore) / piu + 0.5) if piu > 0 else 1
