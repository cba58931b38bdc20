"""The Dockerfile, the compose files and the unit say the same, name what there is, and copy what the build needs."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

import watcher
from tests.pythons import supported
from watcher.cli.app import app
from watcher.runtime.diagnosing.database import CONNECTIONS, WORKER_CONNECTIONS
from watcher.store.cluster.secrets import VARIABLE

ROOT = Path(__file__).parents[1]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
CLUSTER: dict[str, Any] = yaml.safe_load((ROOT / "compose.cluster.yaml").read_text(encoding="utf-8"))
CADDYFILE = (ROOT / "deploy" / "Caddyfile").read_text(encoding="utf-8")
UNIT = (ROOT / "deploy" / "watcher.service").read_text(encoding="utf-8")
GUIDE = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
SERVICE = COMPOSE["services"]["watcher"]
INSTRUCTIONS = re.sub(r"\\\n", " ", DOCKERFILE)
ENVIRONMENT = dict(re.findall(r"(WATCHER_\w+)=(\S+)", INSTRUCTIONS))


def test_each_variable_is_one_of_the_server() -> None:
    known = {str(parameter.envvar) for parameter in app.commands["run"].params if parameter.envvar}
    assert ENVIRONMENT.keys() <= known
    assert SERVICE["environment"].keys() <= known


def test_each_command_is_one() -> None:
    (entry,) = re.findall(r"^ENTRYPOINT \[\"(\w+)\"\]", DOCKERFILE, re.MULTILINE)
    (default,) = re.findall(r"^CMD \[\"(\w+)\"\]", DOCKERFILE, re.MULTILINE)
    (health,) = re.findall(r"^HEALTHCHECK .*CMD \[\"watcher\", \"(\w+)\"\]", DOCKERFILE, re.MULTILINE)
    assert entry in PROJECT["scripts"]
    assert {default, health} <= app.commands.keys()


def test_the_image_has_a_python_that_is_supported_and_our_version() -> None:
    assert re.findall(r"^ARG PYTHON=(.*)$", DOCKERFILE, re.MULTILINE)[0] in supported()
    assert re.findall(r'image\.version="(.*)"', DOCKERFILE) == [watcher.__version__]
    assert SERVICE["image"] == f"{PROJECT['name']}:{watcher.__version__}"
    assert set(re.findall(rf"{PROJECT['name']}:(\d[\d.]*\d)", GUIDE)) == {watcher.__version__}


def test_the_build_has_what_it_needs_and_nothing_else() -> None:
    sources = re.findall(r"^COPY (?!--from)(.*) \S+$", DOCKERFILE, re.MULTILINE)
    copied = {name for line in sources for name in line.split()}
    needed = {"pyproject.toml", "pagewatcher.py", "watcher", PROJECT["readme"], *PROJECT["license-files"]}
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert copied == needed
    assert {line[1:] for line in ignored if line.startswith("!")} == needed
    assert all((ROOT / name).exists() for name in needed)


def test_data_and_watches_d_are_written_and_watches_yaml_is_not() -> None:
    data, config = ENVIRONMENT["WATCHER_DATA"], Path(ENVIRONMENT["WATCHER_CONFIG"]).parent
    assert SERVICE["volumes"] == [
        f"data:{data}",
        f"./config:{config}:ro",
        f"./config/watches.d:{config}/watches.d",
    ]
    assert re.findall(r"install --directory .* (\S+)", INSTRUCTIONS.replace("&&", "\n")) == [
        data,
        f"{config}/watches.d",
    ]
    assert "ProtectSystem=strict\n" in UNIT
    assert f"StateDirectory={Path(data).name}\n" in UNIT
    assert re.findall(r"^ReadWritePaths=-?(.*)$", UNIT, re.MULTILINE) == [f"{config}/watches.d"]


@pytest.mark.parametrize("name", COMPOSE["services"])
def test_a_service_can_do_little(name: str) -> None:
    service = COMPOSE["services"][name]
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service.get("cap_add", []) == ([] if name == "watcher" else ["NET_BIND_SERVICE"])


def test_the_image_runs_as_a_user_of_its_own() -> None:
    (uid,) = re.findall(r"useradd --uid (\d+)", DOCKERFILE)
    assert re.findall(r"^USER (.*)$", DOCKERFILE, re.MULTILINE) == [f"{uid}:{uid}"]
    assert f"chown {uid} config/watches.d" in GUIDE


def test_the_one_proxy_that_is_believed_is_the_one_in_the_file() -> None:
    caddy = COMPOSE["services"]["caddy"]
    assert caddy["profiles"] == ["https"]
    assert SERVICE["environment"]["WATCHER_TRUSTED_PROXIES"] == caddy["networks"]["inside"]["ipv4_address"]


def test_no_secret_is_in_the_compose_file() -> None:
    assert {entry["path"]: entry["required"] for entry in SERVICE["env_file"]} == {"watcher.env": False}
    assert not any("TOKEN" in name or "SECRET" in name or "KEY" in name for name in SERVICE["environment"])


def test_a_stop_is_given_the_time_that_it_may_take() -> None:
    (stops,) = re.findall(r"^TimeoutStopSec=(\d+)$", UNIT, re.MULTILINE)
    assert SERVICE["stop_grace_period"] == f"{stops}s"


@pytest.mark.parametrize("name", CLUSTER["services"])
def test_a_service_of_the_cluster_can_do_little(name: str) -> None:
    service = CLUSTER["services"][name]
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service.get("cap_add", []) == (["NET_BIND_SERVICE"] if name == "caddy" else [])


def test_servers_of_the_cluster_are_those_of_the_image_each_with_data_of_its_own() -> None:
    servers = {name: each for name, each in CLUSTER["services"].items() if name.startswith("server-")}
    volumes = [volume for server in servers.values() for volume in server["volumes"]]
    assert volumes == [f"data-{number}:{ENVIRONMENT['WATCHER_DATA']}" for number in (1, 2)]
    for server in servers.values():
        assert server["command"] == ["serve"]
        assert server["image"] == f"{SERVICE['image']}-postgresql"
        assert server["stop_grace_period"] == SERVICE["stop_grace_period"]
        known = {str(parameter.envvar) for parameter in app.commands["serve"].params if parameter.envvar}
        assert server["environment"].keys() - known == {VARIABLE}
        arguments = server["build"]["args"]
        assert arguments.keys() <= set(re.findall(r"^ARG (\w+)=", DOCKERFILE, re.MULTILINE))
        assert set(arguments["EXTRAS"].split(",")) <= PROJECT["optional-dependencies"].keys()


def test_workers_of_the_cluster_are_of_the_same_image_and_are_asked_where_they_show_their_health() -> None:
    server, worker = CLUSTER["services"]["server-1"], CLUSTER["services"]["worker"]
    assert worker["command"] == ["worker"]
    assert (worker["image"], worker["build"]) == (server["image"], server["build"])
    assert worker["stop_grace_period"] == SERVICE["stop_grace_period"]
    assert worker["environment"].keys() == {"WATCHER_DATABASE", "WATCHER_HEALTH"}
    assert worker["environment"].keys() <= {str(parameter.envvar) for parameter in app.commands["worker"].params}
    assert "volumes" not in worker, "one of its own for each replica, which the image makes"


def test_the_postgresql_of_the_cluster_takes_as_many_connections_as_the_guide_has_processes() -> None:
    settings = CLUSTER["services"]["postgresql"]["command"]
    limit = int(settings[-1].removeprefix("max_connections="))
    servers = sum(name.startswith("server-") for name in CLUSTER["services"])
    (workers,) = map(int, re.findall(r"--scale worker=(\d+)", (ROOT / "docs/cluster.md").read_text(encoding="utf-8")))
    assert limit >= servers * CONNECTIONS + workers * WORKER_CONNECTIONS + 30


def test_watches_are_applied_to_the_cluster_when_that_is_asked_for_alone() -> None:
    apply, config = CLUSTER["services"]["apply"], Path(ENVIRONMENT["WATCHER_CONFIG"]).parent
    assert (apply["command"], apply["profiles"], apply["restart"]) == (["apply"], ["apply"], "no")
    assert apply["volumes"] == [f"./config:{config}:ro"]
    assert apply["environment"]["WATCHER_DATABASE"] == CLUSTER["services"]["worker"]["environment"]["WATCHER_DATABASE"]


def test_secrets_of_the_cluster_come_from_the_environment() -> None:
    for service in CLUSTER["services"].values():
        for name, value in service.get("environment", {}).items():
            if any(word in name for word in ("PASSWORD", "SECRET", "DATABASE")):
                assert re.search(r"\$\{[A-Z_]+:\?set it in \.env", value), name


def test_the_proxy_of_the_cluster_is_the_one_that_is_believed_and_knows_every_server() -> None:
    caddy = CLUSTER["services"]["caddy"]
    servers = [name for name in CLUSTER["services"] if name.startswith("server-")]
    (upstreams,) = re.findall(r"reverse_proxy (.*) \{", CADDYFILE)
    assert upstreams.split() == [f"{name}:8400" for name in servers]
    assert "./deploy/Caddyfile:/etc/caddy/Caddyfile:ro" in caddy["volumes"]
    believed = {CLUSTER["services"][name]["environment"]["WATCHER_TRUSTED_PROXIES"] for name in servers}
    assert believed == {caddy["networks"]["inside"]["ipv4_address"]}
    assert set(re.findall(r"\{\$(\w+)\}", CADDYFILE)) == caddy["environment"].keys()
