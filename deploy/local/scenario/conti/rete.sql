-- Le cifre della rete intera: RE05-RE08. Gli invii vi aggiungono i loro soggetti (RE05) e le loro cifre (RE01-RE04).

-- Chi ha ospitato, coprogettato o tenuto un incontro, e di che tipo è. Di incontri e coprogettazioni si sa chi li tiene,
-- il gestore della linea, e di che tipo erano gli altri («presenti», «con»), non chi: fra i distinti conta chi li tiene.
-- Il comune non lo dicono: è una cifra del distretto.
create table soggetto_attivo as
select t.il, s.aderente as ente, case s.tipo when 'azienda' then 'aziende' else 'altri' end as tipo
from storia as t join sede as s on s.aderente = t.dati ->> 'aderente' and t.il >= s.dal and t.il < s.al
where t.nome = 'tirocini/attivazione'
union all
select il, ente, case
    when ente like 'comune-%' then 'comuni'
    when ente like 'scuola-%' then 'scuole'
    when ente like 'parrocchia-%' then 'parrocchie'
    when ente like 'consorzio-%' or ente like 'cooperativa-%' or ente like 'ama-%' then 'privato sociale'
    else 'altri'
end
from (
    select l.il, e.value as ente from storia as l, json_each(coalesce(l.dati ->> 'enti', '[]')) as e
    where l.nome = 'laboratori/coprogettazione'
    union all
    select s.il, g.ente from storia as s join gestore as g on g.linea = s.linea
    where s.nome in ('incontri-di-rete/registrazione', 'coprogettazioni/registrazione')
    union all
    select il, ente from attivo_negli_invii
);

-- Chi dà una mano: offre aiuto, o dà minuti in uno scambio.
create view mano as
select s.dati ->> 'persona' as persona, coalesce(s.dati ->> 'comune', '') as comune, s.il
from storia as s where s.nome = 'aiuti/offerta' and s.dati ->> 'persona' is not null
union all
select persona, comune, il from scambio where dato > 0;

insert into cifra
-- Enti distinti: dall'avvio, e nel semestre fino a quel giorno.
select 'RE05', fine, '', tipo, count(distinct ente) from mese join soggetto_attivo on il <= fine group by fine, tipo
union all
select 'RE05.semestre', s.fine, '', a.tipo, count(distinct a.ente)
from semestre as s join soggetto_attivo as a on a.il between s.dal and s.fine
group by s.fine, a.tipo
union all
-- Incontri di rete e di coprogettazione, di tutte le linee; insieme: enti locali, privato sociale e cittadini. Una
-- coprogettazione la tiene il gestore, che è del privato sociale: insieme, se con «ente» e con cittadini, anche in reti
-- informali.
select 'RE06', fine, '', case
    when s.nome = 'incontri-di-rete/registrazione' and (
        select count(distinct p.value) from json_each(s.dati ->> 'presenti') as p
        where p.value in ('ente_locale', 'privato_sociale', 'cittadini')
    ) = 3 then 'insieme'
    when s.nome = 'coprogettazioni/registrazione' and (
        select count(distinct case p.value when 'reti_informali' then 'cittadini' else p.value end)
        from json_each(s.dati ->> 'con') as p where p.value in ('ente', 'cittadini', 'reti_informali')
    ) = 2 then 'insieme'
    else 'non insieme'
end, count(*)
from mese join storia as s on s.nome in ('incontri-di-rete/registrazione', 'coprogettazioni/registrazione') and s.il <= fine
group by fine, 4
union all
select 'RE07', fine, comune, '', count(*)
from mese join (
    select il, comune, row_number() over (partition by persona order by substr(il, 1, 7), comune = '', comune) as dalla_prima from mano
) as m on m.dalla_prima = 1 and m.il <= fine
group by fine, comune
union all
-- Versato in tutti i fondi, secondo da chi.
select 'RE08', fine, '', s.dati ->> 'da', sum(s.dati ->> 'importo_centesimi')
from mese join storia as s on s.nome = 'fondi/versamento' and s.il <= fine
group by fine, 4;
