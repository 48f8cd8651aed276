-- Le cifre di lavoro: LA01-LA08. Un'attività (tirocinio, inserimento) è del comune in cui si svolge, quello di chi
-- ospita; una persona di quello della sua presa in carico.

-- Dove ha sede chi aderisce: quella detta nell'ultima adesione.
create table sede as
select id as aderente, dati ->> 'comune' as comune, dati ->> 'tipo' as tipo,
       case when lag(il) over adesioni is null then '0' else il end as dal,
       coalesce(lead(il) over adesioni, '9') as al
from storia where nome = 'aderenti/sottoscrizione'
window adesioni as (partition by id order by il, ordine);

-- Chi fa parte della rete alla fine del mese: quelli la cui ultima notizia è un'adesione.
create view in_rete as
select fine, comune, tipo from (
    select fine, s.nome, s.dati ->> 'comune' as comune, s.dati ->> 'tipo' as tipo,
           row_number() over (partition by fine, s.id order by s.il desc, s.ordine desc) as dalla_fine
    from mese join storia as s on s.nome in ('aderenti/sottoscrizione', 'aderenti/cessazione') and s.il <= fine
) where dalla_fine = 1 and nome = 'aderenti/sottoscrizione';

-- La persona di ogni scheda di candidato, e dove stava quando.
create table candidato as
select id, dati ->> 'persona' as persona, dati ->> 'comune' as comune, il,
       case when lag(il) over prese is null then '0' else il end as dal,
       coalesce(lead(il) over prese, '9') as al
from storia where nome = 'candidati/presa-in-carico'
window prese as (partition by id order by il, ordine);

-- La prima volta che un tirocinio di quella persona è finito, concluso o interrotto.
create table finito as
select persona, comune, il from (
    select c.persona, c.comune, f.il, row_number() over (partition by c.persona order by f.il, f.ordine) as dalla_prima
    from storia as f
    join storia as t on t.id = f.id and t.nome = 'tirocini/attivazione'
    join candidato as c on c.id = t.dati ->> 'candidato' and f.il >= c.dal and f.il < c.al
    where f.nome in ('tirocini/conclusione', 'tirocini/interruzione')
) where dalla_prima = 1;

-- Da quando sono passati tanti mesi: lo stesso giorno, o l'ultimo del mese se non c'è.
create table passati as
select m.value as mesi, persona, comune, il as finito_il, min(
    date(il, '+' || m.value || ' months'),
    date(il, 'start of month', '+' || (m.value + 1) || ' months', '-1 day')
) as il
from finito, json_each('[1, 3, 6]') as m;

-- Le verifiche di ogni persona, in qualunque inserimento. Un giorno vale l'ultima, per ogni distanza.
create table verifica as
select distinct c.persona, v.ordine, v.il, v.dati ->> 'a_mesi' as a_mesi, v.dati ->> 'ancora_occupato' as occupato
from storia as v
join storia as i on i.id = v.id and i.nome = 'inserimenti/avvio'
join candidato as c on c.id = i.dati ->> 'candidato'
where v.nome = 'inserimenti/verifica';

insert into cifra
-- Persone distinte prese in carico, nel comune della prima volta.
select 'LA01', fine, comune, '', count(*)
from mese join (
    select comune, il, row_number() over (partition by persona order by substr(il, 1, 7), comune = '', comune) as dalla_prima from candidato
) as c on c.dalla_prima = 1 and c.il <= fine
group by fine, comune
union all
select 'LA02', fine, comune, tipo, count(*) from in_rete group by fine, comune, tipo
union all
-- Tirocini attivati; fra questi, quelli per cui il Fondo Esperienze si è impegnato almeno una volta.
select 'LA03', fine, s.comune, '', count(*)
from mese join storia as t on t.nome = 'tirocini/attivazione' and t.il <= fine
join sede as s on s.aderente = t.dati ->> 'aderente' and t.il >= s.dal and t.il < s.al
group by fine, s.comune
union all
select 'LA03.sostenuti', fine, s.comune, '', count(*)
from mese join storia as t on t.nome = 'tirocini/attivazione' and t.il <= fine
join sede as s on s.aderente = t.dati ->> 'aderente' and t.il >= s.dal and t.il < s.al
where exists (
    select 1 from storia as e
    where e.nome = 'esperienze/finanziamento' and e.dati ->> 'tirocinio' = t.id and e.il <= fine
)
group by fine, s.comune
union all
-- Come sono finiti.
select 'LA04', fine, s.comune, case f.nome when 'tirocini/conclusione' then 'conclusi' else 'interrotti' end, count(*)
from mese join storia as f on f.nome in ('tirocini/conclusione', 'tirocini/interruzione') and f.il <= fine
join storia as t on t.id = f.id and t.nome = 'tirocini/attivazione'
join sede as s on s.aderente = t.dati ->> 'aderente' and t.il >= s.dal and t.il < s.al
group by fine, s.comune, 4
union all
select 'LA05', fine, s.comune, '', count(*)
from mese join storia as i on i.nome = 'inserimenti/avvio' and i.il <= fine
join sede as s on s.aderente = i.dati ->> 'aderente' and i.il >= s.dal and i.il < s.al
group by fine, s.comune
union all
select 'LA05.sostenuti', fine, s.comune, '', count(*)
from mese join storia as i on i.nome = 'inserimenti/avvio' and i.il <= fine
join sede as s on s.aderente = i.dati ->> 'aderente' and i.il >= s.dal and i.il < s.al
where exists (
    select 1 from storia as e
    where e.nome = 'esperienze/finanziamento' and e.dati ->> 'inserimento' = i.id and e.il <= fine
)
group by fine, s.comune
union all
-- Le persone il cui tirocinio è finito da almeno tanti mesi, e che cosa se ne sa a quella distanza dall'inserimento:
-- occupate, non occupate; «non rilevato» se dopo la fine la verifica manca, anche perché un inserimento non c'è. Una
-- persona conta una volta, dal suo primo tirocinio finito.
select 'LA06', fine, f.comune, f.mesi || ' ' || coalesce((
    select case v.occupato when 1 then 'occupate' else 'non occupate' end from verifica as v
    where v.persona = f.persona and v.a_mesi = f.mesi and v.il <= fine and v.il > f.finito_il
    order by v.il desc, v.ordine desc limit 1
), 'non rilevate'), count(*)
from mese join passati as f on f.il <= fine
group by fine, f.comune, 4
union all
-- Eventi formativi svolti, dove erano in programma; e quanti vi sono stati.
select 'LA07', fine, p.dati ->> 'comune', '', count(*)
from mese join storia as s on s.nome = 'eventi-formativi/svolgimento' and s.il <= fine
join storia as p on p.id = s.id and p.nome = 'eventi-formativi/programma'
group by fine, 3
union all
select 'LA07.presenze', fine, p.dati ->> 'comune', '', sum(s.dati ->> 'presenze')
from mese join storia as s on s.nome = 'eventi-formativi/svolgimento' and s.il <= fine
join storia as p on p.id = s.id and p.nome = 'eventi-formativi/programma'
group by fine, 3
union all
-- Servizi nel Punto specializzato, per tipo, nel comune in cui il Punto si trova (lo dice la linea dei Punti).
select 'LA08', fine, coalesce(l.comune, ''), s.dati ->> 'tipo', count(*)
from mese join storia as s on s.nome = 'agenti/servizio' and s.il <= fine
left join luogo as l on l.punto = s.dati ->> 'punto' and s.il >= l.dal and s.il < l.al
group by fine, 3, 4
union all
-- Il Fondo Esperienze: dotazione, promesso, speso; impegnato, cioè ciò che di ogni promessa resta da pagare, se non è
-- stata stornata.
select 'fondo-esperienze', fine, '',
       case s.nome when 'fondi/versamento' then 'dotazione' when 'esperienze/finanziamento' then 'promesso' else 'speso' end,
       sum(s.dati ->> 'importo_centesimi')
from mese join storia as s on s.linea = 'lavoro' and s.il <= fine
    and s.nome in ('fondi/versamento', 'esperienze/finanziamento', 'esperienze/liquidazione')
group by fine, 4
union all
select 'fondo-esperienze', fine, '', 'impegnato', sum((e.dati ->> 'importo_centesimi') - coalesce((
    select sum(l.dati ->> 'importo_centesimi') from storia as l
    where l.id = e.id and l.nome = 'esperienze/liquidazione' and l.il <= fine
), 0))
from mese join storia as e on e.nome = 'esperienze/finanziamento' and e.il <= fine
where not exists (select 1 from storia as x where x.id = e.id and x.nome = 'esperienze/storno' and x.il <= fine)
group by fine;
