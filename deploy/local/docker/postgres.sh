#!/bin/sh
# As the official image: made once, with POSTGRES_PASSWORD; open to every address; what follows are the server's options.
set -eu
data=/var/lib/postgresql/data
if ! test -e "$data/PG_VERSION"; then
  echo "$POSTGRES_PASSWORD" > /tmp/password
  initdb --username=postgres --pwfile=/tmp/password --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 --no-sync \
    --pgdata="$data"
  rm /tmp/password
  echo 'host all all all scram-sha-256' >> "$data/pg_hba.conf"
fi
exec postgres -D "$data" -c listen_addresses='*' -c unix_socket_directories=/tmp "$@"
