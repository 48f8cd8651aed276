-- Who is signed in to the pages. `id` is the SHA-256 of what the browser's cookie holds: who reads this table cannot
-- enter with it. `sealed`: the identity provider's tokens, encrypted with a key made of the cookie, never stored.
-- `checked_at`: when the provider last confirmed the roles; `checking_at`: when somebody last began to ask it.
create table session (
    id          bytea primary key,
    principal   jsonb not null,
    form_token  text not null,
    sealed      text not null,
    made_at     timestamptz not null default now(),
    seen_at     timestamptz not null default now(),
    checked_at  timestamptz not null default now(),
    checking_at timestamptz
);
create index session_by_age on session (made_at);
