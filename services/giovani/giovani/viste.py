"""Le liste che chi lavora nella linea giovani guarda ogni giorno: SQL sulle schede (`snapshot`), `$1` è oggi.

Una riga per scheda: più persone della stessa scheda stanno nella stessa riga.
"""

from telaio.service import Vista

from giovani.evento_territoriale import eventi
from giovani.laboratorio import laboratori
from giovani.proposta import proposte

ISCRITTI_E_PRESENZE = """
select id, comune, ambito, posti, iscritti, posti - iscritti as liberi, jsonb_array_length(incontri) as incontri,
       ultimo_incontro_il, presenze_di_ognuno
from snapshot cross join jsonb_to_record(state) as f (
    comune text, ambito text, posti int, avviato int, concluso int, iscrizioni jsonb, incontri jsonb)
cross join lateral (
    select count(*)::int as iscritti, array_agg(persona || ': ' || presenze order by presenze, persona)
    from jsonb_to_recordset(iscrizioni) as i (persona text, al_il date)
    cross join lateral (
        select count(*) from jsonb_array_elements(incontri) as c where c->'persone' ? persona) as p (presenze)
    where al_il is null) as i (iscritti, presenze_di_ognuno)
cross join lateral (
    select max(svolto_il) from jsonb_to_recordset(incontri) as c (svolto_il date)) as u (ultimo_incontro_il)
where kind = 'laboratorio' and avviato > 0 and concluso = 0 order by ultimo_incontro_il nulls first, comune, id
"""

CONSENSI_MANCANTI = """
select id, comune, ambito, mancanti, dal_il, $1::date - dal_il as giorni_trascorsi, manca_il_secondo_genitore_di
from snapshot cross join jsonb_to_record(state) as f (comune text, ambito text, concluso int, iscrizioni jsonb)
cross join lateral (
    select count(*)::int, min(i.dal_il), array_agg(persona order by i.dal_il, persona)
    from jsonb_to_recordset(iscrizioni) as i (persona text, consenso_espresso_da text, dal_il date, al_il date)
    where al_il is null and consenso_espresso_da = 'un_genitore') as m (mancanti, dal_il, manca_il_secondo_genitore_di)
where kind = 'laboratorio' and concluso = 0 and mancanti > 0 order by dal_il, id
"""

POSTI_DEL_CATALOGO = """
select id, etichetta as percorso, ente, comune, ambito, dal as dal_il, al as al_il, posti,
       jsonb_array_length(percorsi) as assegnati, posti - jsonb_array_length(percorsi) as liberi
from snapshot, jsonb_to_record(state) as f (
    etichetta text, ente text, comune text, ambito text, dal date, al date, posti int, percorsi jsonb, ritirata_il date)
where kind = 'proposta' and ritirata_il is null and al >= $1::date order by dal, liberi desc, id
"""

PERCORSI_DA_CHIUDERE = """
select id, etichetta as percorso, ente, comune, al as finita_il, $1::date - al as giorni_trascorsi, da_chiudere,
       studenti
from snapshot cross join jsonb_to_record(state) as f (
    etichetta text, ente text, comune text, al date, percorsi jsonb)
cross join lateral (
    select count(*)::int, array_agg(persona order by persona)
    from jsonb_to_recordset(percorsi) as p (persona text, concluso_il date)
    where concluso_il is null) as p (da_chiudere, studenti)
where kind = 'proposta' and al <= $1::date and da_chiudere > 0 order by al, id
"""

PROSSIMI_EVENTI = """
select id, titolo, comune, previsto_il, previsto_il - $1::date as giorni_mancanti
from snapshot, jsonb_to_record(state) as f (titolo text, comune text, previsto_il date, svolto int, annullato int)
where kind = 'evento_territoriale' and previsto_il is not null and svolto = 0 and annullato = 0
order by previsto_il, id
"""

LISTE = (
    Vista(
        "iscritti-e-presenze", "Iscritti e presenze", ISCRITTI_E_PRESENZE, laboratori, "Nessun laboratorio in corso."
    ),
    Vista("consensi-mancanti", "Consensi mancanti", CONSENSI_MANCANTI, laboratori, "Nessun consenso da completare."),
    Vista("posti-del-catalogo", "Posti del catalogo", POSTI_DEL_CATALOGO, proposte, "Nessuna proposta nel catalogo."),
    Vista("percorsi-da-chiudere", "Percorsi da chiudere", PERCORSI_DA_CHIUDERE, proposte, "Nessun percorso finito."),
    Vista("prossimi-eventi", "Prossimi eventi", PROSSIMI_EVENTI, eventi, "Nessun evento in programma."),
)
