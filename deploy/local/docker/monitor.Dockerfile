# Prometheus and Alertmanager, Debian's; with the wget that their healthchecks use, as the official images have it.
FROM genera/debian:locale AS both
RUN apt-get update -qq \
 && apt-get install -y -qq --no-install-recommends prometheus prometheus-alertmanager wget >/dev/null \
 && rm -rf /var/lib/apt/lists/* \
 && install -d -o nobody /prometheus /alertmanager
USER nobody

FROM both AS prometheus
ENTRYPOINT ["prometheus"]

FROM both AS alertmanager
ENTRYPOINT ["prometheus-alertmanager"]
