"""
The keys and filters that each tool documents: of its classes, in the versions that `make bench` measures.

`make moves` asks the tools themselves, and fails where they have others than tools.json.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

_TOOLS: Final[Mapping[str, Any]] = json.loads(Path(__file__).with_name("tools.json").read_bytes())

URLWATCH: Final[frozenset[str]] = frozenset(_TOOLS["urlwatch"]["keys"])
WEBCHANGES: Final[frozenset[str]] = frozenset(_TOOLS["webchanges"]["keys"])
CHANGEDETECTION: Final[frozenset[str]] = frozenset(_TOOLS["changedetection"]["keys"])
URLWATCH_FILTERS: Final[Mapping[str, Sequence[str]]] = _TOOLS["urlwatch"]["filters"]
"""Filter → its options."""
WEBCHANGES_FILTERS: Final[Mapping[str, Sequence[str]]] = _TOOLS["webchanges"]["filters"]
