FROM genera/debian:locale
RUN apt-get update -qq \
 && apt-get install -y -qq --no-install-recommends default-jre-headless >/dev/null \
 && rm -rf /var/lib/apt/lists/*
COPY jars /opt/kafka/libs
COPY log4j2.xml /opt/kafka/log4j2.xml
COPY kafka.sh /usr/local/bin/kafka
COPY kafka-tool.sh /opt/kafka/bin/kafka-configs.sh
RUN ln -s kafka-configs.sh /opt/kafka/bin/kafka-acls.sh && ln -s kafka-configs.sh /opt/kafka/bin/kafka-broker-api-versions.sh
RUN useradd --system kafka && install -d -o kafka /var/lib/kafka /var/lib/kafka/data
USER kafka
EXPOSE 9092
ENTRYPOINT ["kafka"]
