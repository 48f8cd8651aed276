-- Le cifre di casa: CA01-CA10 e il Fondo Garanzia.

-- In quale comune stava la famiglia: quello della presa in carico in vigore quel giorno.
create view residenza as
select id as famiglia, dati ->> 'comune' as comune,
       case when lag(il) over storie is null then '0' else il end as dal,
       coalesce(lead(il) over storie, '9') as al
from storia where nome = 'famiglie/presa-in-carico'
window storie as (partition by id order by il, ordine);

-- Chi è in carico alla fine del mese: quelli la cui ultima notizia è una presa in carico.
create view in_carico as
select fine, id as famiglia, comune from (
    select fine, s.id, s.nome, s.dati ->> 'comune' as comune,
           row_number() over (partition by fine, s.id order by s.il desc, s.ordine desc) as dalla_fine
    from mese join storia as s on s.nome in ('famiglie/presa-in-carico', 'famiglie/conclusione') and s.il <= fine
) where dalla_fine = 1 and nome = 'famiglie/presa-in-carico';

-- Chi è stato in una coabitazione, da quando a quando; e da quando vi hanno convissuto in due.
create view presenza as
select id as coabitazione, dati ->> 'ospitante' as persona, il as dal, '9' as al
from storia where nome = 'coabitazioni/avvio' and dati ->> 'ospitante' is not null
union all
select e.id, e.dati ->> 'persona', e.il, coalesce((
    select min(u.il) from storia as u
    where u.nome = 'coabitazioni/uscita' and u.id = e.id and u.dati ->> 'persona' = e.dati ->> 'persona' and u.il >= e.il
), '9')
from storia as e where e.nome = 'coabitazioni/ingresso';

create view convivenza as
select a.coabitazione, min(max(a.dal, b.dal)) as il
from presenza as a
join presenza as b on b.coabitazione = a.coabitazione and b.persona > a.persona
where max(a.dal, b.dal) < min(a.al, b.al)
group by a.coabitazione;

insert into cifra
-- Famiglie distinte con almeno una garanzia concessa; per comune, in quello in cui stavano alla prima.
select 'CA01' as codice, fine, '' as comune, '' as chiave, count(distinct s.dati ->> 'famiglia') as valore
from mese join storia as s on s.nome = 'garanzie/concessione' and s.il <= fine
group by fine
union all
select 'CA01.comune', fine, r.comune, '', count(*)
from mese
join (select dati ->> 'famiglia' as famiglia, min(il) as il from storia where nome = 'garanzie/concessione' group by 1)
    as s on s.il <= fine
join residenza as r on r.famiglia = s.famiglia and s.il >= r.dal and s.il < r.al
group by fine, r.comune
union all
-- Coabitazioni in cui hanno convissuto almeno due persone.
select 'CA02', fine, a.dati ->> 'comune', '', count(*)
from mese join convivenza as c on c.il <= fine
join storia as a on a.id = c.coabitazione and a.nome = 'coabitazioni/avvio'
group by fine, 3
union all
-- Condomini che hanno avuto un custode.
select 'CA03', fine, a.dati ->> 'comune', '', count(distinct a.id)
from mese join storia as c on c.nome = 'condomini/incarico-custode' and c.il <= fine
join storia as a on a.id = c.id and a.nome = 'condomini/avvio'
group by fine, 3
union all
-- Alloggi distinti messi a disposizione, meno quelli che la famiglia abitava già.
select 'CA04', fine, a.dati ->> 'comune', '', count(distinct a.id)
from mese join storia as a on a.nome = 'alloggi/disponibilita' and a.il <= fine
where not exists (
    select 1 from storia as t
    where t.id = a.id and t.nome = 'alloggi/assegnazione' and t.il <= fine and t.dati ->> 'titolo' = 'locazione_in_corso'
)
group by fine, 3
union all
-- Adesioni in corso, per tipo: sottoscritte e non ancora cessate.
select 'CA05', fine, s.dati ->> 'comune', s.dati ->> 'tipo', count(*)
from mese join storia as s on s.nome = 'adesioni/sottoscrizione' and s.il <= fine
where not exists (
    select 1 from storia as c
    where c.id = s.id and c.nome = 'adesioni/cessazione' and c.il <= fine and c.ordine > s.ordine
)
group by fine, 3, 4
union all
-- Ciò che le famiglie in carico devono ancora.
select 'CA06', c.fine, c.comune, '', sum(
    case s.nome when 'famiglie/rilievo-morosita' then 1 else -1 end * (s.dati ->> 'importo_centesimi'))
from in_carico as c
join storia as s on s.id = c.famiglia and s.il <= c.fine
                and s.nome in ('famiglie/rilievo-morosita', 'famiglie/morosita-sanata')
group by c.fine, c.comune
union all
select 'in_carico', fine, comune, '', count(*) from in_carico group by fine, comune
union all
-- Famiglie che hanno subito uno sfratto, e sfratti secondo l'esito.
select 'CA07', fine, r.comune, '', count(distinct s.id)
from mese join storia as s on s.nome = 'famiglie/sfratto-eseguito' and s.il <= fine
join residenza as r on r.famiglia = s.id and s.il >= r.dal and s.il < r.al
group by fine, r.comune
union all
select 'CA08', fine, r.comune,
       case s.nome when 'famiglie/sfratto-eseguito' then 'eseguiti' else 'prevenuti' end, count(*)
from mese join storia as s on s.nome in ('famiglie/sfratto-eseguito', 'famiglie/sfratto-prevenuto') and s.il <= fine
join residenza as r on r.famiglia = s.id and s.il >= r.dal and s.il < r.al
group by fine, r.comune, 4
union all
-- Uno sfratto è aperto se, dopo che è stato intimato, non è arrivato un esito.
select 'CA08', fine, r.comune, 'aperti', count(*)
from mese join storia as s on s.nome = 'famiglie/sfratto-intimato' and s.il <= fine
join residenza as r on r.famiglia = s.id and s.il >= r.dal and s.il < r.al
where not exists (
    select 1 from storia as e
    where e.id = s.id and e.nome in ('famiglie/sfratto-eseguito', 'famiglie/sfratto-prevenuto')
      and e.ordine > s.ordine and e.il <= fine
)
group by fine, r.comune
union all
-- Escusso, recuperato e massimali: CA09 è (escusso - recuperato) / massimali.
select 'CA09', fine, '', substr(s.nome, 10), sum(coalesce(s.dati ->> 'massimale_centesimi', s.dati ->> 'importo_centesimi'))
from mese join storia as s on s.nome in ('garanzie/concessione', 'garanzie/escussione', 'garanzie/recupero') and s.il <= fine
group by fine, s.nome
union all
select 'CA09.comune', fine, r.comune, substr(s.nome, 10),
       sum(coalesce(s.dati ->> 'massimale_centesimi', s.dati ->> 'importo_centesimi'))
from mese join storia as s on s.nome in ('garanzie/concessione', 'garanzie/escussione', 'garanzie/recupero') and s.il <= fine
join storia as g on g.id = s.id and g.nome = 'garanzie/concessione'
join residenza as r on r.famiglia = g.dati ->> 'famiglia' and s.il >= r.dal and s.il < r.al
group by fine, r.comune, s.nome
union all
-- Attività condominiali, secondo chi le ha promosse.
select 'CA10', fine, a.dati ->> 'comune', s.dati ->> 'promossa_da', count(*)
from mese join storia as s on s.nome = 'condomini/attivita' and s.il <= fine
join storia as a on a.id = s.id and a.nome = 'condomini/avvio'
group by fine, 3, 4
union all
-- Il Fondo: versato da chi; impegnato, cioè ciò che resta dei massimali non ancora svincolati; garanzie attive.
select 'fondo', fine, '', 'versato ' || (s.dati ->> 'da'), sum(s.dati ->> 'importo_centesimi')
from mese join storia as s on s.linea = 'casa' and s.nome = 'fondi/versamento' and s.il <= fine
group by fine, 4
union all
select 'fondo', fine, '', 'impegnato', sum((g.dati ->> 'massimale_centesimi') - coalesce((
    select sum(e.dati ->> 'importo_centesimi') from storia as e
    where e.id = g.id and e.nome = 'garanzie/escussione' and e.il <= fine
), 0))
from mese join storia as g on g.nome = 'garanzie/concessione' and g.il <= fine
where not exists (select 1 from storia as v where v.id = g.id and v.nome = 'garanzie/svincolo' and v.il <= fine)
group by fine
union all
select 'fondo', fine, '', 'garanzie attive', count(*)
from mese join storia as g on g.nome = 'garanzie/concessione' and g.il <= fine
where not exists (select 1 from storia as v where v.id = g.id and v.nome = 'garanzie/svincolo' and v.il <= fine)
group by fine;
