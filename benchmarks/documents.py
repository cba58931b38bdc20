"""
Sections as text: tables for the terminal, Markdown for `docs/performance.md`, and JSON.

The page is written by hand but for what stands between two comments for each section,

    <!-- measured: NAME -->
    <!-- end of NAME -->

so that words and figures do not overwrite each other. A section without comments is added at the end.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

from benchmarks.charts import draw
from benchmarks.report import Section, Table

_CHART_PREFIX: Final = "performance-"


def as_terminal(section: Section) -> str:
    """Return the section as it is printed."""
    return "\n".join(part for table in section.tables for part in ("", table.title, *_aligned(table)))


def as_markdown(section: Section) -> str:
    """Return the section as a piece of the page."""
    parts = [section.text.strip()] if section.text.strip() else []
    for table in section.tables:
        parts += [f"**{table.title}**", "\n".join(_markdown_rows(table))]
        parts += [table.note.strip()] if table.note.strip() else []
    parts += [f"![{chart.title}: {chart.unit}](images/{_CHART_PREFIX}{chart.name}.svg)" for chart in section.charts]
    return "\n\n".join(parts)


def as_json(sections: Mapping[str, Section], machine: str) -> str:
    """Return all sections, by name, and the machine they were measured on."""
    return json.dumps(
        {"machine": machine, "sections": {name: asdict(section) for name, section in sections.items()}},
        ensure_ascii=False,
        indent=1,
    )


def write_page(page: Path, sections: Mapping[str, Section], machine: str) -> None:
    """Write the figures of these sections and the machine into the page, and the charts beside it."""
    text = page.read_text(encoding="utf-8") if page.exists() else "# Performance\n"
    text = _replaced(text, "machine", machine, title=None)
    for name, section in sections.items():
        text = _replaced(text, name, as_markdown(section), title=section.title)
        for chart in section.charts:
            path = page.parent / "images" / f"{_CHART_PREFIX}{chart.name}.svg"
            path.parent.mkdir(exist_ok=True)
            path.write_text(draw(chart), encoding="utf-8")
    page.write_text(text, encoding="utf-8")


def _replaced(text: str, name: str, content: str, *, title: str | None) -> str:
    begin, end = f"<!-- measured: {name} -->", f"<!-- end of {name} -->"
    measured = f"{begin}\n\n{content}\n\n{end}"
    if begin not in text:
        heading = f"## {title}\n\n" if title else ""
        return f"{text.rstrip()}\n\n{heading}{measured}\n"
    before, _, rest = text.partition(begin)
    _, found, after = rest.partition(end)
    if not found:
        raise ValueError(f"the page has {begin} but not {end}; write it where the figures of {name} end")
    return f"{before}{measured}{after}"


def _markdown_rows(table: Table) -> list[str]:
    rule = ["---", *("---:" for _ in table.header[1:])]
    return [f"| {' | '.join(cells)} |" for cells in (table.header, rule, *table.rows)]


def _aligned(table: Table) -> list[str]:
    rows = [[cell.replace("**", "").replace("`", "") for cell in row] for row in (table.header, *table.rows)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(table.header))]
    return ["  ".join(_padded(row, widths)).rstrip() for row in rows]


def _padded(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    return [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
