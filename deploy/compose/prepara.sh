#!/bin/sh
# Fa la cartella riservata del servizio: password scelte a caso e posto per i salvataggi. Ciò che c'è già resta com'è.
#   sh prepara.sh                        (il servizio è quello di SERVIZIO nel file .env)
set -eu
cd "$(dirname "$0")"
test -e .env || { echo "manca il file .env: copiare .env.example e completarlo"; exit 1; }
servizio=$(sed -n 's/^SERVIZIO=//p' .env)
riservato=$(sed -n 's/^RISERVATO=//p' .env)
riservato=${riservato:-./riservato}
# In questa cartella entra solo chi l'ha fatta (e Docker). I file dentro si leggono dai container, che non sono root.
mkdir -p "$riservato" && chmod 700 "$riservato"
mkdir -p "$riservato/segreti" "$riservato/salvataggi" && chmod 777 "$riservato/salvataggi"
cd "$riservato/segreti"
caso() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }
indirizzo() { printf 'postgresql://%s:%s@postgres:5432/%s' "$1" "$2" "$servizio"; }
if ! test -e postgres_password; then
  caso > postgres_password
  indirizzo "$servizio" "$(cat postgres_password)" > database
  # Il cruscotto fa e disfa i propri schemi, e lavora come proprietario; gli altri con un utente che non cambia le tabelle.
  if test "$servizio" = cruscotto; then cp database database_servizio
  else indirizzo "${servizio}_servizio" "$(caso)" > database_servizio; fi
  chmod 644 postgres_password database database_servizio
  echo "fatti: $riservato/segreti/postgres_password, database e database_servizio"
fi
for consegnato in kafka_password kafka_ca.pem; do
  test -e "$consegnato" || echo "da mettere in $riservato/segreti: $consegnato, che consegna il distretto (chmod 644)"
done
