"""Le schede di un indicatore: per comune e mese per mese. Pura."""

from collections.abc import Sequence

from cruscotto import scrittura
from cruscotto.cifre.formule import Rapporto
from cruscotto.cifre.indicatori import Indicatore
from cruscotto.cifre.letture import DelMese, Dettaglio
from cruscotto.cifre.valuta import Cifra
from cruscotto.grafico import Cella, Grafico, RigaScritta, serie

SIMBOLI = {"%": "%", "euro": "€"}


def schede(indicatore: Indicatore, dettaglio: Dettaglio) -> list[Grafico]:
    """I grafici della pagina; di ciò che è solo di tutto il distretto manca quello dei comuni."""
    comuni = [] if indicatore.di_distretto else [per_comune(indicatore, dettaglio.per_comune)]
    return [*comuni, per_mese(indicatore, dettaglio.per_mese)]


def per_comune(indicatore: Indicatore, comuni: Sequence[tuple[str, str, Cifra]]) -> Grafico:
    """Il valore di ogni comune; «non rilevato» è l'ultima riga, e nel disegno c'è solo se vale qualcosa."""
    rapporto = isinstance(indicatore.formula, Rapporto)
    righe = tuple(
        RigaScritta(
            nome,
            (cella(indicatore, cifra), *((Cella(scrittura.termini(indicatore, cifra)),) if rapporto else ())),
        )
        for _, nome, cifra in comuni
    )
    disegnate = [r for r, (codice, _, cifra) in zip(righe, comuni, strict=True) if codice or cifra.valore]
    return Grafico(
        nome="comuni",
        titolo="Per comune",
        colonne=("Comune", "Valore", *(("Quanti su quanti",) if rapporto else ())),
        righe=righe,
        disegno=serie("orizzontali", ("Valore",), disegnate, unita=SIMBOLI.get(indicatore.unita, "")),
        info=(f"{indicatore.definizione}.", indicatore.nota, "I comuni, con il non rilevato, sommano al distretto."),
    )


def per_mese(indicatore: Indicatore, mesi: Sequence[DelMese], titolo: str = "Mese per mese") -> Grafico:
    """Ciò che è accaduto in ogni mese, e la cifra alla sua fine."""
    righe = tuple(
        RigaScritta(scrittura.mese(m.mese), (cella(indicatore, m.nel_mese), cella(indicatore, m.a_fine_mese)))
        for m in mesi
    )
    disegno = serie("linee", ("Nel mese", "A fine mese"), righe, unita=SIMBOLI.get(indicatore.unita, ""))
    disegno["etichette"] = [scrittura.mese_breve(m.mese) for m in mesi]
    if not isinstance(indicatore.formula, Rapporto):
        disegno["serie"][0]["come"] = "barre"
    return Grafico(
        nome="mesi",
        titolo=titolo,
        colonne=("Mese", "Nel mese", "A fine mese"),
        righe=righe,
        disegno=disegno,
        info=(
            f"{indicatore.definizione}.",
            "«Nel mese»: ciò che è accaduto in quel mese. «A fine mese»: la cifra dall'avvio al suo ultimo giorno.",
        ),
    )


def cella(indicatore: Indicatore, cifra: Cifra) -> Cella:
    """La cifra nell'unità dell'indicatore."""
    return Cella(scrittura.numero(cifra.valore, indicatore.unita), cifra.valore)
