"""
watches.yaml and the environment → the core's entities; and the JSON Schema of the same.

What only single commands need is imported from its module: `advice.warnings`, `schema.json_schema`,
`starter.starter_file`.
"""

from watcher.config.load import load, parse

__all__ = ["load", "parse"]
