#!/bin/sh
# As the official image: KAFKA_A_B is the property a.b, `__` is _ and `___` is -; the data directory is formatted once,
# with CLUSTER_ID.
set -eu
properties=/tmp/server.properties data=/var/lib/kafka/data
echo "log.dirs=$data" > "$properties"
env | sed -n 's/^KAFKA_\([A-Za-z0-9_]*\)=/\1=/p' | while IFS='=' read -r name value; do
  echo "$(echo "$name" | tr 'A-Z' 'a-z' | sed 's/___/-/g; s/__/\n/g; s/_/./g; s/\n/_/g')=$value" >> "$properties"
done
export CLASSPATH='/opt/kafka/libs/*'
java="java -Xms256m -Xmx512m -XX:+UseSerialGC -Dlog4j2.configurationFile=/opt/kafka/log4j2.xml"
test -e "$data/meta.properties" || $java kafka.tools.StorageTool format --cluster-id "$CLUSTER_ID" --config "$properties"
exec $java kafka.Kafka "$properties"
