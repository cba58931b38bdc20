"""The manifests of deploy/kubernetes are what Kubernetes takes, and agree with the image, the guide and commands."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.kubernetes import ManifestError, check
from watcher.cli.app import app
from watcher.runtime.running import STOP_SECONDS
from watcher.store.cluster.secrets import VARIABLE

ROOT = Path(__file__).parents[1]
MANIFESTS: list[dict[str, Any]] = [
    manifest
    for file in sorted((ROOT / "deploy" / "kubernetes").glob("*.yaml"))
    for manifest in yaml.safe_load_all(file.read_text(encoding="utf-8"))
]
PODS: dict[str, dict[str, Any]] = {
    each["metadata"]["labels"]["app.kubernetes.io/component"]: each["spec"]["template"]["spec"]
    for each in MANIFESTS
    if "template" in each["spec"]
}
CONTAINERS: dict[str, dict[str, Any]] = {
    container["name"]: container
    for pod in PODS.values()
    for container in (*pod.get("initContainers", ()), *pod["containers"])
}
LASTING = ("server", "worker")
GUIDE = (ROOT / "docs" / "cluster.md").read_text(encoding="utf-8")
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.cluster.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda each: f"{each['kind']} {each['metadata']}")
def test_kubernetes_knows_all_that_a_manifest_says(manifest: dict[str, Any]) -> None:
    check(manifest)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"replicas": "2"}, "Expected `int"),
        ({"replica": 2}, r"nobody knows \$.spec.replica"),
        ({"selector": None}, "Expected `object`"),
        ({"template": {"spec": {"containers": [{"image": "a"}]}}}, "missing required field `name`"),
        ({"template": {"spec": {"containers": [{"name": "a", "prots": []}]}}}, r"containers\[0\].prots"),
    ],
    ids=["of another type", "not known", "empty", "missing", "not known within a list"],
)
def test_what_is_wrong_in_a_manifest_is_found(change: dict[str, Any], said: str) -> None:
    spec: dict[str, Any] = {"selector": {}, "template": {}}
    with pytest.raises(ManifestError, match=said):
        check({"apiVersion": "apps/v1", "kind": "Deployment", "spec": {**spec, **change}})


@pytest.mark.parametrize("container", CONTAINERS.values(), ids=CONTAINERS)
def test_a_container_is_of_the_image_and_runs_a_command_with_its_own_settings(container: dict[str, Any]) -> None:
    first, *rest = container["args"]
    command = app.commands[first]
    known = {str(parameter.envvar) for parameter in command.params if parameter.envvar}
    assert rest == ([] if first != "database" else ["upgrade"])
    assert {each["name"] for each in container.get("env", ())} - known == set()
    assert container["image"].rpartition("/")[2] == COMPOSE["services"]["worker"]["image"]
    assert {container["image"]} == set(re.findall(r"\bregistry\.example\.org/\S+:\S+", GUIDE))


@pytest.mark.parametrize("name", PODS)
def test_a_pod_can_do_little(name: str) -> None:
    pod, (uid,) = PODS[name], re.findall(r"useradd --uid (\d+)", DOCKERFILE)
    assert pod["securityContext"]["runAsNonRoot"]
    assert pod["securityContext"]["runAsUser"] == pod["securityContext"]["fsGroup"] == int(uid)
    assert not pod["automountServiceAccountToken"]
    assert not pod["enableServiceLinks"], "it would set WATCHER_PORT"
    for container in (*pod.get("initContainers", ()), *pod["containers"]):
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }


@pytest.mark.parametrize("name", PODS)
def test_what_is_mounted_is_there_and_is_where_the_image_looks(name: str) -> None:
    pod, places = PODS[name], dict(re.findall(r"(WATCHER_(?:DATA|CONFIG))=(\S+)", DOCKERFILE))
    volumes = {volume["name"] for volume in pod["volumes"]}
    for container in (*pod.get("initContainers", ()), *pod["containers"]):
        mounts = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
        assert mounts.keys() <= volumes
        assert mounts["data"] == places["WATCHER_DATA"]
        assert mounts.get("watches", "/etc/watcher") == str(Path(places["WATCHER_CONFIG"]).parent)


@pytest.mark.parametrize("name", LASTING)
def test_probes_ask_where_the_health_is_shown(name: str) -> None:
    (container,) = PODS[name]["containers"]
    (health,) = [each["value"] for each in container["env"] if each["name"] == "WATCHER_HEALTH"]
    ports = {port["name"]: port["containerPort"] for port in container["ports"]}
    assert health == f"0.0.0.0:{ports['health']}"
    probes = {probe: container[f"{probe}Probe"]["httpGet"] for probe in ("startup", "liveness", "readiness")}
    assert {probe["port"] for probe in probes.values()} == {"health"}
    assert [probes[each]["path"] for each in ("startup", "liveness", "readiness")] == [
        "/healthz",
        "/healthz",
        "/readyz",
    ]


@pytest.mark.parametrize("name", LASTING)
def test_a_pod_is_given_the_time_that_a_stop_may_take(name: str) -> None:
    (container,) = PODS[name]["containers"]
    before = container.get("lifecycle", {"preStop": {"sleep": {"seconds": 0}}})["preStop"]["sleep"]["seconds"]
    assert PODS[name]["terminationGracePeriodSeconds"] - before > 2 * STOP_SECONDS


def test_a_selector_finds_the_pods_that_it_is_for() -> None:
    labels = {name: {"app.kubernetes.io/name": "watcher", "app.kubernetes.io/component": name} for name in LASTING}
    for manifest in MANIFESTS:
        selector = manifest["spec"].get("selector")
        if selector is not None:
            assert selector.get("matchLabels", selector) == labels[manifest["metadata"]["name"].rpartition("-")[2]]


def test_secrets_come_from_the_secrets_that_the_guide_makes() -> None:
    named = {
        source["secretRef"]["name"] for container in CONTAINERS.values() for source in container.get("envFrom", ())
    }
    lines = GUIDE.replace("\\\n", " ").splitlines()
    made = [match for line in lines if (match := re.match(r"kubectl create secret generic (\S+)(.*)", line))]
    assert {match[1] for match in made} == named
    settings = [
        name for match in made if match[1] == "watcher" for name in re.findall(r"--from-literal=(\w+)=", match[2])
    ]
    assert settings == ["WATCHER_DATABASE", VARIABLE]
    assert not any(setting in str(MANIFESTS) for setting in settings)


def test_the_watches_are_the_config_map_that_the_guide_makes() -> None:
    (volume,) = [volume for volume in PODS["apply"]["volumes"] if "configMap" in volume]
    assert f"kubectl create configmap {volume['configMap']['name']} --from-file=watches.yaml" in GUIDE


def test_each_file_is_used_by_the_guide() -> None:
    assert set(re.findall(r"--filename deploy/kubernetes/(\S+)", GUIDE)) == {
        file.name for file in (ROOT / "deploy" / "kubernetes").iterdir()
    }
