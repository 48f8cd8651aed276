# A machine with systemd and nothing else, to try what the guides tell root to do.
FROM genera/debian:locale
RUN apt-get update -qq \
 && apt-get install -y -qq --no-install-recommends systemd systemd-sysv dbus curl >/dev/null \
 && rm -rf /var/lib/apt/lists/*
STOPSIGNAL SIGRTMIN+3
ENTRYPOINT ["/sbin/init"]
