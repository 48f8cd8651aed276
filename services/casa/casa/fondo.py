"""Il Fondo Garanzia: quanto ha, quanto ha promesso, e la concessione che lo impegna."""

from contratti import casa
from telaio.entity import Entity, Events, Rejected, State

from casa.alloggio import Alloggio
from casa.famiglia import Famiglia, in_carico
from casa.garanzia import Garanzia, garanzie
from casa.regole import Regole


class Fondo(State):
    """Il libro mastro: i versamenti sono suoi, il resto segue le sue garanzie."""

    versato_centesimi: int = 0
    escusso_centesimi: int = 0
    recuperato_centesimi: int = 0
    impegni_centesimi: int = 0

    @property
    def saldo_centesimi(self) -> int:
        """Versato meno escusso più recuperato."""
        return self.versato_centesimi - self.escusso_centesimi + self.recuperato_centesimi


fondi = Entity("fondo", Fondo, "fondi", "Fondo Garanzia", singleton="fondo-garanzia")


fondi.after(casa.DotazioneVersata, lambda f, e: f.with_(versato_centesimi=f.versato_centesimi + e.importo_centesimi))


@fondi.sums(garanzie)
def segui(fondo: Fondo, prima: Garanzia | None, dopo: Garanzia | None) -> Fondo:
    """Restituisce il Fondo dopo che una garanzia è cambiata."""
    for garanzia, segno in ((prima, -1), (dopo, 1)):
        if garanzia is not None:
            fondo = fondo.with_(
                escusso_centesimi=fondo.escusso_centesimi + segno * garanzia.escusso_centesimi,
                recuperato_centesimi=fondo.recuperato_centesimi + segno * garanzia.recuperato_centesimi,
                impegni_centesimi=fondo.impegni_centesimi + segno * garanzia.residuo_centesimi,
            )
    return fondo


@fondi.invariant
def saldo_mai_sotto_zero(fondo: Fondo) -> None:
    """Raises: Rejected "fondo-incapiente"."""
    if fondo.saldo_centesimi < 0:
        raise Rejected("fondo-incapiente", "Il saldo del Fondo non basta.")


fondi.records("versamento", casa.DotazioneVersata)


@garanzie.command("concessione", creates=True)
def concedi(
    garanzia: Garanzia | None,
    comando: casa.GaranziaConcessa,
    famiglia: Famiglia,
    alloggio: Alloggio,
    fondo: Fondo,
    regole: Regole,
) -> Events:
    """Garantisce una famiglia in carico per l'alloggio che le è assegnato, entro la capienza del Fondo.

    Raises: Rejected "garanzia-gia-concessa", "famiglia-non-in-carico", "alloggio-non-assegnato-alla-famiglia",
    "massimale-oltre-il-limite", "durata-oltre-il-limite", "fondo-incapiente"; "famiglia-gia-garantita",
    "alloggio-gia-garantito" (in `garanzia.py`).
    """
    if garanzia is not None:
        raise Rejected("garanzia-gia-concessa", "La garanzia è già stata concessa: ne serve una nuova.")
    in_carico(famiglia)
    if alloggio.famiglia != comando.famiglia:
        raise Rejected("alloggio-non-assegnato-alla-famiglia", "L'alloggio non è assegnato a questa famiglia.")
    _entro_i_limiti(fondo, comando, regole)
    return [comando]


def _entro_i_limiti(fondo: Fondo, comando: casa.GaranziaConcessa, regole: Regole) -> None:
    """Raises: Rejected "massimale-oltre-il-limite", "durata-oltre-il-limite", "fondo-incapiente"."""
    giorno, impegni = comando.avvenuto_il, fondo.impegni_centesimi + comando.massimale_centesimi
    if comando.massimale_centesimi > regole.massimale_massimo_centesimi.al(giorno):
        raise Rejected("massimale-oltre-il-limite", "Il massimale supera quello ammesso per una garanzia.")
    if comando.mesi > regole.mesi_massimi_di_garanzia.al(giorno):
        raise Rejected("durata-oltre-il-limite", "La durata supera quella ammessa per una garanzia.")
    if impegni > fondo.saldo_centesimi * regole.leva_del_fondo.al(giorno):
        raise Rejected("fondo-incapiente", "Gli impegni supererebbero la capienza del Fondo.")
