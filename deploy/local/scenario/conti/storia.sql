-- Il calcolo indipendente: ogni cifra è una domanda sull'intera storia, alla fine di ogni mese.
-- Tabelle di partenza: fatto, rettifica (dati null: annullato), mese. Le cifre vanno nella tabella `cifra`: da qui in poi
-- un file per linea, e infine `rete.sql` per ciò che le linee fanno insieme.

-- La storia come doveva essere: di ogni fatto rettificato vale l'ultima rettifica.
create table storia as
select f.linea, f.ordine, f.nome, f.id, f.dati, f.dati ->> 'avvenuto_il' as il
from fatto as f
where not exists (select 1 from rettifica as r where r.evento = f.evento)
union all
select f.linea, f.ordine, f.nome, f.id, r.dati, r.dati ->> 'avvenuto_il'
from fatto as f
join rettifica as r on r.evento = f.evento
where r.dati is not null
  and r.ordine = (select max(ordine) from rettifica as altra where altra.evento = f.evento);
create index storia_per_nome on storia (nome, il);
create index storia_per_id on storia (id, nome, il);

-- Chi conta una volta sola (una persona, un ente) conta nel comune del mese in cui comincia: le cifre sono mensili, e fra
-- più comuni dello stesso mese vale quello di codice minore (uno che si sa prima di uno che non si sa). Così i comuni
-- sommano al distretto.
create table cifra (codice text, fine text, comune text, chiave text, valore integer);

-- Chi conduce ogni linea: l'assegnazione della demo, un esempio.
create table gestore (linea text, ente text);
insert into gestore values
('casa', 'consorzio-tenda'), ('lavoro', 'cooperativa-la-sorgente'),
('giovani', 'cooperativa-la-nuvola-del-sacco'), ('punti', 'ama-brescia');

create view semestre as
select fine, substr(fine, 1, 4) || case when substr(fine, 6, 2) <= '06' then '-01-01' else '-07-01' end as dal from mese;
