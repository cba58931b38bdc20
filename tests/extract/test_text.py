import hashlib

import pytest

from tests.extract.builders import single
from watcher.extract.document import Document
from watcher.extract.text import MAX_TEXT_CHARS, bounded, clean, text_of


def text(markup: str) -> str:
    return Document(f"<!doctype html><body>{markup}").text()


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("12<sup>.50</sup>", "12.50"),
        ("<span>1</span><span>2</span> <b>3</b>", "12 3"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<p>a<p>b<div>c</div>d", "a\nb\nc\nd"),
        ("<table><tr><th>Code<th>Name<tr><td>1<td>2</table>", "Code Name\n1 2"),
        ("<table><tr><td><div>a</div>b<td>c</table>", "a\nb c"),
        ("<ul><li>one<li>two<ul><li>three</ul></ul>", "one\ntwo\nthree"),
        ("<h1>H</h1>\n\n\n<p> \n </p><hr>t", "H\nt"),
        ("wrapped\n  text&nbsp;&nbsp;here\u3000now", "wrapped text here now"),
        ("<pre>a\n  b\n\nc</pre>d\ne", "a\nb\nc\nd e"),
        ("<pre><a title='x\ny'>a</a>\nb</pre>c\n<pre>d\ne</pre>", "a\nb\nc\nd\ne"),
        ("<button>Buy</button><button>Cart</button><select><option>1<option>2</select>", "Buy Cart\n1\n2"),
        ("a<script>if (1 < 2) b()</script><style>p{}</style><template>t</template>c", "ac"),
        ("a<noscript><p>b</p></noscript><iframe>c</iframe><!-- d --><svg><title>e</title></svg>f", "af"),
        ("a &lt;b&gt; &amp;amp; &amp;lt;", "a <b> &amp; &lt;"),
        ('<p title="a>b<script>">q<a href="<br>">r</a>', "qr"),
        ("pri\u00adce \u200b12\ufeff.50\u200e", "price 12.50"),
        ("e\u0301te\u0301", "\u00e9t\u00e9"),
        ("<p hidden>what a page hides is text</p>", "what a page hides is text"),
        ("<xmp>1 <b>2</b></xmp>3", "1 <b>2</b>\n3"),
        ("a<xmp class=x>if a <b\n&amp; <!-- c --></xmp>d<!-- e -->", "a\nif a <b &amp; <!-- c -->\nd"),
        ("<xmp-x>a</xmp-x><p>b</p>", "a\nb"),
        ("<pre><xmp>if a <b\nc</xmp></pre><script>'<xmp>'</script>d", "if a <b\nc\nd"),
        ("<pre>1<plaintext>2 <3\n4 > 5", "1\n2 <3\n4 > 5"),
        ("", ""),
    ],
)
def test_text_is_what_a_reader_sees(markup: str, expected: str) -> None:
    assert text(markup) == expected


def test_the_title_is_not_on_the_page() -> None:
    assert Document("<title>T</title><p>body").text() == "body"


@pytest.mark.parametrize(
    ("css", "expected"), [("tr", "Code Name"), ("td", "Code"), ("script", "a < b"), ("pre", "1\n2"), ("b", "x & y")]
)
def test_an_element_reads_as_it_does_within_its_page(css: str, expected: str) -> None:
    markup = "<table><tr><td>Code<td>Name</table><script>a < b</script><pre>1\n2</pre><b>x &amp; y</b>"
    assert text_of(Document(markup).select(css)[0]) == expected


def test_both_engines_read_the_same_text() -> None:
    markup = "<p>12<sup>.50</sup>&nbsp;€<script>1</script><br>net"
    assert single(markup, a="p", b="p:-soup-contains('12')") == {"a": "12.50 €\nnet", "b": "12.50 €\nnet"}


def test_text_is_not_cut_up_to_its_bound() -> None:
    assert bounded("x" * MAX_TEXT_CHARS) == "x" * MAX_TEXT_CHARS


def test_a_change_after_the_cut_is_still_a_change() -> None:
    one, other = (bounded("x" * MAX_TEXT_CHARS + tail) for tail in ("a", "b"))
    assert len(one) <= MAX_TEXT_CHARS
    assert one != other
    rest = ("x" * 64 + "a").encode()
    assert one.endswith(f"… and 65 characters more ({hashlib.blake2b(rest, digest_size=8).hexdigest()})")


@pytest.mark.parametrize("other", ["", " é", "\nnext line", "\né"])
def test_control_characters_are_left_out_whatever_else_is_on_the_page(other: str) -> None:
    assert clean("\x1b[1m1\x082\x7f \0 3" + other) == "[1m12 3" + other


def test_lines_lose_their_margins_and_empty_ones_go() -> None:
    assert clean("  a \t b \r\n\n \n c ") == "a b\nc"
