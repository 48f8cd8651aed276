"""La famiglia fragile presa in carico: il nucleo, la morosità, lo sfratto."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated

from contratti import casa
from telaio.command import Holder
from telaio.entity import Entity, Events, Rejected, State

from casa.garanzia import Garanzia


class Famiglia(State):
    """Il nucleo com'è adesso. Debiti e sfratto restano suoi anche quando la presa in carico finisce e ricomincia.

    `in_carico` e `sfratto` contano inizi meno fini: 1 sì, 0 no; ogni altro valore è una storia impossibile.
    """

    comune: str = ""
    componenti: tuple[str, ...] = ()
    minori: int = 0
    bisogni: tuple[str, ...] = ()
    in_carico: int = 0
    in_carico_dal_il: date | None = None
    morosita_centesimi: int = 0
    mensilita: int = 0
    piano_centesimi: int | None = None
    piano_rate: int | None = None
    prima_rata_il: date | None = None
    sfratto: int = 0
    sfratto_intimato_il: date | None = None


famiglie = Entity("famiglia", Famiglia, "famiglie", "Famiglia")


@famiglie.begins
def _(famiglia: Famiglia | None, evento: casa.FamigliaPresaInCarico) -> Famiglia:
    prima = famiglia or Famiglia()
    return prima.with_(
        comune=evento.comune,
        componenti=evento.componenti,
        minori=evento.minori,
        bisogni=evento.bisogni,
        in_carico=prima.in_carico + 1,
        in_carico_dal_il=evento.avvenuto_il,
    )


@famiglie.on
def _(famiglia: Famiglia, evento: casa.MorositaRilevata) -> Famiglia:
    return famiglia.with_(
        morosita_centesimi=famiglia.morosita_centesimi + evento.importo_centesimi,
        mensilita=famiglia.mensilita + evento.mensilita,
    )


@famiglie.on
def _(famiglia: Famiglia, evento: casa.PianoDiRientroConcordato) -> Famiglia:
    return famiglia.with_(
        piano_centesimi=evento.importo_centesimi, piano_rate=evento.rate, prima_rata_il=evento.prima_rata_il
    )


@famiglie.on
def _(famiglia: Famiglia, evento: casa.MorositaSanata) -> Famiglia:
    resto = famiglia.morosita_centesimi - evento.importo_centesimi
    if resto:
        return famiglia.with_(morosita_centesimi=resto)
    return famiglia.with_(morosita_centesimi=0, mensilita=0, piano_centesimi=None, piano_rate=None, prima_rata_il=None)


famiglie.after(casa.NucleoAggiornato, lambda f, e: f.with_(componenti=e.componenti, minori=e.minori))
famiglie.after(casa.SfrattoIntimato, lambda f, e: f.with_(sfratto=f.sfratto + 1, sfratto_intimato_il=e.avvenuto_il))
famiglie.after(casa.SfrattoPrevenuto, lambda f, e: f.with_(sfratto=f.sfratto - 1, sfratto_intimato_il=None))
famiglie.after(casa.SfrattoEseguito, lambda f, e: f.with_(sfratto=f.sfratto - 1, sfratto_intimato_il=None))
famiglie.after(casa.PresaInCaricoConclusa, lambda f, e: f.with_(in_carico=f.in_carico - 1))


@famiglie.claim("persona-gia-in-famiglia", "Una delle persone fa già parte di una famiglia in carico.")
def persone_in_carico(famiglia: Famiglia) -> Iterable[str]:
    """Restituisce i componenti finché la famiglia è in carico."""
    return famiglia.componenti if famiglia.in_carico > 0 else ()


famiglie.switch(
    "in_carico",
    on_twice=("famiglia-gia-in-carico", "La famiglia è già in carico."),
    off_twice=("famiglia-non-in-carico", "La famiglia non è in carico."),
)
famiglie.switch(
    "sfratto",
    on_twice=("sfratto-gia-intimato", "C'è già uno sfratto in corso: prima va detto come è finito."),
    off_twice=("sfratto-non-intimato", "Alla famiglia non è stato intimato alcuno sfratto."),
)


@famiglie.invariant
def morosita_mai_sotto_zero(famiglia: Famiglia) -> None:
    """Raises: Rejected "morosita-sotto-zero"."""
    if famiglia.morosita_centesimi < 0:
        raise Rejected("morosita-sotto-zero", "L'importo sanato supera la morosità rilevata.")


def in_carico(famiglia: Famiglia) -> None:
    """Raises: Rejected "famiglia-non-in-carico"."""
    if not famiglia.in_carico:
        raise Rejected("famiglia-non-in-carico", "La famiglia non è in carico.")


# Una famiglia che torna riapre la stessa scheda: doppia presa in carico e persone ripetute le fermano le regole sopra.
famiglie.records("presa-in-carico", casa.FamigliaPresaInCarico, creates=True)
famiglie.records("aggiornamento-nucleo", casa.NucleoAggiornato, in_carico)
famiglie.records("rilievo-morosita", casa.MorositaRilevata, in_carico, title="Rilievo di morosità")
famiglie.records("morosita-sanata", casa.MorositaSanata, in_carico, title="Morosità sanata")
famiglie.records("sfratto-intimato", casa.SfrattoIntimato, in_carico)
famiglie.records("sfratto-prevenuto", casa.SfrattoPrevenuto, in_carico)
famiglie.records("sfratto-eseguito", casa.SfrattoEseguito, in_carico)


@famiglie.command("piano-di-rientro")
def concorda_piano(famiglia: Famiglia, comando: casa.PianoDiRientroConcordato) -> Events:
    """Registra il piano di rientro concordato; un nuovo piano sostituisce il precedente.

    Raises: Rejected "famiglia-non-in-carico", "piano-oltre-la-morosita", "prima-rata-prima-dell-accordo".
    """
    in_carico(famiglia)
    if comando.importo_centesimi > famiglia.morosita_centesimi:
        raise Rejected("piano-oltre-la-morosita", "Il piano di rientro supera la morosità rilevata.")
    if comando.prima_rata_il < comando.avvenuto_il:
        raise Rejected("prima-rata-prima-dell-accordo", "La prima rata è prima del giorno dell'accordo.")
    return [comando]


@famiglie.command("conclusione")
def concludi(
    famiglia: Famiglia,
    comando: casa.PresaInCaricoConclusa,
    garanzia: Annotated[Garanzia | None, Holder("famiglia-gia-garantita")],
) -> Events:
    """Conclude la presa in carico, se nessuna garanzia della famiglia è attiva.

    Raises: Rejected "famiglia-non-in-carico" (regola della scheda), "garanzia-ancora-attiva".
    """
    if garanzia is not None:
        raise Rejected("garanzia-ancora-attiva", "La famiglia ha una garanzia attiva: prima va svincolata.")
    return [comando]
