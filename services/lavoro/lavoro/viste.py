"""Ciò che la linea lavoro chiede ogni giorno: le liste (SQL sulle schede, `$1` è oggi) e le proposte possibili."""

from typing import Any

from telaio.database import Connection
from telaio.runtime import Runtime
from telaio.service import Vista
from telaio.tables import tables
from telaio.web import beside
from telaio.web.routing import Guarded

from lavoro.abbinamento import abbinamenti
from lavoro.aderente import aderenti
from lavoro.affinita import classifica
from lavoro.candidato import Candidato, candidati
from lavoro.fondo import fondi
from lavoro.inserimento import inserimenti
from lavoro.offerta import Offerta, offerte
from lavoro.regole import Regole
from lavoro.tirocinio import tirocini

SCHEDE = tables(candidati, aderenti, offerte, abbinamenti, tirocini, inserimenti, fondi)

# Una proposta vale finché nessuno la rifiuta e ciò che ne è nato non è finito.
SENZA_PROPOSTA = """
, lavori as (select candidato, finito_il from tirocinio union all select candidato, cessato_il from inserimento)
select id, comune, competenze, disponibilita, in_carico_dal_il, $1::date - in_carico_dal_il as giorni_di_attesa
from candidato c where in_carico > 0 and not exists (select from lavori where candidato = c.id and finito_il is null)
  and not exists (select from abbinamento a where a.candidato = c.id and rifiutato_da is null
    and not exists (select from lavori where candidato = c.id and finito_il > a.proposto_il))
order by in_carico_dal_il, id
"""

OFFERTE_APERTE = """
select o.id, o.comune, o.tipo, o.competenze, posti, posti - occupati as posti_liberi,
       (select count(*) from abbinamento where offerta = o.id and rifiutato_da is null
          and not accettato_da @> array['candidato', 'aderente']) as da_decidere, pubblicata_il
from offerta o join aderente a on a.id = o.aderente
where chiusa_il is null and in_rete > 0 order by posti_liberi desc, pubblicata_il, o.id
"""

DA_DECIDERE = """
select a.id, o.comune, o.tipo, punteggio, ragioni, accettato_da, proposto_il,
       $1::date - proposto_il as giorni_di_attesa, chiusa_il as offerta_chiusa_il
from abbinamento a left join offerta o on o.id = a.offerta
where rifiutato_da is null and not accettato_da @> array['candidato', 'aderente'] order by proposto_il, a.id
"""

IN_SCADENZA = """
select t.id, comune, categoria, dal as cominciato_il, al as finisce_il, al - $1::date as giorni_al_termine
from tirocinio t left join aderente a on a.id = t.aderente
where stato = 'in_corso' and al <= $1::date + 30 order by al, t.id
"""

VERIFICHE = """
select i.id, comune, contratto, avviato_il, array_agg(mesi order by mesi) as da_fare_a_mesi,
       min(dal_il) as da_fare_dal_il, cessato_il
from inserimento i left join aderente a on a.id = i.aderente cross join unnest(array[1, 3, 6]) as mesi
cross join lateral (select (avviato_il + make_interval(months => mesi))::date) as d (dal_il)
where dal_il <= $1::date and not verifiche @> jsonb_build_array(jsonb_build_object('a_mesi', mesi))
group by i.id, comune, contratto, avviato_il, cessato_il order by da_fare_dal_il, i.id
"""

POSIZIONE_DEL_FONDO = """
select id, versato_centesimi, speso_centesimi, versato_centesimi - speso_centesimi as saldo_centesimi,
       impegni_centesimi, versato_centesimi - speso_centesimi - impegni_centesimi as disponibile_centesimi from fondo
"""

COPPIE = """
select to_jsonb(c), to_jsonb(o) from candidato c cross join offerta o join aderente a on a.id = o.aderente
where $1 in (c.id, o.id) and in_rete > 0
  and not exists (select from tirocinio where candidato = c.id and stato = 'in_corso')
  and not exists (select from abbinamento where candidato = c.id and offerta = o.id and rifiutato_da is null)
"""

LISTE = (
    Vista("candidati-senza-proposta", "Candidati senza proposta", SCHEDE + SENZA_PROPOSTA, candidati, "Nessuno."),
    Vista("offerte-aperte", "Offerte aperte", SCHEDE + OFFERTE_APERTE, offerte, "Nessuna offerta aperta."),
    Vista("abbinamenti-da-decidere", "Abbinamenti da decidere", SCHEDE + DA_DECIDERE, abbinamenti, "Nessuno."),
    Vista("tirocini-in-scadenza", "Tirocini in scadenza", SCHEDE + IN_SCADENZA, tirocini, "Nessuno entro 30 giorni."),
    Vista("verifiche", "Verifiche a 1, 3 e 6 mesi", SCHEDE + VERIFICHE, inserimenti, "Nessuna verifica da fare."),
    Vista("posizione-del-fondo", "Posizione del Fondo", SCHEDE + POSIZIONE_DEL_FONDO, fondi, "Nessun versamento."),
)


async def adatti(connection: Connection, runtime: Runtime, id: str) -> list[dict[str, Any]]:
    """Restituisce le 50 offerte più adatte a quel candidato, o i candidati a quell'offerta, e dice perché."""
    assert isinstance(runtime.rules, Regole)
    righe = await connection.fetch(SCHEDE + COPPIE, id)
    coppie = [(Candidato.model_validate_json(c), Offerta.model_validate_json(o)) for c, o in righe]
    trovate = classifica(coppie, runtime.district, runtime.rules.pesi_di_affinita.al(runtime.clock.today()))[:50]
    altri = [(o if c.id == id else c, affinita) for c, o, affinita in trovate]
    return [{"id": altro.id, "comune": altro.comune, **affinita._asdict()} for altro, affinita in altri]


def rotte(_: Runtime) -> list[Guarded]:
    """Le proposte possibili, dalla scheda del candidato e da quella dell'offerta, come pagina e come API."""
    coppie = ((candidati, offerte), (offerte, candidati))
    return [r for di, e in coppie for r in beside.routes(di, "abbinamenti", e, adatti, (abbinamenti, "proposta"))]
