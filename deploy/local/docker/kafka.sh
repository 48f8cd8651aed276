#!/bin/sh
# As the official image: KAFKA_A_B is the property a.b; the data directory is formatted once, with CLUSTER_ID.
set -eu
properties=/var/lib/kafka/server.properties data=/var/lib/kafka/data
echo "log.dirs=$data" > "$properties"
env | sed -n 's/^KAFKA_\([A-Z0-9_]*\)=/\1=/p' | while IFS='=' read -r name value; do
  echo "$(echo "$name" | tr 'A-Z_' 'a-z.')=$value" >> "$properties"
done
export CLASSPATH='/opt/kafka/libs/*'
java="java -Xms256m -Xmx512m -XX:+UseSerialGC -Dlog4j2.configurationFile=/opt/kafka/log4j2.xml"
test -e "$data/meta.properties" || $java kafka.tools.StorageTool format --cluster-id "$CLUSTER_ID" --config "$properties"
exec $java kafka.Kafka "$properties"
