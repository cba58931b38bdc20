import pytest

from watcher.extract.document import Document
from watcher.extract.text import text_of

TABLE = """<!doctype html><table id=t>
<tr class=row><td>A<td><table><tr class=inner><td>x<td>y</table>
<tr class=row><td>B<td>-</table>"""


def texts(document: Document, css: str) -> list[str]:
    return [text_of(element) for element in document.select(css)]


def test_a_selector_copied_from_developer_tools_matches_with_its_tbody() -> None:
    assert texts(Document(TABLE), "#t > tbody > tr:nth-child(2) > td:nth-child(1)") == ["B"]


def test_the_soup_sees_the_same_tree_and_hands_back_the_same_elements() -> None:
    document = Document(TABLE)
    plain = document.select("#t > tbody > tr")
    assert document.select("#t > tbody > tr:-soup-contains('A', 'B')") == plain


@pytest.mark.parametrize("css", ["a, b, p", "p, a, b", "b, p:-soup-contains('1'), b, a"])
def test_a_list_of_selectors_answers_in_document_order_without_doubles(css: str) -> None:
    assert texts(Document("<p>1<b>2</b><a>3</a>"), css) == ["123", "2", "3"]


def test_within_a_row_only_its_descendants_match() -> None:
    document = Document(TABLE)
    first, second = document.select("tr.row")
    assert [text_of(element) for element in document.select("td", within=second)] == ["B", "-"]
    assert len(document.select("td", within=first)) == 4


@pytest.mark.parametrize("css", [":scope > td", ":scope > td:not(:empty)"])
def test_scope_is_the_row_for_both_engines(css: str) -> None:
    document = Document(TABLE)
    row = document.select("tr.row")[0]
    assert [text_of(element) for element in document.select(css, within=row)] == ["A", "x y"]


def test_the_left_part_of_a_selector_may_match_above_the_row() -> None:
    document = Document(TABLE)
    row = document.select("tr.row")[1]
    assert len(document.select("#t td", within=row)) == 2


@pytest.mark.parametrize("css", ["template p", "p", "div:has(p)", "p:-soup-contains('x')", ":has(> :empty) p"])
def test_what_is_within_a_template_is_not_on_the_page(css: str) -> None:
    document = Document("<div><template><p>x</p><template><p>y</p></template></template></div>")
    assert document.select(css) == []


def test_a_new_node_never_passes_for_one_that_was_cut_off_with_its_template() -> None:
    text = "<template><i>x</i></template><p>y" * 200
    assert len(Document(text).select("p:not(:empty)")) == 200


def test_links_are_relative_to_the_base_element() -> None:
    assert Document("<base href=/shop/>").base_url("https://x.example/a") == "https://x.example/shop/"
    assert Document("<p>").base_url("https://x.example/a") == "https://x.example/a"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("<p>", id="the first line"),
        pytest.param("<i>€😀\n\n  <p>", id="line feeds"),
        pytest.param("<i>€\r\n\r\n  <p>", id="carriage returns and line feeds"),
        pytest.param("<i>\x0c\x85\u2028\n<p>", id="what ends a line elsewhere"),
        pytest.param("<script>\n</script><a title='\n'>\n<p>", id="lines within tags and scripts"),
    ],
)
def test_it_is_known_where_in_the_source_an_element_begins(text: str) -> None:
    document = Document(text)
    assert document.begin_of(document.select("p")[0]) == text.index("<p>")


def test_where_an_element_begins_behind_a_bare_carriage_return_is_unknown() -> None:
    document = Document("<i>\r<p>")
    assert document.begin_of(document.select("p")[0]) is None
