-- Of which release the tables of a generation are: a fingerprint of the SQL that made them; null before it was noted.
alter table generation add column shape text;
