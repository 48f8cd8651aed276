-- Le cifre degli invii: RE01, RE02, RE04. (RE03, una mediana con chi ancora aspetta, è in `attese.py`.)
-- Nel copione chi accetta è confermato il giorno stesso, e ogni persona è inviata con il suo pseudonimo.

create table invio (id text, il text, da text, comune text, persona text, segue text);
create index invio_per_persona on invio (persona);
insert into invio
select s.id, s.il, s.linea as da, s.dati ->> 'comune' as comune, s.dati ->> 'persona' as persona, s.dati ->> 'segue' as segue
from storia as s where s.nome = 'invii/richiesta';

create table catena as
with recursive su (id, radice) as (
    select id, id from invio where segue is null
    union all
    select i.id, su.radice from invio as i join su on i.segue = su.id
)
select su.id, su.radice, i.il, i.comune from su join invio as i on i.id = su.id;

create view passo_di_invio as
select id, il, linea, nome, dati from storia where nome like 'invii/%' or nome like 'invii-ricevuti/%';

-- Quando un invio è finito: concluso, non riuscito, fermato da chi riceve; o annullato da chi invia prima che accettino.
create table fine_di_invio as
select id, min(il) as il from passo_di_invio
where nome in ('invii-ricevuti/conclusione', 'invii-ricevuti/non-riuscita', 'invii-ricevuti/annullamento')
group by id
union all
select a.id, a.il from passo_di_invio as a
where a.nome = 'invii/annullamento'
  and not exists (select 1 from passo_di_invio as r where r.id = a.id and r.nome = 'invii-ricevuti/accettazione');

-- L'ultimo invio di ogni catena alla fine di ogni mese, e il comune e il giorno del primo.
create table ultimo_invio as
select m.fine, c.radice, prima.comune, prima.il as chiesta_il, c.id from mese as m
join catena as c on c.il <= m.fine
join catena as prima on prima.id = c.radice
where not exists (
    select 1 from catena as poi where poi.radice = c.radice and poi.il <= m.fine
    and exists (select 1 from invio as i where i.id = poi.id and i.segue = c.id));

-- Gli enti che vi hanno messo mano (RE05): chi chiede e chi risponde; chi accetta è confermato da chi ha chiesto, e chi
-- apre una scheda da un invio comincia a lavorarci. Un comune risponde a nome suo.
create table attivo_negli_invii as
select p.il, g.ente from passo_di_invio as p join gestore as g on g.linea = p.linea where p.nome like 'invii/%'
union all
select p.il, coalesce(substr(r.dati ->> 'da', instr(r.dati ->> 'da', '/') + 1), g.ente)
from passo_di_invio as p join gestore as g on g.linea = p.linea
left join passo_di_invio as r on r.id = p.id and r.nome in ('invii-ricevuti/accettazione', 'invii-ricevuti/rifiuto')
where p.nome like 'invii-ricevuti/%'
union all
select a.il, g.ente from passo_di_invio as a join invio as i on i.id = a.id join gestore as g on g.linea = i.da
where a.nome = 'invii-ricevuti/accettazione'
union all
select s.il, g.ente from storia as s join gestore as g on g.linea = s.linea
where s.dati ->> 'invio' is not null;

-- Chi segue una persona, e da quando.
create table seguita (persona text, linea text, il text);
create index seguita_per_persona on seguita (persona, linea, il);
insert into seguita
select json_each.value as persona, 'casa' as linea, il from storia, json_each(dati ->> 'componenti')
where nome = 'famiglie/presa-in-carico'
union all
select dati ->> 'persona', 'lavoro', il from storia where nome = 'candidati/presa-in-carico'
union all
select dati ->> 'persona', 'giovani', il from storia where nome = 'laboratori/iscrizione'
union all
select dati ->> 'persona', 'punti', il from storia where nome = 'ascolti/richiesta' and dati ->> 'persona' is not null;

create table piu_linee as
select m.fine, s.persona from mese as m join seguita as s on s.il <= m.fine
group by m.fine, s.persona having count(distinct s.linea) >= 2;

insert into cifra
select 'RE01', u.fine, u.comune, case when f.id is not null then 'con_esito' else 'senza' end, count(*)
from ultimo_invio as u left join fine_di_invio as f on f.id = u.id and f.il <= u.fine
where u.chiesta_il < date(u.fine, '-30 days')
group by u.fine, u.comune, 4
union all
-- Di un semestre, le catene chieste in quel semestre.
select 'RE01.semestre', u.fine, u.comune, case when f.id is not null then 'con_esito' else 'senza' end, count(*)
from ultimo_invio as u join semestre as s on s.fine = u.fine left join fine_di_invio as f on f.id = u.id and f.il <= u.fine
where u.chiesta_il < date(u.fine, '-30 days') and u.chiesta_il >= s.dal
group by u.fine, u.comune, 4
union all
select 'RE02', u.fine, u.comune, p.dati ->> 'esito', count(*)
from ultimo_invio as u
join passo_di_invio as p on p.id = u.id and p.nome = 'invii-ricevuti/conclusione' and p.il <= u.fine
group by u.fine, u.comune, 4
union all
select 'RE04', p.fine, '', case when exists (
    select 1 from invio as i
    join passo_di_invio as a on a.id = i.id and a.nome = 'invii-ricevuti/accettazione' and a.il <= p.fine
    where i.persona = p.persona and i.da <> a.linea
      and exists (select 1 from seguita as s where s.persona = p.persona and s.linea = i.da and s.il <= p.fine)
      and exists (select 1 from seguita as s where s.persona = p.persona and s.linea = a.linea and s.il <= p.fine)
) then 'collegate' else 'no' end, count(*)
from piu_linee as p group by p.fine, 4;
