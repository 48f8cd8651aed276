"""Le liste che chi lavora nei Punti di Comunità guarda ogni giorno: SQL sulle schede (`snapshot`).

`$1` è oggi, `$2` le regole. Una riga per scheda: più persone della stessa scheda stanno nella stessa riga.
"""

from telaio.service import Vista

from punti.aiuto import aiuti
from punti.ascolto import ascolti
from punti.gruppo import gruppi
from punti.idea import idee
from punti.punto import punti


def _regola(nome: str, giorno: str) -> str:
    """Restituisce l'SQL del valore intero che la regola ha in quel giorno; nullo se non ne ha."""
    validita = f"jsonb_to_recordset($2::jsonb->'{nome}') as r (valore int, dal date, al date)"
    return f"(select valore from {validita} where {giorno} between dal and coalesce(al, 'infinity') limit 1)"  # noqa: S608


PUNTI_APERTI = f"""
select id, denominazione, comune, fase, specializzazioni, tenuto_da as sportello_tenuto_da, ore_settimanali,
       case when tenuto_da = 'volontari' and ore_settimanali < minime then minime - ore_settimanali end as ore_mancanti
from snapshot cross join jsonb_to_record(state) as f (
    denominazione text, comune text, fase text, specializzazioni text[], tenuto_da text, aperto int, orari jsonb)
cross join lateral (
    select coalesce(round(sum(extract(epoch from alle - dalle)) / 3600, 2), 0),
           {_regola("ore_minime_dei_volontari", "$1::date")}
    from jsonb_to_recordset(orari) as o (giorno text, dalle time, alle time)
    where giorno <> 'altro') as o (ore_settimanali, minime)
where kind = 'punto' and aperto > 0 order by comune, denominazione, id
"""  # noqa: S608

ATTIVITA_DELLA_SETTIMANA = """
select id, state->>'denominazione' as denominazione, state->>'comune' as comune, count(*)::int as attivita,
       count(*) filter (where promossa_da in ('cittadini', 'insieme'))::int as promosse_dai_cittadini,
       sum(presenze)::int as presenze, sum(prime_presenze)::int as prime_presenze, max(svolta_il) as ultima_il
from snapshot cross join jsonb_to_recordset(state->'attivita') as a (
    svolta_il date, promossa_da text, presenze int, prime_presenze int)
where kind = 'punto' and svolta_il > $1::date - 7 group by kind, id order by ultima_il desc, denominazione, id
"""

GRUPPI_ATTIVI = """
select g.id, p.state->>'denominazione' as punto, p.state->>'comune' as comune, tema, ultimo_incontro_il,
       $1::date - ultimo_incontro_il as giorni_trascorsi, incontri, cardinality(legami) as gruppi_incontrati
from snapshot g cross join jsonb_to_record(g.state) as f (
    punto text, tema text, attivo int, ultimo_incontro_il date, incontri int, legami text[])
left join snapshot p on p.kind = 'punto' and p.id = f.punto
where g.kind = 'gruppo' and attivo > 0 order by ultimo_incontro_il nulls first, g.id
"""

ASCOLTI_APERTI = """
select a.id, f.comune, p.state->>'denominazione' as punto, bisogni, raccolta_il,
       $1::date - raccolta_il as giorni_trascorsi
from snapshot a cross join jsonb_to_record(a.state) as f (
    punto text, comune text, bisogni text[], raccolta_il date, in_corso int)
left join snapshot p on p.kind = 'punto' and p.id = f.punto
where a.kind = 'ascolto' and in_corso > 0 order by raccolta_il, a.id
"""

MESI = _regola("mesi_alla_seconda_rilevazione", "rilevata_il")
SECONDE_RILEVAZIONI = f"""
with rilevate as (
    select id, state->>'comune' as comune, persona, cosa,
           (rilevata_il + make_interval(months => {MESI}))::date as il,
           count(*) over (partition by persona, cosa) as volte
    from snapshot, jsonb_to_recordset(state->'rilevazioni') as r (persona text, cosa text, rilevata_il date)
    where kind = 'ascolto')
select id, comune, min(il) as da_fare_dal_il, $1::date - min(il) as giorni_trascorsi,
       array_agg(persona order by persona) filter (where cosa = 'rete_di_appoggio') as rete_di_appoggio,
       array_agg(persona order by persona) filter (where cosa = 'star_bene') as star_bene
from rilevate where volte = 1 and il <= $1::date group by id, comune order by da_fare_dal_il, id
"""  # noqa: S608

SAPERI = """
select sapere, array_agg(persona order by offerto_il, persona) filter (where offerto_il is not null) as offerto_da,
       array_agg(persona order by richiesto_il, persona) filter (where richiesto_il is not null) as richiesto_da
from snapshot, jsonb_to_record(state) as f (sapere text, persona text, offerto_il date, richiesto_il date)
where kind = 'sapere' and sapere is not null group by sapere order by sapere
"""

BANCA_DEL_TEMPO = """
select persona, dato_minuti as minuti_dati, ricevuto_minuti as minuti_ricevuti,
       dato_minuti - ricevuto_minuti as saldo_in_minuti
from snapshot, jsonb_to_recordset(state->'conti') as c (persona text, dato_minuti int, ricevuto_minuti int)
where kind = 'banca' order by saldo_in_minuti desc, persona
"""

AIUTI_DISPONIBILI = """
select id, cosa, comune, coalesce(ente, persona) as chi_offre, offerto_il
from snapshot, jsonb_to_record(state) as f (
    cosa text, comune text, ente text, persona text, offerto_il date, disponibile int)
where kind = 'aiuto' and disponibile > 0 order by cosa, comune nulls last, offerto_il, id
"""

IDEE_APERTE = """
select id, comune, proponente, presentata_il, $1::date - presentata_il as giorni_trascorsi, finanziato_centesimi
from snapshot, jsonb_to_record(state) as f (
    comune text, proponente text, presentata_il date, finanziato_centesimi bigint, aperta int)
where kind = 'idea' and aperta > 0 order by presentata_il, id
"""

LISTE = (
    Vista("ascolti-aperti", "Ascolti aperti", ASCOLTI_APERTI, ascolti, "Nessun ascolto aperto."),
    Vista("seconde-rilevazioni", "Seconde rilevazioni da fare", SECONDE_RILEVAZIONI, ascolti, "Nessuna da fare."),
    Vista(
        "attivita", "Attività della settimana", ATTIVITA_DELLA_SETTIMANA, punti, "Nessuna negli ultimi sette giorni."
    ),
    Vista("punti-aperti", "Punti aperti e ore di sportello", PUNTI_APERTI, punti, "Nessun Punto aperto."),
    Vista("gruppi-attivi", "Gruppi attivi", GRUPPI_ATTIVI, gruppi, "Nessun gruppo attivo."),
    Vista("saperi", "Saperi offerti e richiesti", SAPERI, None, "Nessun sapere offerto o richiesto."),
    Vista("banca-del-tempo", "Banca del tempo", BANCA_DEL_TEMPO, None, "Nessuno scambio."),
    Vista("aiuti-disponibili", "Aiuti disponibili", AIUTI_DISPONIBILI, aiuti, "Nessun aiuto disponibile."),
    Vista("idee-aperte", "Idee da finanziare o realizzare", IDEE_APERTE, idee, "Nessuna idea aperta."),
)
