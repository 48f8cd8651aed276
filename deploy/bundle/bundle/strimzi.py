"""Topics and users of the network as resources of Strimzi, from the manifest and the district: `make deploy-files`."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml
from telaio.district import District
from telaio.rights import Rights, rights
from telaio.topics import READABLE_BY_ALL, TopicSpec, manifest

FILE = Path(__file__).parents[2] / "kubernetes" / "strimzi.yaml"
API = "kafka.strimzi.io/v1"
CLUSTER = {"strimzi.io/cluster": "genera"}
REPLICAS = 3
HEAD = """\
# Scritto da `make deploy-files` con il manifesto dei topic e il distretto: si cambiano quelli, non questo file.
# Il cluster si chiama `genera`: tre broker, un listener tls con autenticazione scram-sha-512, authorization simple.
# Vuole `auto.create.topics.enable: false`: un topic non nasce perché qualcuno ne chiede.
# La password di ogni utente la fa Strimzi: è nel Secret con il suo nome, e il distretto la consegna al partner.
"""


def text(district: District) -> str:
    """All resources, one document each."""
    topics = manifest(district.servizi, replicas=REPLICAS)
    resources = [*map(_topic, topics), *map(_user, rights(district))]
    dumped: str = yaml.safe_dump_all(resources, sort_keys=False, allow_unicode=True, width=120)
    return f"{HEAD}---\n{dumped}"


def _topic(spec: TopicSpec) -> dict[str, Any]:
    config = {**spec.configs, **READABLE_BY_ALL, "min.insync.replicas": str(REPLICAS - 1)}
    wanted = {"partitions": spec.partitions, "replicas": spec.replicas, "config": config}
    return _resource("KafkaTopic", spec.name, wanted)


def _user(found: Rights) -> dict[str, Any]:
    acls = [
        *_allowed("topic", found.writes, ["Write", "Describe", "DescribeConfigs"]),
        *_allowed("topic", found.reads, ["Read", "Describe"]),
        *_allowed("group", [found.groups], ["Read"], "prefix"),
    ]
    authorization = {"type": "simple", "acls": acls}
    return _resource(
        "KafkaUser", found.user, {"authentication": {"type": "scram-sha-512"}, "authorization": authorization}
    )


def _allowed(
    kind: str, names: Sequence[str], operations: list[str], pattern: str = "literal"
) -> Iterator[dict[str, Any]]:
    for name in names:
        resource = {"type": kind, "name": name, "patternType": pattern}
        yield {"resource": resource, "operations": list(operations)}


def _resource(kind: str, name: str, spec: dict[str, Any]) -> dict[str, Any]:
    return {"apiVersion": API, "kind": kind, "metadata": {"name": name, "labels": dict(CLUSTER)}, "spec": spec}


if __name__ == "__main__":
    FILE.write_text(text(District.load(None)), encoding="utf-8")
