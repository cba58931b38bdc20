"""
What stays as it is while the code is rebuilt: each part of the outside of the product, as text in `files/`.

The texts are made from the product as people and programs meet it: its commands, its HTTP, what it leaves on the disk.
Names of its modules stand in `commands.py` and `routes.py` alone.
`python -m tests.golden` writes the files anew; only a change of behaviour does that, and its commit says so.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

FILES: Final = Path(__file__).parent / "files"
