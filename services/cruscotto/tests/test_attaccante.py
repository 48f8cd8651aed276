"""Da tutto ciò che è pubblicato in dodici mesi nessuna somma di persone sotto k si ricava. Con un risolutore."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from contratti.cruscotto import CifraPubblicata
from cruscotto.cifre.valuta import Cifra, percento
from cruscotto.pubblica.rilasciate import Proposta, di_un_conto, di_un_rapporto, rilascia, storia_di
from cruscotto.pubblica.tutela import Blocco, Celle, Legame, Storia, Tavola, Tutela, gruppi
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .attaccante import Attaccante, Somma, Verita

MESI = 12
BASSA = {
    "017113": 25827,
    "017032": 12845,
    "017039": 12926,
    "017034": 8478,
    "017160": 3399,
    "017203": 1951,
    "017001": 1550,
}


def mese(numero: int) -> str:
    return f"2016-{numero:02d}"


def pubblica(proposte: Sequence[Sequence[Proposta]], tutela: Tutela, tutti: Blocco) -> list[list[CifraPubblicata]]:
    """I rilasci di dodici mesi, uno dopo l'altro."""
    fatti: list[list[CifraPubblicata]] = []
    for del_mese in proposte:
        fatti.append(rilascia(del_mese, fatti, tutela, tutti))
    return fatti


def bersagli(celle: Sequence[str], verita: Verita, k: int) -> list[Somma]:
    """Ogni somma di celle sotto k: quanto vale in un mese, e di quanto si è mossa fra due."""
    insiemi = [frozenset(i) for quante in range(1, len(celle) + 1) for i in combinations(celle, quante)]
    somme = (Somma(i, m, da) for i in insiemi for m in range(1, MESI + 1) for da in range(m))
    return [s for s in somme if abs(s.in_verita(verita)) < k]


# Un conto, per comune


def per_comune(verita: Verita, blocchi: Sequence[Blocco]) -> list[list[Proposta]]:
    return [
        [di_un_conto("LA01", mese(m), {c: v[m - 1] for c, v in verita.items()}, blocchi)] for m in range(1, MESI + 1)
    ]


def chi_legge(fatti: Sequence[Sequence[CifraPubblicata]], verita: Verita, *, cresce: bool) -> Attaccante:
    """Chi sa le sole cifre pubblicate."""
    attaccante = Attaccante(list(verita), MESI, [[c] for c in verita] if cresce else [])
    for tavola in storia_di(fatti, frozenset(verita)).get("LA01", ()):
        for blocco, valore in tavola.celle.items():
            attaccante.sa(Somma(blocco, int(tavola.mese[5:])), valore)
    return attaccante


def sa_anche_le_regole(
    attaccante: Attaccante, fatti: Sequence[Sequence[CifraPubblicata]], blocchi: Sequence[Blocco], k: int
) -> Attaccante:
    """Chi sa anche perché una riga non è uscita: una somma di blocchi, da una delle volte prima, si è mossa poco."""
    usciti = [int(t.mese[5:]) for t in storia_di(fatti, frozenset().union(*blocchi)).get("LA01", ())]
    for m in range(1, MESI + 1):
        if m not in usciti:
            prima = [0, *(u for u in usciti if u < m)]
            somme = [frozenset().union(*b) for n in range(1, len(blocchi) + 1) for b in combinations(blocchi, n)]
            attaccante.sa_che_una_e_piccola([Somma(s, m, da) for s in somme for da in prima], k)
    return attaccante


def storia(caso: np.random.Generator, pesi: Sequence[float], quante: float, *, cresce: bool) -> list[list[int]]:
    """Per cella, il valore alla fine di ogni mese."""
    mosse = caso.poisson([[quante * p] * MESI for p in pesi])
    if not cresce:
        mosse -= caso.poisson([[quante * p * 0.7] * MESI for p in pesi])
    return [[int(max(v, 0)) for v in np.cumsum(m)] for m in mosse]


@pytest.mark.parametrize("k", [3, 5, 10])
@pytest.mark.parametrize("cresce", [True, False])
def test_un_distretto_come_il_nostro_non_dice_nulla_sotto_k(k: int, cresce: bool) -> None:
    caso = np.random.default_rng(k)
    pesi = np.array([*BASSA.values(), 500]) / sum(BASSA.values())
    verita = dict(zip([*BASSA, ""], storia(caso, pesi, 5.0 * k, cresce=cresce), strict=True))
    blocchi = gruppi(BASSA, BASSA)
    fatti = pubblica(per_comune(verita, blocchi), Tutela(k), frozenset(verita))
    assert any(c.luoghi for c in fatti[-1])  # qualcosa si pubblica
    attaccante = sa_anche_le_regole(chi_legge(fatti, verita, cresce=cresce), fatti, blocchi, k)
    assert attaccante.determinate(verita, bersagli(list(verita), verita, k)) == []


@st.composite
def distretti(disegna: st.DrawFn) -> tuple[dict[str, int], int, bool, int]:
    """Abitanti, k, se la cifra cresce soltanto, e da che cosa nasce la sua storia."""
    abitanti = {
        f"90000{n}": disegna(st.sampled_from([400, 3000, 5000, 9000, 40000])) for n in range(disegna(st.integers(2, 4)))
    }
    return abitanti, disegna(st.sampled_from([3, 5, 10])), disegna(st.booleans()), disegna(st.integers(0, 10**6))


@settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(distretti())
def test_nessun_distretto_dice_nulla_sotto_k(distretto: tuple[dict[str, int], int, bool, int]) -> None:
    abitanti, k, cresce, seme = distretto
    caso = np.random.default_rng(seme)
    verita = dict(
        zip(
            [*abitanti, ""],
            storia(caso, caso.random(len(abitanti) + 1), caso.choice([0.2, 1.0, 2.0]) * k, cresce=cresce),
            strict=True,
        )
    )
    blocchi = gruppi(abitanti, abitanti)
    fatti = pubblica(per_comune(verita, blocchi), Tutela(k), frozenset(verita))
    attaccante = sa_anche_le_regole(chi_legge(fatti, verita, cresce=cresce), fatti, blocchi, k)
    assert attaccante.determinate(verita, bersagli(list(verita), verita, k)) == []


@pytest.mark.parametrize("k", [3, 5])
def test_nemmeno_se_a_meta_anno_un_distretto_passa_dal_totale_ai_comuni(k: int) -> None:
    caso = np.random.default_rng(k)
    abitanti = {"900001": 9000, "900002": 6000, "900003": 800, "900004": 400}
    pesi = np.array([*abitanti.values(), 200]) / sum(abitanti.values())
    fini, tutto = gruppi(abitanti, abitanti), frozenset({*abitanti, ""})
    for _ in range(1):
        verita = dict(zip([*abitanti, ""], storia(caso, pesi, 6.0 * k, cresce=True), strict=True))
        meta = MESI // 2
        proposte = [*per_comune(verita, [tutto])[:meta], *per_comune(verita, fini)[meta:]]
        fatti = pubblica(proposte, Tutela(k), tutto)
        attaccante = chi_legge(fatti, verita, cresce=True)
        usciti = {int(t.mese[5:]): t.celle for t in storia_di(fatti, tutto).get("LA01", ())}
        unioni = [frozenset().union(*b) for n in range(1, len(fini) + 1) for b in combinations(fini, n)]
        for m in (m for m in range(1, MESI + 1) if m not in usciti):
            prima = [u for u in usciti if u < m]
            dai_fini = [Somma(i, m, da) for i in unioni for da in (0, *(u for u in prima if len(usciti[u]) > 1))]
            somme = [Somma(tutto, m, da) for da in (0, *prima)]
            attaccante.sa_che_una_e_piccola(dai_fini + somme if m > meta else somme, k)
        assert attaccante.determinate(verita, bersagli(list(verita), verita, k)) == []


# Un conto e un rapporto legati: tirocini attivati, e quelli conclusi sui finiti

CONCLUSI, INTERROTTI, IN_CORSO = "conclusi", "interrotti", "in_corso"
TIROCINI = (CONCLUSI, INTERROTTI, IN_CORSO)
LEGAME = Legame("LA04.denominatore", "LA03")


def tirocini(seme: int, k: int) -> Verita:
    """Dodici mesi di tirocini: chi comincia, e chi finisce dopo."""
    caso = np.random.default_rng(seme)
    attivati = np.cumsum(caso.poisson(k * caso.choice([0.5, 1.0, 3.0]), MESI))
    finiti = np.minimum(attivati, np.cumsum(caso.poisson(k * caso.choice([0.5, 1.0, 3.0]), MESI)))
    conclusi = np.maximum.accumulate([caso.binomial(f, 0.7) for f in finiti])
    conclusi = np.minimum(conclusi, finiti)
    interrotti = np.maximum.accumulate(finiti - conclusi)
    attivati = np.maximum.accumulate(np.maximum(attivati, conclusi + interrotti))
    celle = (conclusi, interrotti, attivati - conclusi - interrotti)
    return {nome: [int(v) for v in cella] for nome, cella in zip(TIROCINI, celle, strict=True)}


def righe(verita: Verita) -> list[list[Proposta]]:
    return [[_conto(verita, m), _rapporto(verita, m)] for m in range(1, MESI + 1)]


def _conto(verita: Verita, m: int) -> Proposta:
    return di_un_conto("LA03", mese(m), {"": sum(verita[c][m - 1] for c in TIROCINI)}, [frozenset({""})])


def _rapporto(verita: Verita, m: int) -> Proposta:
    sopra, sotto = verita[CONCLUSI][m - 1], verita[CONCLUSI][m - 1] + verita[INTERROTTI][m - 1]
    alto, basso = Decimal(sopra), Decimal(sotto)
    return di_un_rapporto("LA04", mese(m), Cifra(percento(alto, basso), alto, basso))


def chi_confronta(fatti: Sequence[Sequence[CifraPubblicata]]) -> Attaccante:
    attaccante = Attaccante(TIROCINI, MESI, [[CONCLUSI], [INTERROTTI], TIROCINI])
    pubbliche = storia_di(fatti, frozenset({""}))
    for tavola in pubbliche.get("LA03", ()):
        attaccante.sa(Somma(frozenset(TIROCINI), int(tavola.mese[5:])), sum(tavola.celle.values()))
    for tavola in pubbliche.get("LA04", ()):
        sopra, resto = tavola.celle.values()
        attaccante.sa(Somma(frozenset({CONCLUSI}), int(tavola.mese[5:])), sopra)
        attaccante.sa(Somma(frozenset({CONCLUSI, INTERROTTI}), int(tavola.mese[5:])), sopra + resto)
    return attaccante


def sa_perche_manca(attaccante: Attaccante, fatti: Sequence[Sequence[CifraPubblicata]], k: int) -> Attaccante:
    """Chi sa anche perché il rapporto non è uscito: un termine, il resto o i tirocini in corso si sono mossi poco."""
    pubbliche = storia_di(fatti, frozenset({""}))
    conti, rapporti = ({int(t.mese[5:]) for t in pubbliche.get(codice, ())} for codice in ("LA03", "LA04"))
    for m in set(range(1, MESI + 1)) - rapporti:
        prima = [0, *(r for r in rapporti if r < m)]
        somme = [Somma(frozenset(s), m, da) for s in ([CONCLUSI], [INTERROTTI], [CONCLUSI, INTERROTTI]) for da in prima]
        in_corso = [Somma(frozenset([IN_CORSO]), m, da) for da in prima if da == 0 or da in conti]
        attaccante.sa_che_una_e_piccola([*somme, *(in_corso if m in conti else [])], k)
    return attaccante


@pytest.mark.parametrize("k", [3, 5, 10])
def test_due_righe_legate_non_dicono_nulla_sotto_k(k: int) -> None:
    uscite = 0
    for seme in range(8):
        verita = tirocini(seme, k)
        fatti = pubblica(righe(verita), Tutela(k, (LEGAME,)), frozenset({""}))
        uscite += sum(c.valore is not None for c in fatti[-1])
        attaccante = sa_perche_manca(chi_confronta(fatti), fatti, k)
        assert attaccante.determinate(verita, bersagli(TIROCINI, verita, k)) == [], seme
    assert uscite >= 8


# I canarini: senza una delle regole, chi attacca trova


class SenzaTempo(Tutela):
    def nel_tempo(self, ora: Celle, prime: Any) -> bool:
        return True


class SoloDallUltima(Tutela):
    def nel_tempo(self, ora: Celle, prime: Any) -> bool:
        return super().nel_tempo(ora, list(prime)[-1:])


class SenzaRapporto(Tutela):
    """Guarda il solo denominatore."""

    def abbastanza(self, ora: Celle) -> bool:
        return sum(ora.values()) >= self.k

    def nel_tempo(self, ora: Celle, prime: Any) -> bool:
        return all(abs(sum(ora.values()) - sum(p.values())) >= self.k for p in prime)


class SenzaComplementare(Tutela):
    """Lascia fuori le celle sotto k, una per una, accanto al totale."""

    def ammette(self, codice: str, ora: Tavola, storia: Storia) -> bool:
        return sum(ora.celle.values()) >= self.k


def _senza_le_piccole(fatti: list[list[CifraPubblicata]], k: int) -> Iterator[tuple[int, Blocco, int]]:
    for c in (c for del_mese in fatti for c in del_mese if c.mese and c.valore):
        m = int(str(c.mese)[5:])
        yield m, frozenset(), int(str(c.valore))
        for luogo in c.luoghi:
            if int(luogo.valore or 0) >= k:
                yield m, frozenset(luogo.comuni), int(luogo.valore or 0)


def test_senza_la_soppressione_complementare_chi_attacca_trova() -> None:
    verita = {"900001": list(range(20, 80, 5)), "900002": [4] * MESI, "": [0] * MESI}
    blocchi = [frozenset({"900001"}), frozenset({"900002", ""})]
    fatti = pubblica(per_comune(verita, blocchi), SenzaComplementare(5), frozenset(verita))
    attaccante = Attaccante(list(verita), MESI, [[c] for c in verita])
    for m, blocco, valore in _senza_le_piccole(fatti, 5):
        attaccante.sa(Somma(blocco or frozenset(verita), m), valore)
    trovate = attaccante.determinate(verita, bersagli(list(verita), verita, 5))
    assert Somma(frozenset({"900002", ""}), 1) in trovate


def test_senza_la_regola_del_tempo_chi_attacca_trova() -> None:
    verita = {"900001": list(range(10, 34, 2)), "": [0] * MESI}
    blocchi = [frozenset(verita)]
    for tutela, trova in ((SenzaTempo(5), True), (Tutela(5), False)):
        fatti = pubblica(per_comune(verita, blocchi), tutela, frozenset(verita))
        attaccante = chi_legge(fatti, verita, cresce=True)
        assert bool(attaccante.determinate(verita, bersagli(list(verita), verita, 5))) is trova


def test_se_si_guarda_solo_l_ultimo_rilascio_chi_attacca_trova() -> None:
    verita = {"900001": [20, 27, 21, 30, 22, 31, 23, 32, 24, 33, 25, 34], "": [0] * MESI}
    for tutela, trova in ((SoloDallUltima(5), True), (Tutela(5), False)):
        fatti = pubblica(per_comune(verita, [frozenset(verita)]), tutela, frozenset(verita))
        trovate = chi_legge(fatti, verita, cresce=False).determinate(verita, bersagli(list(verita), verita, 5))
        assert (Somma(frozenset(verita), 3, 1) in trovate) is trova


def test_senza_la_regola_dei_rapporti_chi_attacca_trova() -> None:
    verita = {CONCLUSI: list(range(19, 90, 6)), INTERROTTI: [1] * MESI, IN_CORSO: [30] * MESI}
    for tutela, trova in ((SenzaRapporto(5, (LEGAME,)), True), (Tutela(5, (LEGAME,)), False)):
        fatti = pubblica(righe(verita), tutela, frozenset({""}))
        assert bool(chi_confronta(fatti).determinate(verita, bersagli(TIROCINI, verita, 5))) is trova


def test_senza_i_legami_fra_le_righe_chi_attacca_trova() -> None:
    verita = {CONCLUSI: list(range(19, 90, 6)), INTERROTTI: list(range(7, 90, 7))[:MESI], IN_CORSO: [2] * MESI}
    for tutela, trova in ((Tutela(5), True), (Tutela(5, (LEGAME,)), False)):
        fatti = pubblica(righe(verita), tutela, frozenset({""}))
        assert bool(chi_confronta(fatti).determinate(verita, bersagli(TIROCINI, verita, 5))) is trova


def test_un_comune_piccolo_da_solo_si_trova_anche_se_il_resto_tace() -> None:
    """Perché i comuni piccoli stanno insieme, e almeno due: da soli, il totale meno gli altri li dice."""
    blocchi = gruppi({"900001": 9000, "900002": 6000, "900003": 800}, ["900001", "900002", "900003"])
    assert blocchi == [frozenset({"900001"}), frozenset({"900002", "900003", ""})]
    assert gruppi({"900001": 9000}, ["900001", "900002"]) == [frozenset({"900001", "900002", ""})]
