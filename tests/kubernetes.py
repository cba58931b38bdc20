"""
The types of Kubernetes' own objects, which manifests are held against without a cluster and without a network.

They are those of lightkube-models, dataclasses made from the OpenAPI document of one version of Kubernetes. Their base
class and its conversions are lightkube's, a client with an HTTP stack, which is not needed to know what a manifest may
hold: plain dataclasses stand for them here, and msgspec checks the types. kubernetes-validate knows as much, and brings
the schemas of 27 versions, 17,000 files of 72 MB.
"""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Mapping
from importlib import import_module
from types import ModuleType
from typing import Any, Final

import msgspec

_BASE: Final = "lightkube.core.schema"
_MODULES: Final = {"apps/v1": "apps_v1", "batch/v1": "batch_v1", "policy/v1": "policy_v1", "v1": "core_v1"}


class ManifestError(Exception):
    """What a manifest says is nothing that Kubernetes knows."""


def check(manifest: Mapping[str, Any]) -> None:
    """Raise ManifestError: a field is not known, is missing, or is of another type."""
    kind = _kind(str(manifest["apiVersion"]), str(manifest["kind"]))
    try:
        read: Any = msgspec.convert(manifest, kind)
    except msgspec.ValidationError as error:
        raise ManifestError(str(error)) from error
    if unknown := sorted(_unknown(manifest, msgspec.to_builtins(read), "$")):
        raise ManifestError(f"nobody knows {', '.join(unknown)}")


def _kind(version: str, kind: str) -> type:
    base = sys.modules.setdefault(_BASE, ModuleType(_BASE))
    base.__dict__.update(DictMixin=object, dataclass=dataclasses.dataclass, field=dataclasses.field)
    found: type = getattr(import_module(f"lightkube.models.{_MODULES[version]}"), kind)
    return found


def _unknown(given: object, read: object, at: str) -> list[str]:
    """Return what is not in what was read of it."""
    match given, read:
        case dict(), dict():
            missing = [f"{at}.{key}" for key in given if key not in read]
            return missing + [
                one for key in given.keys() & read.keys() for one in _unknown(given[key], read[key], f"{at}.{key}")
            ]
        case list(), list():
            pairs = enumerate(zip(given, read, strict=True))
            return [one for number, (mine, theirs) in pairs for one in _unknown(mine, theirs, f"{at}[{number}]")]
        case _:
            return []
