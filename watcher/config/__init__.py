"""watches.yaml and the environment → the core's entities; and the JSON Schema of the same."""

from importlib.resources import files

from watcher.config.advice import warnings
from watcher.config.load import load, parse
from watcher.config.schema import json_schema

STARTER = files(__name__).joinpath("starter.yaml").read_text(encoding="utf-8")
"""A commented file to start with."""

__all__ = ["STARTER", "json_schema", "load", "parse", "warnings"]
