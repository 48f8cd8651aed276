-- Le cifre della rete intera: RE05-RE08. Gli invii vi aggiungono i loro soggetti (RE05) e le loro cifre (RE01-RE04).

-- Chi ha ospitato o coprogettato, di che tipo è, dove. Di incontri e coprogettazioni si sa solo di che tipo era chi
-- c'era («presenti», «con»), non chi: fra gli enti distinti non si possono contare.
create table soggetto_attivo as
select t.il, s.aderente as ente, s.comune, case s.tipo when 'azienda' then 'aziende' else 'altri' end as tipo
from storia as t join sede as s on s.aderente = t.dati ->> 'aderente' and t.il >= s.dal and t.il < s.al
where t.nome = 'tirocini/attivazione'
union all
select l.il, e.value, l.dati ->> 'comune', case
    when e.value like 'comune-%' then 'comuni'
    when e.value like 'scuola-%' then 'scuole'
    when e.value like 'parrocchia-%' then 'parrocchie'
    when e.value like 'consorzio-%' or e.value like 'cooperativa-%' or e.value like 'ama-%' then 'privato sociale'
    else 'altri'
end
from storia as l, json_each(coalesce(l.dati ->> 'enti', '[]')) as e where l.nome = 'laboratori/coprogettazione';

create view semestre as
select fine, substr(fine, 1, 4) || case when substr(fine, 6, 2) <= '06' then '-01-01' else '-07-01' end as dal from mese;

-- Chi dà una mano: offre aiuto, o dà minuti in uno scambio.
create view mano as
select s.dati ->> 'persona' as persona, coalesce(s.dati ->> 'comune', '') as comune, s.il
from storia as s where s.nome = 'aiuti/offerta' and s.dati ->> 'persona' is not null
union all
select persona, comune, il from scambio where dato > 0;

insert into cifra
-- Enti distinti, nel comune della loro prima attività: dall'avvio, e nel semestre fino a quel giorno.
select 'RE05', fine, comune, tipo, count(*)
from mese join (
    select il, comune, tipo, row_number() over (partition by ente order by il, comune) as dalla_prima from soggetto_attivo
) as a on a.dalla_prima = 1 and a.il <= fine
group by fine, comune, tipo
union all
select 'RE05.semestre', fine, comune, tipo, count(*) from (
    select s.fine, a.comune, a.tipo, row_number() over (partition by s.fine, a.ente order by a.il, a.comune) as dalla_prima
    from semestre as s join soggetto_attivo as a on a.il between s.dal and s.fine
) where dalla_prima = 1
group by fine, comune, tipo
union all
-- Incontri di rete e di coprogettazione, di tutte le linee; insieme: enti locali, privato sociale e cittadini. Una
-- coprogettazione dice «ente» e non quale: che fossero insieme non vi si può leggere, ed è nel totale come «non rilevato».
select 'RE06', fine, '', case
    when s.nome = 'coprogettazioni/registrazione' then 'non rilevati'
    when (
        select count(distinct p.value) from json_each(s.dati ->> 'presenti') as p
        where p.value in ('ente_locale', 'privato_sociale', 'cittadini')
    ) = 3 then 'insieme'
    else 'non insieme'
end, count(*)
from mese join storia as s on s.nome in ('incontri-di-rete/registrazione', 'coprogettazioni/registrazione') and s.il <= fine
group by fine, 4
union all
select 'RE07', fine, comune, '', count(*)
from mese join (
    select il, comune, row_number() over (partition by persona order by il, comune) as dalla_prima from mano
) as m on m.dalla_prima = 1 and m.il <= fine
group by fine, comune
union all
-- Versato in tutti i fondi, secondo da chi.
select 'RE08', fine, '', s.dati ->> 'da', sum(s.dati ->> 'importo_centesimi')
from mese join storia as s on s.nome = 'fondi/versamento' and s.il <= fine
group by fine, 4;
