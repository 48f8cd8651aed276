"""The manifests: complete, closed, with the names of the service; Strimzi's resources as manifest and district say.

`kubernetes-validate` (PyPI), where it is installed, checks them against Kubernetes' own schemas.
"""

from string import Template
from typing import Any

import pytest
import yaml
from bundle import strimzi
from bundle.assemble import SERVICES
from telaio.district import District
from telaio.settings import Settings

from .composing import DEPLOY

TEMPLATE = Template((DEPLOY / "kubernetes/servizio.yaml").read_text())
KINDS = {"ConfigMap", "Deployment", "Service", "PodDisruptionBudget", "NetworkPolicy"}
KAFKA = list(yaml.safe_load_all(strimzi.FILE.read_text()))


def _resources(service: str) -> dict[str, Any]:
    text = TEMPLATE.substitute(SERVIZIO=service, VERSIONE="0.1.0", PARTNER="consorzio-tenda")
    return {found["kind"]: found for found in yaml.safe_load_all(text)}


@pytest.mark.parametrize("service", SERVICES)
def test_every_resource_is_there_and_bears_the_services_name(service: str) -> None:
    found = _resources(service)
    assert set(found) == KINDS
    assert {one["metadata"]["name"] for one in found.values()} == {service}


def test_every_selector_finds_the_pods() -> None:
    found = _resources("casa")
    pods = found["Deployment"]["spec"]["template"]["metadata"]["labels"].items()
    selectors = [found["Service"]["spec"]["selector"], found["NetworkPolicy"]["spec"]["podSelector"]["matchLabels"]]
    selectors += [found[kind]["spec"]["selector"]["matchLabels"] for kind in ("Deployment", "PodDisruptionBudget")]
    assert all(selector.items() <= pods for selector in selectors)


def test_containers_are_closed_probed_and_bounded() -> None:
    pod = _resources("casa")["Deployment"]["spec"]["template"]["spec"]
    assert pod["securityContext"]["runAsNonRoot"]
    assert not pod["automountServiceAccountToken"]
    for container in [*pod["initContainers"], *pod["containers"]]:
        assert container["securityContext"]["readOnlyRootFilesystem"]
        assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
        assert not container["securityContext"]["allowPrivilegeEscalation"]
        assert container["resources"]["limits"]["memory"]
    probes = {name: probe["httpGet"]["path"] for name, probe in pod["containers"][0].items() if name.endswith("Probe")}
    assert probes["livenessProbe"] == probes["startupProbe"] == "/health/live"
    assert probes["readinessProbe"] == "/health/ready"


def test_its_settings_are_those_the_service_knows_and_secrets_are_files() -> None:
    found = _resources("casa")
    container = found["Deployment"]["spec"]["template"]["spec"]["containers"][0]
    mounted = {one["mountPath"] for one in container["volumeMounts"]}
    for entry in container["env"]:
        if entry["name"].endswith("_FILE"):
            assert entry["value"].rpartition("/")[0] in mounted
    known = {f"GENERA_{name.upper()}" for name in Settings.model_fields}
    names = {*found["ConfigMap"]["data"], *(entry["name"] for entry in container["env"])}
    assert {name.removesuffix("_FILE") if name not in known else name for name in names} <= known
    assert not [name for name in found["ConfigMap"]["data"] if "PASSWORD" in name or "DATABASE" in name]


@pytest.mark.parametrize("service", SERVICES)
def test_kubernetes_accepts_the_manifests(service: str) -> None:
    validate = pytest.importorskip("kubernetes_validate", reason="needs kubernetes-validate")
    for resource in _resources(service).values():
        validate.validate(resource, "1.33", strict=True)


def test_strimzis_resources_are_up_to_date() -> None:
    assert strimzi.FILE.read_text() == strimzi.text(District.load(None)), "make deploy-files"


def test_a_user_writes_its_own_topics_alone() -> None:
    topics = {one["metadata"]["name"] for one in KAFKA if one["kind"] == "KafkaTopic"}
    written: list[str] = []
    for user in (one for one in KAFKA if one["kind"] == "KafkaUser"):
        acls = user["spec"]["authorization"]["acls"]
        mine = [acl["resource"]["name"] for acl in acls if "Write" in acl["operations"]]
        assert all(name.startswith(user["metadata"]["name"] + ".") for name in mine)
        assert {acl["resource"]["name"] for acl in acls if acl["resource"]["type"] == "topic"} <= topics
        written += mine
    assert sorted(written) == sorted(topics)
