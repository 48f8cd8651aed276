"""Invii e percorsi inventati a caso: catene in ogni ordine, risposte tardive, persone seguite da più linee."""

from datetime import date
from typing import Any

from contratti import casa, invii, lavoro, punti
from contratti.rete import Event
from hypothesis import strategies as st
from telaio.consumer.record import Received

from .conftest import on_the_wire
from .racconto import rettifica, uuid

NODI = ("punti/ama-brescia", "casa/consorzio-tenda", "lavoro/cooperativa-la-sorgente")
PERSONE = ("p-aaaaaa", "p-bbbbbb", "p-cccccc")
COMUNI = ("017113", "017032")
# Pochi mesi, così che giorni uguali e attese brevi capitino spesso.
GIORNI = st.dates(date(2016, 3, 1), date(2016, 6, 30))
INVII = range(501, 505)
FAMIGLIE = (11, 12)


@st.composite
def della_rete(draw: st.DrawFn) -> list[list[Received]]:
    """Le due metà di alcuni invii, e chi segue le persone di cui dicono."""
    storie = [draw(seguita(numero)) for numero in (1, 2, 3)]
    for numero in draw(st.lists(st.sampled_from(INVII), unique=True, max_size=4)):
        storie.append(draw(spedito(numero)))
        for nodo in draw(st.lists(st.sampled_from(NODI), unique=True, max_size=2)):
            storie.append(draw(ricevuto(numero, nodo)))
    return [storia for storia in storie if storia]


@st.composite
def spedito(draw: st.DrawFn, numero: int) -> list[Received]:
    """La metà di chi invia: per una persona o per una famiglia, a volte continuando un altro invio."""
    di_chi = draw(st.sampled_from([*({"persona": p} for p in PERSONE), *({"famiglia": uuid(f)} for f in FAMIGLIE)]))
    segue = draw(st.none() | st.sampled_from(INVII))
    da, a = draw(st.sampled_from(NODI)), draw(st.none() | st.sampled_from(NODI))
    chiesto: dict[str, Any] = {
        "da": da, "a": a, "comune": draw(st.sampled_from(COMUNI)), "prestazione": "ascolto",
        "rispondere_entro": date(2016, 7, 1), "segue": uuid(segue) if segue and segue != numero else None,
    }  # fmt: skip
    primo = invii.InvioRichiesto.model_validate({"avvenuto_il": draw(GIORNI), "persona": None, **chiesto, **di_chi})
    poi: list[st.SearchStrategy[Any]] = [
        st.builds(invii.InvioConfermato, avvenuto_il=GIORNI, a=st.sampled_from(NODI)),
        st.builds(invii.InvioAnnullato, avvenuto_il=GIORNI, da=st.just("inviante"), motivo=st.just("altro")),
        st.builds(invii.InvioReindirizzato, avvenuto_il=GIORNI, nuovo=st.just(uuid(504))),
        st.builds(invii.InvioScaduto, avvenuto_il=GIORNI),
        st.builds(invii.InvioArchiviato, avvenuto_il=GIORNI),
    ]
    return on_the_wire(f"invio/{uuid(numero)}", [primo, *draw(st.lists(st.one_of(poi), max_size=3))], source=f"/{da}")


@st.composite
def ricevuto(draw: st.DrawFn, numero: int, nodo: str) -> list[Received]:
    """La metà di un nodo: accetta e poi va avanti, o rifiuta."""
    il = draw(GIORNI)
    if draw(st.booleans()):
        eventi: list[Event] = [invii.InvioRifiutato(avvenuto_il=il, da=nodo, motivo="posti_esauriti")]
    else:
        poi = st.one_of(
            st.builds(invii.InvioConcluso, avvenuto_il=GIORNI, esito=st.sampled_from(("aiuto_ottenuto", "altro"))),
            st.builds(invii.InvioNonRiuscito, avvenuto_il=GIORNI, motivo=st.just("altro")),
            st.builds(invii.InvioAnnullato, avvenuto_il=GIORNI, da=st.just("ricevente"), motivo=st.just("altro")),
            st.builds(invii.InvioPresoInCarico, avvenuto_il=GIORNI),
        )
        eventi = [invii.InvioAccettato(avvenuto_il=il, da=nodo), *draw(st.lists(poi, max_size=2))]
    return on_the_wire(f"invio_ricevuto/{uuid(numero)}", eventi, source=f"/{nodo}")


@st.composite
def seguita(draw: st.DrawFn, numero: int) -> list[Received]:
    """Una scheda che segue una o più persone, di una linea o di un'altra; a volte annullata o rettificata."""
    persone = tuple(draw(st.lists(st.sampled_from(PERSONE), unique=True, min_size=1, max_size=2)))
    il, comune = draw(GIORNI), draw(st.sampled_from(COMUNI))
    prende, accoglie = casa.FamigliaPresaInCarico, lavoro.CandidatoPresoInCarico
    quale = {
        1: ("famiglia", uuid(draw(st.sampled_from(FAMIGLIE))), NODI[1],
            prende(avvenuto_il=il, comune=comune, componenti=persone, minori=0)),
        2: ("candidato", uuid(21), NODI[2],
            accoglie(avvenuto_il=il, persona=persone[0], comune=comune, disponibilita=("sera",))),
        3: ("ascolto", uuid(31), NODI[0],
            punti.RichiestaDiAiutoRaccolta(avvenuto_il=il, punto=uuid(1), comune=comune, bisogni=("lavoro",),
                                           persona=persone[0])),
    }  # fmt: skip
    genere, id, nodo, evento = quale[numero]
    eventi: list[Event] = [evento]
    if draw(st.booleans()):
        altra = evento.model_dump(mode="json") | {"avvenuto_il": "2016-05-06"}
        eventi.append(rettifica(f"{genere}/{id}", 1, 7, draw(st.sampled_from([None, altra]))))
    return on_the_wire(f"{genere}/{id}", eventi, source=f"/{nodo}")
