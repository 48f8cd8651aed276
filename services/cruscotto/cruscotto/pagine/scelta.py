"""Che cosa guarda una pagina: il filtro dell'indirizzo, le voci del suo modulo, e che cosa non va."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from telaio.clock import ROME
from telaio.web.templates import render
from telaio.web.validation import Finding, Invalid

from cruscotto import scrittura
from cruscotto.contesto import Contesto
from cruscotto.domande.filtro import NOMI, Filtro, leggi_filtro
from cruscotto.pagine.modelli import MODELLI


@dataclass(frozen=True)
class Scelta:
    """Ciò che il modulo del filtro mostra: le voci, quelle scelte, gli errori per campo."""

    filtro: Filtro
    comuni: Sequence[tuple[str, str]]
    semestri: Sequence[tuple[str, str]]
    comune: str
    semestre: str
    errori: Sequence[Finding]

    @property
    def coda(self) -> str:
        """Il filtro come coda di un indirizzo; vuota senza filtro."""
        voci = {nome: valore for nome, valore in self.filtro.scritto().items() if valore}
        return f"?{urlencode(voci)}" if voci else ""

    @property
    def periodo(self) -> str:
        return scrittura.periodo(self.filtro)

    @property
    def come_si_sapeva(self) -> str:
        """Il giorno in cui si sapeva, come lo scrive il modulo; vuoto: oggi."""
        entro = self.filtro.registrato_entro
        return entro.astimezone(ROME).date().isoformat() if entro else ""

    def senza_errori(self) -> None:
        """Raises: Invalid, con i campi sbagliati: per chi non ha una pagina in cui dirli."""
        if self.errori:
            raise Invalid(list(self.errori))

    def errore(self, campo: str) -> str:
        return "; ".join(e.message for e in self.errori if e.location == (campo,))


def da_correggere(request: Request, scelta: Scelta, dove: str) -> Response:
    """La pagina che dice che cosa non va nel filtro."""
    return render(request, "filtro_sbagliato.html", using=MODELLI, status=422, scelta=scelta, dove=dove)


def scelta_di(c: Contesto, request: Request, *altri: str) -> Scelta:
    """Il filtro dell'indirizzo e le voci del suo modulo; con errori, il filtro è quello vuoto."""
    distretto, chiesto = c.runtime.district, request.query_params
    errori: Sequence[Finding] = ()
    try:
        filtro = leggi_filtro(chiesto, distretto, (*NOMI, *altri), c.tempi)
    except Invalid as sbagliato:
        filtro, errori = Filtro(), sbagliato.findings
    return Scelta(
        filtro=filtro,
        comuni=sorted(distretto.comuni.items(), key=lambda voce: voce[1]),
        semestri=_semestri(c.registro.avvio, c.runtime.clock.today()),
        comune=filtro.comune or "",
        semestre=_semestre(filtro),
        errori=errori,
    )


def scelta_del_semestre(c: Contesto, request: Request, *altri: str) -> Scelta:
    """Come `scelta_di`, ma se l'indirizzo non dice niente dei mesi il periodo è il semestre in corso; un semestre
    vuoto è «dall'avvio a oggi»."""
    scelta = scelta_di(c, request, *altri)
    if scelta.errori or {"semestre", "dal", "al", "registrato_entro"} & set(request.query_params):
        return scelta
    oggi = c.runtime.clock.today()
    dal = oggi.replace(month=1 if oggi.month <= 6 else 7, day=1)
    filtro = replace(scelta.filtro, dal=dal, al=dal.replace(month=dal.month + 5))
    return replace(scelta, filtro=filtro, semestre=_semestre(filtro))


def con_errore(scelta: Scelta, campo: str, etichetta: str, messaggio: str) -> Scelta:
    """La scelta con un errore in più: di un campo che ha solo quella pagina."""
    return replace(scelta, errori=(*scelta.errori, Finding((campo,), etichetta, messaggio)))


def _semestri(avvio: date, oggi: date) -> list[tuple[str, str]]:
    """I semestri dall'avvio a oggi, dal più recente."""
    primo, ultimo = (2 * g.year + (g.month > 6) for g in (avvio, oggi))
    return [(f"{n // 2}-{n % 2 + 1}", f"{n % 2 + 1}° semestre {n // 2}") for n in range(ultimo, primo - 1, -1)]


def _semestre(filtro: Filtro) -> str:
    """Il semestre che il filtro ritaglia; vuoto se non è un semestre intero."""
    dal, al = filtro.dal, filtro.al
    if not dal or not al or dal.year != al.year or (dal.month, al.month) not in ((1, 6), (7, 12)):
        return ""
    return f"{dal.year}-{1 if dal.month == 1 else 2}"
