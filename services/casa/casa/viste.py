"""Le liste che chi lavora nella linea casa guarda ogni giorno: SQL sulle schede (`snapshot`), `$1` è oggi."""

from telaio.service import Vista

from casa.alloggio import alloggi
from casa.coabitazione import coabitazioni
from casa.condominio import condomini
from casa.famiglia import famiglie
from casa.fondo import fondi
from casa.garanzia import garanzie

IN_CARICO = """
select id, comune, cardinality(componenti) as componenti, minori, bisogni, in_carico_dal_il
from snapshot, jsonb_to_record(state) as f (
    comune text, componenti text[], minori int, bisogni text[], in_carico int, in_carico_dal_il date)
where kind = 'famiglia' and in_carico > 0 order by in_carico_dal_il, id
"""

MOROSITA_APERTE = """
select id, comune, morosita_centesimi, mensilita as mensilita_rilevate, piano_centesimi, piano_rate, prima_rata_il
from snapshot, jsonb_to_record(state) as f (
    comune text, in_carico int, morosita_centesimi bigint, mensilita int, piano_centesimi bigint, piano_rate int,
    prima_rata_il date)
where kind = 'famiglia' and in_carico > 0 and morosita_centesimi > 0 order by morosita_centesimi desc, id
"""

SFRATTI_IN_CORSO = """
select id, comune, sfratto_intimato_il as intimato_il, $1::date - sfratto_intimato_il as giorni_trascorsi, minori,
       morosita_centesimi
from snapshot, jsonb_to_record(state) as f (
    comune text, in_carico int, sfratto int, sfratto_intimato_il date, minori int, morosita_centesimi bigint)
where kind = 'famiglia' and in_carico > 0 and sfratto > 0 order by intimato_il, id
"""

GARANZIE_IN_SCADENZA = """
select g.id, a.state->>'comune' as comune, scade_il, scade_il - $1::date as giorni_alla_scadenza, massimale_centesimi,
       massimale_centesimi - escusso_centesimi as residuo_centesimi
from snapshot g cross join jsonb_to_record(g.state) as f (
    alloggio text, attiva boolean, scade_il date, massimale_centesimi bigint, escusso_centesimi bigint)
left join snapshot a on a.kind = 'alloggio' and a.id = alloggio
where g.kind = 'garanzia' and attiva and scade_il <= $1::date + 60 order by scade_il, g.id
"""

POSIZIONE_DEL_FONDO = """
select id, versato_centesimi, escusso_centesimi, recuperato_centesimi,
       versato_centesimi - escusso_centesimi + recuperato_centesimi as saldo_centesimi, impegni_centesimi
from snapshot, jsonb_to_record(state) as f (
    versato_centesimi bigint, escusso_centesimi bigint, recuperato_centesimi bigint, impegni_centesimi bigint)
where kind = 'fondo'
"""

ALLOGGI_LIBERI = """
select id, comune, vani, canone_centesimi, locatore
from snapshot, jsonb_to_record(state) as f (
    comune text, vani int, canone_centesimi bigint, locatore text, disponibile int, assegnato int)
where kind = 'alloggio' and disponibile > 0 and assegnato = 0 order by comune, canone_centesimi, id
"""

POSTI_IN_COABITAZIONE = """
select id, comune, posti, cardinality(coabitanti) as occupati, posti - cardinality(coabitanti) as liberi
from snapshot, jsonb_to_record(state) as f (comune text, posti int, coabitanti text[], conclusa boolean)
where kind = 'coabitazione' and not conclusa order by liberi desc, comune, id
"""

PASSAGGI_DI_CUSTODE = """
select id, comune, alloggi, passo, dal_il,
       (extract(year from age($1::date, dal_il)) * 12 + extract(month from age($1::date, dal_il)))::int as mesi_passati
from snapshot cross join jsonb_to_record(state) as f (
    comune text, alloggi int, custodi int, custode_dal_il date, junior_scelto_il date, junior_autonomo_il date,
    concluso boolean)
cross join lateral (
    select case when junior_autonomo_il is not null then 'junior_autonomo' when custodi = 0 then 'senza_custode'
                when junior_scelto_il is not null then 'affiancamento_del_junior' else 'prova_del_custode' end,
           case when custodi > 0 or junior_autonomo_il is not null
                then coalesce(junior_autonomo_il, junior_scelto_il, custode_dal_il) end) as p (passo, dal_il)
where kind = 'condominio' and not concluso order by dal_il nulls first, id
"""

LISTE = (
    Vista("in-carico", "In carico", IN_CARICO, famiglie, "Nessuna famiglia in carico."),
    Vista("morosita-aperte", "Morosità aperte", MOROSITA_APERTE, famiglie, "Nessuna morosità aperta."),
    Vista("sfratti-in-corso", "Sfratti in corso", SFRATTI_IN_CORSO, famiglie, "Nessuno sfratto in corso."),
    Vista("garanzie-in-scadenza", "Garanzie in scadenza", GARANZIE_IN_SCADENZA, garanzie, "Nessuna entro 60 giorni."),
    Vista("posizione-del-fondo", "Posizione del Fondo", POSIZIONE_DEL_FONDO, fondi, "Nessun versamento."),
    Vista("alloggi-liberi", "Alloggi liberi", ALLOGGI_LIBERI, alloggi, "Nessun alloggio libero."),
    Vista("posti-in-coabitazione", "Posti in coabitazione", POSTI_IN_COABITAZIONE, coabitazioni, "Nessun posto."),
    Vista("passaggi-di-custode", "Passaggi di custode", PASSAGGI_DI_CUSTODE, condomini, "Nessun condominio sociale."),
)
