#!/bin/sh
# As the official image: made once, with POSTGRES_PASSWORD (or …_FILE), POSTGRES_USER, POSTGRES_DB; open to every
# address; what follows are the server's options.
set -eu
data=/var/lib/postgresql/data user=${POSTGRES_USER:-postgres}
test "${1:-}" = postgres && shift
if ! test -e "$data/PG_VERSION"; then
  test -z "${POSTGRES_PASSWORD_FILE:-}" || POSTGRES_PASSWORD=$(cat "$POSTGRES_PASSWORD_FILE")
  echo "$POSTGRES_PASSWORD" > /tmp/password
  initdb --username="$user" --pwfile=/tmp/password --auth-local=trust --auth-host=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 --no-sync \
    --pgdata="$data"
  rm /tmp/password
  echo 'host all all all scram-sha-256' >> "$data/pg_hba.conf"
  test -z "${POSTGRES_DB:-}" || echo "create database \"$POSTGRES_DB\"" | postgres --single -D "$data" postgres
fi
exec postgres -D "$data" -c listen_addresses='*' -c unix_socket_directories=/tmp "$@"
