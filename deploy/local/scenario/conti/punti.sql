-- Le cifre dei Punti di Comunità: PU01-PU11. Ciò che accade in un Punto è del comune del Punto.

-- Dove sta ogni Punto: quello detto nell'ultima apertura.
create view luogo as
select id as punto, dati ->> 'comune' as comune,
       case when lag(il) over aperture is null then '0' else il end as dal,
       coalesce(lead(il) over aperture, '9') as al
from storia where nome = 'punti/apertura'
window aperture as (partition by id order by il, ordine);

-- I Punti aperti alla fine del mese: quelli la cui ultima notizia è un'apertura.
create view aperto as
select fine, id, comune from (
    select fine, s.id, s.nome, s.dati ->> 'comune' as comune,
           row_number() over (partition by fine, s.id order by s.il desc, s.ordine desc) as dalla_fine
    from mese join storia as s on s.nome in ('punti/apertura', 'punti/chiusura') and s.il <= fine
) where dalla_fine = 1 and nome = 'punti/apertura';

-- I gruppi nati e non sciolti alla fine del mese, nel comune del loro Punto.
create view gruppo as
select n.fine, n.id, l.comune from (
    select fine, s.id, s.nome, s.il, s.dati ->> 'punto' as punto,
           row_number() over (partition by fine, s.id order by s.il desc, s.ordine desc) as dalla_fine
    from mese join storia as s on s.nome in ('gruppi/nascita', 'gruppi/scioglimento') and s.il <= fine
) as n
join luogo as l on l.punto = n.punto and n.il >= l.dal and n.il < l.al
where n.dalla_fine = 1 and n.nome = 'gruppi/nascita';

-- Gli incontri di ogni gruppo: quello con un altro gruppo è di tutti e due, chiunque dei due l'abbia registrato.
create table incontro as
select s.il, s.id as gruppo, json_array_length(coalesce(s.dati ->> 'con_gruppi', '[]')) > 0 as insieme
from storia as s where s.nome = 'gruppi/incontro'
union all
select s.il, altro.value, 1 from storia as s, json_each(coalesce(s.dati ->> 'con_gruppi', '[]')) as altro
where s.nome = 'gruppi/incontro';

-- Chi ha scambiato, quanto ha dato e ricevuto, e dove: senza un Punto il comune non è rilevato.
create view scambio as
select s.il, s.ordine, p.value ->> 'persona' as persona, p.value ->> 'dato_minuti' as dato,
       p.value ->> 'ricevuto_minuti' as ricevuto, coalesce((
           select l.comune from luogo as l where l.punto = s.dati ->> 'punto' and s.il >= l.dal and s.il < l.al
       ), '') as comune
from storia as s, json_each(s.dati ->> 'partecipanti') as p where s.nome = 'scambi/registrazione';

create table conto_del_tempo as
select fine, persona, sum(dato) as dato, sum(ricevuto) as ricevuto from mese join scambio on il <= fine
group by fine, persona;

-- Una persona che scambia conta nel comune della prima volta.
create table primo_scambio as
select persona, comune from (
    select persona, comune, row_number() over (partition by persona order by substr(il, 1, 7), comune = '', comune) as dalla_prima from scambio
) where dalla_prima = 1;

-- Le rilevazioni di ogni persona in tutti i suoi ascolti, in ordine di giorno, nel comune dell'ascolto della prima.
create table rilevazione as
select s.nome, s.dati ->> 'persona' as persona, s.il, s.ordine, s.dati,
       first_value(r.dati ->> 'comune') over (
           partition by s.nome, s.dati ->> 'persona' order by s.il, s.ordine
       ) as comune
from storia as s join storia as r on r.id = s.id and r.nome = 'ascolti/richiesta'
where s.nome in ('ascolti/rete-di-appoggio', 'ascolti/star-bene');

create table prima_e_ultima as
select distinct fine, nome, persona, comune,
       first_value(dati) over da_prima as prima, first_value(dati) over da_ultima as ultima,
       count(*) over (partition by fine, nome, persona) as quante
from mese join rilevazione on il <= fine
window da_prima as (partition by fine, nome, persona order by il, ordine),
       da_ultima as (partition by fine, nome, persona order by il desc, ordine desc);

insert into cifra
select 'PU01', fine, comune, '', count(*) from aperto group by fine, comune
union all
select 'PU01.comuni', fine, '', '', count(distinct comune) from aperto group by fine
union all
select 'PU02', a.fine, a.comune, '', count(*) from aperto as a
where exists (
    select 1 from storia as s
    where s.id = a.id and s.nome = 'punti/specializzazione' and s.dati ->> 'specializzazione' = 'lavoro' and s.il <= a.fine
)
group by a.fine, a.comune
union all
-- Presenze, e fra queste le prime.
select 'PU03', fine, l.comune, c.value, sum(s.dati ->> c.value)
from mese join json_each('["presenze", "prime_presenze"]') as c
join storia as s on s.nome = 'punti/attivita' and s.il <= fine
join luogo as l on l.punto = s.id and s.il >= l.dal and s.il < l.al
group by fine, l.comune, c.value
union all
-- Attività, secondo chi le ha promosse.
select 'PU04', fine, l.comune, s.dati ->> 'promossa_da', count(*)
from mese join storia as s on s.nome = 'punti/attivita' and s.il <= fine
join luogo as l on l.punto = s.id and s.il >= l.dal and s.il < l.al
group by fine, l.comune, 4
union all
-- Punti aperti la cui ultima fase raggiunta è l'autonomia; il denominatore è PU01.
select 'PU05', a.fine, a.comune, '', count(*) from aperto as a
where (
    select f.dati ->> 'fase' from storia as f
    where f.id = a.id and f.nome = 'punti/fase' and f.il <= a.fine order by f.il desc, f.ordine desc limit 1
) = 'autonomia'
group by a.fine, a.comune
union all
-- Gruppi che si sono incontrati negli ultimi 90 giorni, quello compreso; fra questi, chi ha incontrato un altro gruppo.
select quali.value, fine, comune, '', count(*)
from gruppo as g join json_each('["PU06", "PU06.legami"]') as quali
where exists (
    select 1 from incontro as x
    where x.gruppo = g.id and x.il <= g.fine and x.il > date(g.fine, '-90 days') and (x.insieme or quali.value = 'PU06')
)
group by fine, comune, 1
union all
-- Minuti dati: PU07 li dice in ore.
select 'PU07', fine, comune, '', sum(dato) from mese join scambio on il <= fine group by fine, comune
union all
select 'PU08', c.fine, p.comune, 'tutte', count(*) from conto_del_tempo as c join primo_scambio as p using (persona)
group by c.fine, p.comune
union all
select 'PU08', c.fine, p.comune, 'reciproche', count(*) from conto_del_tempo as c join primo_scambio as p using (persona)
where c.dato > 0 and c.ricevuto > 0
group by c.fine, p.comune
union all
-- Di chi è stato rilevato almeno due volte: quanti, e quanti senza nessuno su cui contare l'ultima volta.
select 'PU09', fine, comune, 'rilevate', count(*) from prima_e_ultima
where nome = 'ascolti/rete-di-appoggio' and quante >= 2
group by fine, comune
union all
select 'PU09', fine, comune, 'senza rete', count(*) from prima_e_ultima
where nome = 'ascolti/rete-di-appoggio' and quante >= 2 and ultima ->> 'persone_di_appoggio' = 0
group by fine, comune
union all
-- Chi finora è stato rilevato una volta sola non ha un prima e un dopo: è contato a parte.
select case nome when 'ascolti/star-bene' then 'PU10' else 'PU09' end || '.una_volta', fine, comune, '', count(*)
from prima_e_ultima where quante = 1
group by fine, comune, nome
union all
-- Di chi è stato rilevato almeno due volte: quanti, e di quanto sono cambiati in tutto benessere e fiducia.
select 'PU10', fine, comune, 'rilevate', count(*) from prima_e_ultima
where nome = 'ascolti/star-bene' and quante >= 2
group by fine, comune
union all
select 'PU10', fine, comune, c.value, sum((ultima ->> c.value) - (prima ->> c.value))
from prima_e_ultima join json_each('["benessere", "fiducia"]') as c
where nome = 'ascolti/star-bene' and quante >= 2
group by fine, comune, c.value
union all
-- Ascolti conclusi, secondo l'esito: la risposta della comunità e l'invio a un servizio sono due esiti diversi.
select 'PU11', fine, r.dati ->> 'comune', s.dati ->> 'esito', count(*)
from mese join storia as s on s.nome = 'ascolti/conclusione' and s.il <= fine
join storia as r on r.id = s.id and r.nome = 'ascolti/richiesta'
group by fine, 3, 4;
