-- What a generation needs to be served, and what only slows it down while it is being filled.
create index fact_by_type on fact (type, happened_on, id);
-- What counts where another card is, for when that card says it is elsewhere (see luoghi.py).
create index quota_altrove on quota (comune) where comune like '%/%';
create index gate_forked on gate (source, subject) where forked;
-- Whom a card follows, by card: the members of a family.
create index quota_schede on quota (split_part(key, '|', 3)) where measure = 'seguite';
