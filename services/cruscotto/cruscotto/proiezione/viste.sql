-- The views of `rapporti` over the generation {0}. Columns may be added at the end; none is renamed or removed.
create or replace view rapporti.indicatori as
select codice, linea, nome, definizione, unita, tipo, livello, direzione, base, obiettivo, implicito, di_distretto
from public.registro_indicatore;

create or replace view rapporti.valori_correnti as
select v.codice, r.nome, r.unita, nullif(nullif(v.comune, '*'), '') as comune, v.comune = '*' as distretto, v.valore,
    v.numeratore, v.denominatore, a.alle as aggiornato_alle
from public.valore_corrente v join public.registro_indicatore r using (codice) cross join public.valori_aggiornati a;

create or replace view rapporti.misure_mensili as
select measure as misura, nullif(nullif(comune, '*'), '') as comune, comune = '*' as distretto,
    date_trunc('month', month)::date as mese, split_part(key, '~', 1) as chiave, sum(value)::bigint as valore
from {0}.riepilogo where measure not in ('invii_in_mano', 'archi', 'attese_aperte_ai_nodi', 'attese_chiuse_ai_nodi')
group by 1, 2, 3, 4, 5;

create or replace view rapporti.rete_archi as
select split_part(key, '|', 1) as da, split_part(key, '|', 2) as a, nullif(comune, '') as comune, month as mese,
    coalesce(sum(value) filter (where split_part(key, '|', 3) = 'chiesti'), 0)::bigint as chiesti,
    coalesce(sum(value) filter (where split_part(key, '|', 3) = 'confermati'), 0)::bigint as confermati,
    coalesce(sum(value) filter (where split_part(key, '|', 3) = 'rifiutati'), 0)::bigint as rifiutati,
    coalesce(sum(value) filter (where split_part(key, '|', 3) = 'conclusi'), 0)::bigint as conclusi,
    coalesce(sum(value) filter (where split_part(key, '|', 3) = 'aiutati'), 0)::bigint as aiutati
from {0}.riepilogo where measure = 'archi' group by 1, 2, 3, 4;

create or replace view rapporti.freschezza as
select split_part(source, '/', 2) as servizio, split_part(source, '/', 3) as partner, events as eventi,
    last_recorded as ultimo_alle
from {0}.freshness;

create or replace view rapporti.qualita as
select split_part(source, '/', 2) as servizio, split_part(source, '/', 3) as partner, month as mese, eventi, tardivi,
    rettifiche, annullamenti, senza_comune
from {0}.qualita;

create or replace view rapporti.rapporti_approvati as
select (state->>'numero')::int as numero, state->>'dal' as dal, state->>'al' as al, state->>'impronta' as impronta,
    (state->>'approvato_il')::date as approvato_il
from public.snapshot where kind = 'rapporto' and state->>'numero' is not null;
