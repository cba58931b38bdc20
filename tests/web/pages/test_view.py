from __future__ import annotations

from markupsafe import Markup, escape

from watcher.translations import Locale
from watcher.web.pages.view import words_in


def test_markup_that_is_filled_into_words_stays_markup_and_the_rest_is_escaped() -> None:
    t = words_in(Locale.ENGLISH)
    assert escape(t("added", time=Markup("<time>now</time>"))) == "added <time>now</time>"
    assert escape(t("added", time="<b>")) == "added &lt;b&gt;"
    both = t("inbox_follows", uid="<b>", names=Markup("<i>x</i>"))
    assert escape(both) == "&lt;b&gt;, subscribed to <i>x</i>"
