#!/bin/sh
# Gira nel container di Kafka, dalla porta interna: dà a ogni utente la sua password e i suoi permessi, e nulla di più.
# Rifarlo non guasta. Per togliere un partner: kafka-acls.sh --remove …, come dice la guida del distretto.
set -eu
cd /lavoro
bin=/opt/kafka/bin dove="--bootstrap-server 127.0.0.1:9095"
acl() { "$bin/kafka-acls.sh" $dove --add --allow-principal "User:$utente" "$@" >/dev/null; }
while IFS='	' read -r utente scrive legge gruppi; do
  printf 'SCRAM-SHA-512=iterations=8192,password=%s\n' "$(cat "utenti/$utente")" > /tmp/segreto
  "$bin/kafka-configs.sh" $dove --alter --entity-type users --entity-name "$utente" --add-config-file /tmp/segreto >/dev/null </dev/null
  rm /tmp/segreto
  acl --operation Write --operation Describe --operation DescribeConfigs $(echo "$scrive" | sed 's/^/--topic /; s/,/ --topic /g') </dev/null
  acl --operation Read --operation Describe $(echo "$legge" | sed 's/^/--topic /; s/,/ --topic /g') </dev/null
  acl --operation Read --group "$gruppi" --resource-pattern-type prefixed </dev/null
  echo "$utente: scrive $scrive"
done < diritti.tsv
