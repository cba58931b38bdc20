"""Our own scripts and styles: small, and nothing in them that no page uses."""

from __future__ import annotations

import re
from pathlib import Path

import watcher

_CODE = Path(watcher.__file__).parent
_STATIC = _CODE / "web" / "static"


def test_all_our_scripts_together_have_60_kb_at_most() -> None:
    sizes = {path.name: path.stat().st_size for path in _STATIC.glob("*.js")}
    print(f"{len(sizes)} modules of JavaScript: {sum(sizes.values()) / 1_000:.1f} kB")
    assert sum(sizes.values()) <= 60_000, sizes


def test_every_class_and_every_token_of_the_stylesheet_is_used() -> None:
    """By a template or a script, or as a value of the code, like the states of a watch."""
    style = re.sub(r"/\*.*?\*/", "", (_STATIC / "app.css").read_text(encoding="utf-8"), flags=re.DOTALL)
    selectors = [found[1] for found in re.finditer(r"([^{};]+)\{", style) if not found[1].strip().startswith("@")]
    classes = set(re.findall(r"\.([a-z][\w-]*)", " ".join(selectors)))
    sources = [path for kind in ("html", "js", "py") for path in _CODE.rglob(f"*.{kind}")]
    words = set(re.findall(r"[\w-]+", " ".join(path.read_text(encoding="utf-8") for path in sources)))
    assert classes - words == set()
    tokens = set(re.findall(r"(--[\w-]+):", style))
    assert tokens - set(re.findall(r"var\((--[\w-]+)", style)) == set()
