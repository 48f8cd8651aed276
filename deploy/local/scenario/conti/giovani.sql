-- Le cifre di giovani: AD01-AD08. Un'attività è del comune in cui si è svolta.

-- Dove si svolge ciò che una persona frequenta: il laboratorio o la proposta.
create view frequenza as
select s.dati ->> 'persona' as persona, dove.dati ->> 'comune' as comune, s.il
from storia as s
join storia as dove on dove.id = s.id and dove.nome in ('laboratori/coprogettazione', 'proposte/pubblicazione')
where s.nome in ('laboratori/iscrizione', 'proposte/assegnazione');

-- Chi ha l'incarico alla fine del mese: quelli la cui ultima notizia è un incarico.
create view incaricato as
select fine, id, comuni from (
    select fine, s.id, s.nome, s.dati ->> 'comuni' as comuni,
           row_number() over (partition by fine, s.id order by s.il desc, s.ordine desc) as dalla_fine
    from mese join storia as s on s.nome in ('facilitatori/incarico', 'facilitatori/cessazione') and s.il <= fine
) where dalla_fine = 1 and nome = 'facilitatori/incarico';

-- L'anno scolastico comincia il 1° settembre.
create view anno_scolastico as
select fine, case when substr(fine, 6, 2) >= '09' then substr(fine, 1, 4) else substr(fine, 1, 4) - 1 end || '-09-01' as dal
from mese;

insert into cifra
-- Giovani distinti, nel comune in cui hanno cominciato; anche se poi si sono ritirati.
select 'AD01', fine, comune, '', count(*)
from mese join (
    select comune, il, row_number() over (partition by persona order by substr(il, 1, 7), comune = '', comune) as dalla_prima from frequenza
) as f on f.dalla_prima = 1 and f.il <= fine
group by fine, comune
union all
-- A parte, gli incontri in strada: presenze anonime, non persone distinte.
select 'AD01.anonimi', fine, s.dati ->> 'comune', '', sum(s.dati ->> 'giovani')
from mese join storia as s on s.nome = 'facilitatori/coinvolgimento' and s.il <= fine
group by fine, 3
union all
-- Facilitatori con incarico in corso: in ogni comune quelli che lo hanno fra i loro, perciò i comuni non si sommano.
select 'AD02', fine, '', '', count(*) from incaricato group by fine
union all
select 'AD02.comune', fine, c.value, '', count(distinct i.id)
from incaricato as i, json_each(i.comuni) as c group by fine, c.value
union all
select 'AD02.coperti', fine, '', '', count(distinct c.value)
from incaricato as i, json_each(i.comuni) as c group by fine
union all
select 'AD03', fine, c.dati ->> 'comune', c.dati ->> 'ambito', count(*)
from mese join storia as a on a.nome = 'laboratori/avvio' and a.il <= fine
join storia as c on c.id = a.id and c.nome = 'laboratori/coprogettazione'
group by fine, 3, 4
union all
-- Soggetti distinti che hanno coprogettato, ciascuno nel comune del suo primo laboratorio. Chi non è detto per nome
-- («con una scuola») non si può contare fra i distinti.
select 'AD04', fine, comune, '', count(*)
from mese join (
    select s.dati ->> 'comune' as comune, s.il,
           row_number() over (partition by e.value order by substr(s.il, 1, 7), s.dati ->> 'comune') as dalla_prima
    from storia as s, json_each(coalesce(s.dati ->> 'enti', '[]')) as e where s.nome = 'laboratori/coprogettazione'
) as c on c.dalla_prima = 1 and c.il <= fine
group by fine, comune
union all
select 'AD04.senza_nomi', fine, s.dati ->> 'comune', '', count(*)
from mese join storia as s on s.nome = 'laboratori/coprogettazione' and s.il <= fine
where json_array_length(coalesce(s.dati ->> 'enti', '[]')) = 0
group by fine, 3
union all
-- Posti delle proposte pubblicate e non ritirate fino a quel giorno, dell'anno scolastico in corso: quello in cui
-- l'esperienza comincia. (Chi pubblica in giugno per settembre offre posti dell'anno dopo.)
select 'AD05', a.fine, p.dati ->> 'comune', '', sum(p.dati ->> 'posti')
from anno_scolastico as a
join storia as p on p.nome = 'proposte/pubblicazione' and p.il <= a.fine
                and p.dati ->> 'dal' >= a.dal and p.dati ->> 'dal' < date(a.dal, '+1 year')
where not exists (select 1 from storia as r where r.id = p.id and r.nome = 'proposte/ritiro' and r.il <= a.fine)
group by a.fine, 3
union all
-- Percorsi conclusi: validi se le ore svolte sono almeno tre quarti di quelle previste.
select 'AD06', fine, p.dati ->> 'comune',
       case when 4 * (c.dati ->> 'ore_svolte') >= 3 * (a.dati ->> 'ore_previste') then 'validi' else 'non validi' end,
       count(*)
from mese join storia as c on c.nome = 'proposte/conclusione-percorso' and c.il <= fine
join storia as a on a.id = c.id and a.nome = 'proposte/assegnazione' and a.dati ->> 'persona' = c.dati ->> 'persona'
join storia as p on p.id = c.id and p.nome = 'proposte/pubblicazione'
group by fine, 3, 4
union all
select 'AD07', fine, s.dati ->> 'comune', '', count(*)
from mese join storia as s on s.nome = 'eventi-territoriali/svolgimento' and s.il <= fine
group by fine, 3
union all
select 'AD07.partecipanti', fine, s.dati ->> 'comune', '', sum(s.dati ->> 'partecipanti')
from mese join storia as s on s.nome = 'eventi-territoriali/svolgimento' and s.il <= fine
group by fine, 3
union all
select 'AD08', fine, s.dati ->> 'comune', '', sum(s.dati ->> 'giovani_organizzatori')
from mese join storia as s on s.nome = 'eventi-territoriali/svolgimento' and s.il <= fine
group by fine, 3;
