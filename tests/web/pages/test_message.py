from __future__ import annotations

import pytest

from tests.web.site import Site
from watcher.web.pages.message import Copy, copies_of


async def _page(site: Site, content: str, *, content_type: int, url: str | None = None) -> str:
    reader = await site.reader()
    await site.tell(content, content_type=content_type, url=url)
    [item] = await site.push.inbox(reader.subscriber)
    return f"/m/{item.message.slug}"


async def test_a_text_stands_escaped_in_the_page_with_its_link(site: Site) -> None:
    path = await _page(site, "1 < 2\nhttps://x.example/a", content_type=1, url="https://shop.example/b")
    html = await (await site.get(path)).text()
    assert "1 &lt; 2<br>" in html
    assert 'href="https://x.example/a"' in html
    assert 'href="https://shop.example/b"' in html
    assert "Open shop.example" in html
    assert "<iframe" not in html


@pytest.mark.parametrize(
    ("content_type", "content"),
    [(2, "<p>hi</p><script>alert(1)</script>"), (3, "*hi*\n\n<script>alert(1)</script>")],
    ids=["html", "markdown"],
)
async def test_everything_else_stands_in_a_frame_that_runs_nothing(site: Site, content_type: int, content: str) -> None:
    answer = await site.get(await _page(site, content, content_type=content_type))
    html = await answer.text()
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in html
    assert "<script>" not in html
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'; script-src 'self';" in policy
    assert "form-action 'none'" in policy
    assert answer.headers["Referrer-Policy"] == "no-referrer"


async def test_wxpushers_address_of_the_page_works(site: Site) -> None:
    path = await _page(site, "hello", content_type=1)
    answer = await site.get(path.replace("/m/", "/api/message/") + "/")
    assert answer.content_type == "text/html"
    assert "hello" in await answer.text()


async def test_copy_buttons_of_the_frame_are_repeated_where_they_work(site: Site) -> None:
    content = 'Code: <copy data-clipboard-text="A&quot;1">take it</copy>'
    html = await (await site.get(await _page(site, content, content_type=2))).text()
    assert 'data-copy="A&#34;1"' in html
    assert "Copy “take it”" in html


def test_copy_buttons_are_found_in_order() -> None:
    html = '<button data-clipboard-text="1">one <b>two</b></button><button>no</button>'
    html += '<button data-clipboard-text="3"></button>'
    assert copies_of(html) == [Copy(label="one two", text="1"), Copy(label="3", text="3")]
