"""Una storia della linea casa, breve abbastanza da contarne le cifre a mano."""

from datetime import date
from typing import Any

from contratti import casa
from contratti.rete import Event, EventoRettificato
from telaio.consumer.record import Received

from .conftest import event_id, on_the_wire

MONTICHIARI, CALCINATO, VISANO = "017113", "017032", "017203"


def uuid(numero: int) -> str:
    return f"00000000-0000-4000-8000-{numero:012x}"


def giorno(mese: int, giorno: int = 10, anno: int = 2016) -> date:
    return date(anno, mese, giorno)


def presa(mese: int, comune: str = MONTICHIARI) -> casa.FamigliaPresaInCarico:
    return casa.FamigliaPresaInCarico(avvenuto_il=giorno(mese), comune=comune, componenti=("p-aaaaaa",), minori=0)


def concessa(mese: int, famiglia: int, massimale: int = 100_000) -> casa.GaranziaConcessa:
    return casa.GaranziaConcessa(
        avvenuto_il=giorno(mese), famiglia=uuid(famiglia), alloggio=uuid(900), massimale_centesimi=massimale, mesi=12
    )


def conclusa(mese: int) -> casa.PresaInCaricoConclusa:
    return casa.PresaInCaricoConclusa(avvenuto_il=giorno(mese), esito="casa_mantenuta")


def rilevata(mese: int, centesimi: int) -> casa.MorositaRilevata:
    return casa.MorositaRilevata(avvenuto_il=giorno(mese), importo_centesimi=centesimi, mensilita=2)


def sanata(mese: int, centesimi: int) -> casa.MorositaSanata:
    return casa.MorositaSanata(avvenuto_il=giorno(mese), importo_centesimi=centesimi)


def del_mese(quale: Any, mese: int, **campi: Any) -> Event:
    evento: Event = quale(avvenuto_il=giorno(mese), **campi)
    return evento


def rettifica(soggetto: str, versione: int, mese: int, data: dict[str, Any] | None = None) -> EventoRettificato:
    return EventoRettificato(
        avvenuto_il=giorno(mese), rettifica=event_id(soggetto, versione), motivo="errore_di_digitazione", data=data
    )


def storia(genere: str, numero: int, *eventi: Event) -> list[Received]:
    return on_the_wire(f"{genere}/{uuid(numero)}", eventi)


def racconto() -> list[Received]:
    """Due famiglie a Montichiari, una a Calcinato che si sposta a Visano, una mai presa in carico."""
    intimato, prevenuto = casa.SfrattoIntimato, casa.SfrattoPrevenuto
    famiglie = [
        storia("famiglia", 1, presa(2), rilevata(3, 50_000), sanata(5, 20_000), del_mese(intimato, 4),
               del_mese(prevenuto, 6, come="piano_di_rientro")),
        storia("famiglia", 2, presa(3), rilevata(4, 70_000), conclusa(8)),
        storia("famiglia", 3, presa(3, CALCINATO), del_mese(intimato, 5), del_mese(casa.SfrattoEseguito, 7),
               conclusa(8), presa(9, VISANO), del_mese(intimato, 10), del_mese(casa.SfrattoEseguito, 11)),
        storia("famiglia", 4, presa(10), del_mese(intimato, 11)),
    ]  # fmt: skip
    escussa = casa.GaranziaEscussa(avvenuto_il=giorno(6), importo_centesimi=40_000, motivo="canoni_non_pagati")
    recupero = casa.RecuperoIncassato(avvenuto_il=giorno(9), importo_centesimi=10_000)
    svincolo = casa.GaranziaSvincolata(avvenuto_il=giorno(8), motivo="scadenza")
    fondo = [
        on_the_wire("fondo/fondo-garanzia", [
            casa.DotazioneVersata(avvenuto_il=giorno(2), importo_centesimi=300_000, da="fondazione"),
            casa.DotazioneVersata(avvenuto_il=giorno(7), importo_centesimi=50_000, da="comune"),
        ]),
        storia("garanzia", 11, concessa(4, 1), escussa, recupero),
        storia("garanzia", 12, concessa(4, 3), svincolo),
        storia("garanzia", 13, concessa(10, 3)),
        storia("garanzia", 14, concessa(5, 99, 50_000)),
    ]  # fmt: skip
    return [r for storie in (famiglie, fondo, _case(), _condomini()) for una in storie for r in una]


def _case() -> list[list[Received]]:
    disponibile: dict[str, Any] = {"vani": 3, "canone_centesimi": 40_000, "locatore": "privato"}
    reso, assegnato = casa.AlloggioResoDisponibile, casa.AlloggioAssegnato
    aderisce = casa.AdesioneAlFondoSottoscritta
    return [
        storia("alloggio", 21, del_mese(reso, 3, comune=MONTICHIARI, **disponibile),
               del_mese(assegnato, 4, famiglia=uuid(1), titolo="locazione_in_corso")),
        storia("alloggio", 22, del_mese(reso, 3, comune=CALCINATO, **disponibile),
               del_mese(assegnato, 4, famiglia=uuid(3), titolo="nuova_locazione"), del_mese(casa.AlloggioLiberato, 8),
               del_mese(reso, 9, comune=CALCINATO, **disponibile)),
        storia("adesione", 31, del_mese(aderisce, 2, tipo="agenzia_immobiliare", comune=VISANO)),
        storia("adesione", 32, del_mese(aderisce, 2, tipo="proprietario", comune=CALCINATO),
               del_mese(casa.AdesioneAlFondoCessata, 10)),
        storia("adesione", 33, del_mese(aderisce, 5, tipo="altro", comune=VISANO)),
    ]  # fmt: skip


def _condomini() -> list[list[Received]]:
    entrato, uscito = casa.CoabitanteEntrato, casa.CoabitanteUscito
    attivita: dict[str, Any] = {"ambito": "condiviso", "presenze": 9}
    svolta = casa.AttivitaCondominialeSvolta
    return [
        storia("coabitazione", 41, del_mese(casa.CoabitazioneAvviata, 3, comune=VISANO, posti=2, ospitante="p-ospite"),
               del_mese(entrato, 5, persona="p-bbbbbb")),
        storia("coabitazione", 42, del_mese(casa.CoabitazioneAvviata, 3, comune=CALCINATO, posti=2),
               del_mese(entrato, 4, persona="p-cccccc"), del_mese(uscito, 5, persona="p-cccccc", esito="rinuncia"),
               del_mese(entrato, 6, persona="p-dddddd")),
        storia("condominio", 51, del_mese(casa.CondominioSocialeAvviato, 3, comune=MONTICHIARI, alloggi=12),
               del_mese(casa.CustodeSocialeIncaricato, 4), del_mese(svolta, 5, promossa_da="custode", **attivita),
               del_mese(svolta, 6, promossa_da="residenti", **attivita),
               del_mese(svolta, 9, promossa_da="junior", **attivita), del_mese(casa.CustodeSocialeCessato, 9),
               del_mese(casa.CustodeSocialeIncaricato, 10)),
        storia("condominio", 52, del_mese(casa.CondominioSocialeAvviato, 6, comune=VISANO, alloggi=8)),
    ]  # fmt: skip
