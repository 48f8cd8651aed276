"""Il Fondo Esperienze e ciò che sostiene: non impegna e non spende più di quanto ha."""

from contratti import lavoro
from telaio.entity import Entity, Events, Rejected, State

from lavoro.inserimento import Inserimento
from lavoro.tirocinio import Tirocinio


class Esperienza(State):
    """L'impegno del Fondo per un tirocinio o un inserimento, e quanto ne è stato pagato."""

    tirocinio: str | None = None
    inserimento: str | None = None
    importo_centesimi: int = 0
    pagato_centesimi: int = 0
    stornata: bool = False

    @property
    def residuo_centesimi(self) -> int:
        """Quanto il Fondo deve ancora pagare."""
        return 0 if self.stornata else self.importo_centesimi - self.pagato_centesimi


class Fondo(State):
    """Il libro mastro: i versamenti sono suoi, spese e impegni seguono le esperienze."""

    versato_centesimi: int = 0
    speso_centesimi: int = 0
    impegni_centesimi: int = 0


esperienze = Entity("esperienza", Esperienza, "esperienze", "Esperienza finanziata", named_by=("importo_centesimi",))
fondi = Entity("fondo", Fondo, "fondi", "Fondo Esperienze", singleton="fondo-esperienze")
esperienze.begin(lavoro.EsperienzaFinanziata, lambda _, e: Esperienza(**e.model_dump()))
esperienze.after(lavoro.SpesaLiquidata, lambda s, e: s.with_(pagato_centesimi=s.pagato_centesimi + e.importo_centesimi))
esperienze.after(lavoro.ImpegnoStornato, lambda s, e: s.with_(stornata=True))
fondi.after(lavoro.DotazioneVersata, lambda f, e: f.with_(versato_centesimi=f.versato_centesimi + e.importo_centesimi))


@fondi.sums(esperienze)
def segui(fondo: Fondo, prima: Esperienza | None, dopo: Esperienza | None) -> Fondo:
    """Restituisce il Fondo dopo che un'esperienza è cambiata."""
    prima, dopo = prima or Esperienza(), dopo or Esperienza()
    speso = fondo.speso_centesimi + dopo.pagato_centesimi - prima.pagato_centesimi
    impegni = fondo.impegni_centesimi + dopo.residuo_centesimi - prima.residuo_centesimi
    return fondo.with_(speso_centesimi=speso, impegni_centesimi=impegni)


fondi.never(
    "fondo-incapiente",
    "Il Fondo non ha tanto: spese e impegni supererebbero quanto è stato versato.",
    lambda f: f.speso_centesimi + f.impegni_centesimi > f.versato_centesimi,
)
esperienze.claim("esperienza-gia-finanziata", "Ha già un impegno aperto: prima va pagato per intero o stornato.")(
    lambda e: [e.tirocinio or e.inserimento or ""] if e.residuo_centesimi > 0 else []
)
esperienze.never(
    "esperienza-da-indicare",
    "Va indicato un tirocinio oppure un inserimento, uno solo.",
    lambda e: (e.tirocinio is None) == (e.inserimento is None),
)
esperienze.never(
    "liquidazione-oltre-l-impegno",
    "L'importo supera quanto resta dell'impegno.",
    lambda e: e.pagato_centesimi > e.importo_centesimi,
)
aperto = esperienze.refusal("impegno-chiuso", "L'impegno è già pagato o stornato.", lambda e: not e.residuo_centesimi)


@esperienze.command("finanziamento", once=("finanziamento-gia-registrato", "C'è già: ne serve uno nuovo."))
def finanzia(
    _: State | None, comando: lavoro.EsperienzaFinanziata, tirocinio: Tirocinio | None, inserimento: Inserimento | None
) -> Events:
    """Impegna il Fondo a sostenere un tirocinio o un inserimento non ancora finito. Raises: Rejected
    "esperienza-non-trovata", "esperienza-finita"."""
    if (comando.tirocinio and not tirocinio) or (comando.inserimento and not inserimento):
        raise Rejected("esperienza-non-trovata", "Il tirocinio o l'inserimento non esiste in questo servizio.")
    finita_il = tirocinio.finito_il if tirocinio else inserimento.cessato_il if inserimento else None
    if finita_il and finita_il < comando.avvenuto_il:
        raise Rejected("esperienza-finita", "Il tirocinio o l'inserimento era già finito: non si sostiene più.")
    return [comando]


fondi.records("versamento", lavoro.DotazioneVersata)
esperienze.records("liquidazione", lavoro.SpesaLiquidata, aperto)
esperienze.records("storno", lavoro.ImpegnoStornato, aperto)
