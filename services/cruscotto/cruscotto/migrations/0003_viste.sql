-- What spreadsheets and BI tools may read: the views of the schema `rapporti` (see viste.sql), which are stable. The two
-- tables behind some of them are written by the service: the registry as configured, and the figures of now.
create schema rapporti;

create table registro_indicatore (
    codice       text primary key,
    linea        text not null,
    nome         text not null,
    definizione  text not null,
    unita        text not null,
    tipo         text not null,
    livello      text not null,
    direzione    text not null,
    base         numeric,
    obiettivo    numeric,
    implicito    boolean not null,
    di_distretto boolean not null
);

create table valore_corrente (
    codice       text not null,
    comune       text not null,  -- empty: not known; '*': the whole district
    valore       numeric,
    numeratore   numeric,
    denominatore numeric,
    primary key (codice, comune)
);

create table valori_aggiornati (
    single   boolean primary key default true check (single),
    impronta text not null,
    alle     timestamptz not null
);
