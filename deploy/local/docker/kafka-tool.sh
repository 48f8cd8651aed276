#!/bin/sh
# kafka-configs.sh, kafka-acls.sh, kafka-broker-api-versions.sh, where the official image has them.
case $0 in
  *configs*) class=kafka.admin.ConfigCommand ;;
  *acls*) class=org.apache.kafka.tools.AclCommand ;;
  *) class=org.apache.kafka.tools.BrokerApiVersionsCommand ;;
esac
exec java -Xmx128m -XX:TieredStopAtLevel=1 -cp '/opt/kafka/libs/*' \
  -Dlog4j2.configurationFile=/opt/kafka/log4j2.xml "$class" "$@"
