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
if ! test -e postgres_password; then
  od -An -N24 -tx1 /dev/urandom | tr -d ' \n' > postgres_password
  printf 'postgresql://%s:%s@postgres:5432/%s' "$servizio" "$(cat postgres_password)" "$servizio" > database
  chmod 644 postgres_password database
  echo "fatti: $riservato/segreti/postgres_password e database"
fi
for consegnato in kafka_password kafka_ca.pem; do
  test -e "$consegnato" || echo "da mettere in $riservato/segreti: $consegnato, che consegna il distretto (chmod 644)"
done
