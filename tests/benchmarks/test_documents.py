from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks.charts import draw, figure
from benchmarks.documents import as_markdown, as_terminal, write_page
from benchmarks.report import Chart, Section, Table

CHART = Chart(
    name="a-chart",
    title="Milk & honey",
    unit="ms",
    groups=["one", "two"],
    series={"watcher": [0.1, 10], "peer": [1, None]},
)
TABLE = Table(title="A table", header=["", "x"], rows=[["watcher", "1.00"], ["peer", "**short**"]], note="A note.")
SECTION = Section(
    title="A section",
    tables=[
        Table(title="A table", header=["", "x"], rows=[["watcher", "1.00"], ["peer", "**short**"]], note="A note.")
    ],
    charts=[CHART],
)
RECTANGLE = "{http://www.w3.org/2000/svg}rect"


def test_a_section_is_tables_and_charts() -> None:
    assert as_markdown(SECTION) == (
        "**A table**\n\n|  | x |\n| --- | ---: |\n| watcher | 1.00 |\n| peer | **short** |\n\nA note.\n\n"
        "![Milk & honey: ms](images/performance-a-chart.svg)"
    )


def test_a_terminal_shows_the_columns_in_line() -> None:
    assert as_terminal(SECTION).splitlines() == ["", "A table", "             x", "watcher   1.00", "peer     short"]


def test_the_words_around_the_figures_stay(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    page.write_text("# Title\n\n<!-- measured: a -->\nold\n<!-- end of a -->\n\nWords.\n")
    write_page(page, {"a": SECTION, "b": SECTION}, "A machine.")
    text = page.read_text()
    assert text.startswith("# Title\n\n<!-- measured: a -->\n\n**A table**")
    assert "old" not in text
    assert "<!-- end of a -->\n\nWords.\n" in text
    assert "A machine." in text
    assert "\n## A section\n\n<!-- measured: b -->" in text
    assert (tmp_path / "images" / "performance-a-chart.svg").exists()


def test_writing_the_page_again_changes_nothing(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    write_page(page, {"a": SECTION}, "A machine.")
    once = page.read_text()
    write_page(page, {"a": SECTION}, "A machine.")
    assert page.read_text() == once


def test_a_page_whose_end_of_figures_was_lost_is_not_overwritten(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    page.write_text("<!-- measured: a -->\n")
    with pytest.raises(ValueError, match="not <!-- end of a -->"):
        write_page(page, {"a": SECTION}, "A machine.")
    assert page.read_text() == "<!-- measured: a -->\n"


def heights(chart: Chart) -> list[float]:
    """Return how high its bars are; the legend has one square for each series."""
    rectangles = [float(each.attrib["height"]) for each in ElementTree.fromstring(draw(chart)).iter(RECTANGLE)]
    return rectangles[len(chart.series) :]


def test_a_logarithmic_bar_is_as_high_as_its_power_of_ten() -> None:
    first, second, third = heights(CHART)
    assert [second - first, third - second] == pytest.approx([first, first], abs=0.2)


def test_a_linear_bar_is_as_high_as_its_value() -> None:
    first, second = heights(
        Chart(name="x", title="X", unit="MB", groups=["1", "2"], series={"a": [10, 40]}, is_logarithmic=False)
    )
    assert second == pytest.approx(4 * first, abs=0.5)


def test_a_chart_without_a_value_is_refused() -> None:
    with pytest.raises(ValueError, match="the chart x has no value above 0"):
        draw(Chart(name="x", title="X", unit="MB", groups=["1"], series={"a": [None]}))


@pytest.mark.parametrize(("value", "text"), [(0.123, "0.12"), (12.34, "12.3"), (1234.5, "1,234"), (10.0, "10")])
def test_figures_have_the_digits_that_count(value: float, text: str) -> None:
    assert figure(value) == text
