-- What a generation needs to be served, and what only slows it down while it is being filled.
create index fact_by_type on fact (type, happened_on, id);
create index gate_forked on gate (source, subject) where forked;
