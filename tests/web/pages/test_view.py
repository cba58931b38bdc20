from __future__ import annotations

import pytest
from markupsafe import Markup, escape

from tests.web.site import Site
from watcher.translations import Locale
from watcher.web.pages.view import words_in


def test_markup_that_is_filled_into_words_stays_markup_and_the_rest_is_escaped() -> None:
    t = words_in(Locale.ENGLISH)
    assert escape(t("added", time=Markup("<time>now</time>"))) == "added <time>now</time>"
    assert escape(t("added", time="<b>")) == "added &lt;b&gt;"
    both = t("inbox_follows", uid="<b>", names=Markup("<i>x</i>"))
    assert escape(both) == "&lt;b&gt;, subscribed to <i>x</i>"


@pytest.mark.parametrize(
    ("asked", "link"),
    [
        ("/nothing?text=a%26b&page=2&lang=zh", "/nothing?text=a%26b&amp;page=2&amp;lang=en"),
        ("/nothing", "/nothing?lang=zh"),
        (f"/nothing?text={'x' * 3_000}", "/nothing?lang=zh"),
        ("//evil.example/x", "/evil.example/x?lang=zh"),
    ],
    ids=["keeps what is asked", "with nothing asked", "drops what is too long", "stays on this host"],
)
async def test_the_switch_leads_to_the_same_page_in_the_other_language(site: Site, asked: str, link: str) -> None:
    html = await (await site.get(f"{site.base}{asked}")).text()
    assert f'class="switch" href="{link}"' in html
