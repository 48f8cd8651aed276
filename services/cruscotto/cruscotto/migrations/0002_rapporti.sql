-- The texts of the reports. The journal has their hashes alone; whatever it names stays here as it was.
create table rapporto_testo (
    rapporto text not null,
    sezione  text not null,
    impronta text not null,
    testo    text not null,
    scritto  bigint not null generated always as identity,  -- of one section, the last one written is the draft
    primary key (rapporto, sezione, impronta)
);
