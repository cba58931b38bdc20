"""What `watcher init` writes."""

from importlib.resources import files

STARTER = files("watcher.config").joinpath("starter.yaml").read_text(encoding="utf-8")
"""A commented file to start with."""
