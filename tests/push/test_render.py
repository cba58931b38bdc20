from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser

import pytest

from watcher.core.push import ContentType, Draft
from watcher.errors import RefusedError
from watcher.push.render import render

PIXEL = "data:image/png;base64,iVBORw0KGgo="

NASTY = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<img/src=x/onerror=alert(1)>",
    '<img src="x" OnErRoR="alert(1)">',
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x>",
    "<math><mi xlink:href='javascript:alert(1)'>x</mi></math>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href=' java\nscript:alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href='java&Tab;script:alert(1)'>x</a>",
    "<a href='vbscript:msgbox(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href=' DATA:image/svg+xml;base64,PHN2Zz4='>x</a>",
    "<a href='da&Tab;ta:text/html,<script>alert(1)</script>'>x</a>",
    "<img src='da&#10;ta:image/svg+xml,<svg onload=alert(1)>'>",
    "<img src='data:image/svg+xml,<svg onload=alert(1)>'>",
    "<img src='data:text/html;base64,PHNjcmlwdD4='>",
    "<iframe src='javascript:alert(1)'></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data='javascript:alert(1)'></object>",
    "<embed src='javascript:alert(1)'>",
    "<form action='javascript:alert(1)'><input type=submit></form>",
    "<button formaction='javascript:alert(1)' onclick=alert(1)>x</button>",
    "<copy data-clipboard-text='x' onclick=alert(1)>x</copy>",
    "<copy\nonfocus=alert(1) autofocus tabindex=1>x</copy>",
    "<p title='<copy onmouseover=alert(1) '>x</p>",
    "<p title='\"><copy onmouseover=alert(1)>'>x</p>",
    "<base href='javascript:alert(1)//'>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<link rel=stylesheet href='javascript:alert(1)'>",
    "<style>@import 'javascript:alert(1)';</style>",
    "<div style='background:url(javascript:alert(1))'>x</div>",
    "<div style='width:expression(alert(1))'>x</div>",
    "<div style='position:fixed;inset:0;z-index:9'>x</div>",
    "<details open ontoggle=alert(1)>x</details>",
    "<video><source onerror=alert(1)></video>",
    "<body onload=alert(1)>",
    "<input autofocus onfocus=alert(1)>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<template><script>alert(1)</script></template>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<xss style='behavior:url(x)' onclick=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](<java\tscript:alert(1)>)",
    "![x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x]: javascript:alert(1)\n\n[x]",
    "<javascript:alert(1)>",
    "<javascript://x.example/%0aalert(1)>",
    'https://x.example/"onmouseover="alert(1)',
    "https://x.example/'><script>alert(1)</script>",
    "https://x.example/\u2028<img src=x onerror=alert(1)>",
    "javascript:alert(1)",
]


class Tags(HTMLParser):
    """The elements and attributes of a fragment, as a parser sees them."""

    def __init__(self, fragment: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.feed(fragment)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, {name: value or "" for name, value in attrs}))


def shown(content: str, content_type: ContentType) -> str:
    return render(Draft(summary="x", content=content, content_type=content_type))


SAFE_TAGS = {"a", "b", "br", "button", "code", "details", "div", "img", "p", "pre", "table", "tbody"}


@pytest.mark.parametrize("content_type", ContentType)
@pytest.mark.parametrize("payload", NASTY)
def test_nothing_nasty_lives(payload: str, content_type: ContentType) -> None:
    for tag, attributes in Tags(shown(f"a {payload} b", content_type)).seen:
        assert tag in SAFE_TAGS
        assert not [name for name in attributes if name.startswith("on") or name in {"srcdoc", "formaction", "action"}]
        for name in {"href", "src"} & attributes.keys():
            assert re.match(r"https?://|data:image/png;base64,|$", attributes[name])
        assert not re.search(r"position|url\(|expression|behavior", attributes.get("style", ""))


def test_text_is_escaped_and_keeps_its_lines_and_links() -> None:
    assert shown("1 < 2 & 3\nsee https://x.example/a?b=1&c=2, ok", ContentType.TEXT) == (
        "1 &lt; 2 &amp; 3<br>\nsee "
        '<a href="https://x.example/a?b=1&amp;c=2" target="_blank" rel="noopener noreferrer">'
        "https://x.example/a?b=1&amp;c=2</a>, ok"
    )


def test_a_chart_in_text_is_left_out_when_it_is_read_aloud() -> None:
    told = shown("Last 4 values: ▆▅▇▁ from 12 to 8.", ContentType.TEXT)
    assert told == 'Last 4 values: <span aria-hidden="true">▆▅▇▁</span> from 12 to 8.'
    assert "<span" not in shown("https://a.example/▆▅▇▁", ContentType.TEXT)


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("看 https://x.example/票，快", "https://x.example/票"),
        ("（https://x.example/a）", "https://x.example/a"),
        ("(http://x.example/a).", "http://x.example/a"),
        ("<https://x.example/a>", "https://x.example/a"),
        ("HTTPS://x.example/a!", "HTTPS://x.example/a"),
    ],
)
def test_a_link_in_text_ends_where_its_sentence_goes_on(text: str, link: str) -> None:
    assert Tags(shown(text, ContentType.TEXT)).seen[0][1]["href"] == link


def test_html_keeps_its_looks_pictures_and_links() -> None:
    content = (
        f'<h1 style="color:red">Hi</h1><font color="blue">x</font><img src="{PIXEL}"><img src="https://x.example/a.png">'
        '<a href="https://x.example/">go</a><table><tr><td colspan="2">1</td></tr></table>'
    )
    safe = shown(content, ContentType.HTML)
    assert f'<img src="{PIXEL}">' in safe
    assert 'style="color:red"' in safe
    assert '<font color="blue">' in safe
    assert '<td colspan="2">' in safe
    assert ("a", {"href": "https://x.example/", "target": "_blank", "rel": "noopener noreferrer"}) in Tags(safe).seen


def test_a_copy_element_becomes_a_button_with_its_text() -> None:
    safe = shown('<Copy data-clipboard-text="8 &quot;50">copy it</COPY> <copyright>', ContentType.HTML)
    assert Tags(safe).seen == [("button", {"type": "button", "data-clipboard-text": '8 "50'})]
    assert "copy it</button>" in safe


def test_a_relative_link_is_dropped_for_it_would_lead_to_our_own_pages() -> None:
    assert Tags(shown('<a href="/console">x</a><img src="../x">', ContentType.HTML)).seen == [
        ("a", {"rel": "noopener noreferrer", "target": "_blank"}),
        ("img", {}),
    ]


def test_markdown_is_rendered_and_html_in_it_is_text() -> None:
    safe = shown(f"# T\n\n- **a**\n- ~~b~~\n\n|x|y|\n|-|-|\n|1|2|\n\n<b>no</b> ![p]({PIXEL})", ContentType.MARKDOWN)
    for piece in ("<h1>T</h1>", "<strong>a</strong>", "<s>b</s>", "<td>1</td>", "&lt;b&gt;no", f'src="{PIXEL}"'):
        assert piece in safe


def test_html_that_would_grow_beyond_measure_is_refused() -> None:
    with pytest.raises(RefusedError, match="span"):
        shown("".join(f"<i x={number}><p>" for number in range(2_500)), ContentType.HTML)


def test_long_honest_html_is_not_taken_for_it() -> None:
    rows = "".join(f'<tr><td><b>{number}</b></td><td><font color="red">x</font></td></tr>' for number in range(450))
    assert shown(f"<table>{rows}</table>", ContentType.HTML).count("<tr>") == 450


def test_it_renders_on_other_threads_too() -> None:
    with ThreadPoolExecutor(2) as threads:
        found = set(threads.map(lambda kind: shown("<b>x</b>", kind), [ContentType.HTML] * 20))
    assert found == {"<b>x</b>"}
