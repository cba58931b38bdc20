"""Who takes a URL takes what `core/urls.py` takes. Where one takes more or less, it says here why."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

import pytest

from tests.config.files import mistakes
from tests.core.builders import NOON, event_rule, watch
from tests.push.channels.wechat.test_settings import ENVIRON
from tests.push.emulators.push_service import Browser
from watcher.cli.options import check_base_url, check_push_url
from watcher.core.message import compose
from watcher.core.push import AppProfile
from watcher.core.settings import Settings
from watcher.core.urls import is_web_url
from watcher.core.values import ValueType
from watcher.core.watch import Operator, Request
from watcher.core.words import Firing
from watcher.errors import WatcherError
from watcher.extract.values import Origin, typed
from watcher.fetch.hop import first_hop, onward
from watcher.push.apps import checked_profile
from watcher.push.channels.email.settings import mail_settings
from watcher.push.channels.upstream.settings import upstream_settings
from watcher.push.channels.webpush.settings import checked_subject
from watcher.push.channels.webpush.subscription import PushSubscription
from watcher.push.channels.wechat.answers import SceneCode, as_code
from watcher.push.channels.wechat.settings import wechat_settings
from watcher.push.draft import make_draft

Judge = Callable[[str], object]
"""Takes the URL, or raises a WatcherError."""

_BROWSER = json.loads(Browser().subscription)


def _watched(text: str) -> None:
    _none(mistakes(f"watches:\n  w: {{topic: t, url: {json.dumps(text)}}}"))


def _proxied(text: str) -> None:
    _none(mistakes(f"watches:\n  w: {{topic: t, url: https://x.example, proxy: {json.dumps(_as('http', text))}}}"))


def _linked(text: str) -> None:
    _none(mistakes(f"watches:\n  w: {{topic: t, url: https://x.example, link: {json.dumps(text)}}}"))


def _as(scheme: str, text: str) -> str:
    """Return a web URL with another scheme, for those who ask over another protocol."""
    return re.sub("^https?:", f"{scheme}:", text, flags=re.IGNORECASE)


def _none(mistakes: list[str]) -> None:
    if mistakes:
        raise WatcherError(mistakes[0])


def _told(text: str) -> None:
    one = watch(event_rule(Operator.CHANGES))
    fired = Firing(rule=one.rules[0], key="A", old={}, new={"link": text})
    if compose(one, [fired], link=None, now=NOON).url == one.request.url:
        raise WatcherError("the message leads to the page")


def _redirected(text: str) -> None:
    first_hop(Request(url="https://x.example/")).follow(text, status=302)


def _scanned(text: str) -> None:
    if not isinstance(as_code({"url": text, "expire_seconds": 60}), SceneCode):
        raise WatcherError("no code")


def _subscribed(text: str) -> None:
    PushSubscription.parse(json.dumps(_BROWSER | {"endpoint": text}), hosts={"x.example"})


JUDGES: Final[Mapping[str, Judge]] = {
    "--base-url": check_base_url,
    "--push": check_push_url,
    "url of a watch": _watched,
    "link of a watch": _linked,
    "proxy": _proxied,
    "link of a row": _told,
    "value of a page": lambda text: typed(text, ValueType.URL, Origin(base_url="https://x.example/")),
    "redirect": _redirected,
    "next page": lambda text: onward(Request(url="https://x.example/"), "https://x.example/", text),
    "url of a message": lambda text: make_draft("x", url=text),
    "callback URL": lambda text: checked_profile(AppProfile(name="x", callback_url=text)),
    "settings URL": lambda text: checked_profile(AppProfile(name="x", settings_url=text)),
    "WATCHER_UPSTREAM_URL": lambda text: upstream_settings("AT_x", text),
    "WATCHER_WECHAT_API": lambda text: wechat_settings({**ENVIRON, "WATCHER_WECHAT_API": text}),
    "WeChat's code": _scanned,
    "WATCHER_VAPID_SUBJECT": checked_subject,
    "push endpoint": _subscribed,
    "WATCHER_SMTP_URL": lambda text: mail_settings(_as("smtps", text), "a@x.example"),
}

ALL: Final = frozenset(JUDGES)
FROM_A_PAGE: Final = frozenset({"value of a page", "redirect", "next page"})
ON_ONE_HOST: Final = frozenset({"redirect", "next page"})
SERVERS: Final = frozenset({"--base-url", "--push", "WATCHER_UPSTREAM_URL", "WATCHER_WECHAT_API", "WATCHER_SMTP_URL"})
SHOWN: Final = frozenset({"--base-url", "WATCHER_VAPID_SUBJECT"})
IN_ASCII: Final = frozenset({"WeChat's code", "WATCHER_VAPID_SUBJECT", "push endpoint", "WATCHER_SMTP_URL"})
BY_HTTPS: Final = frozenset({"WATCHER_VAPID_SUBJECT", "push endpoint"})

Reason = tuple[str, frozenset[str]]


def only(*who: str) -> frozenset[str]:
    return frozenset(who)


RELATIVE: Final = ("what a page writes may be relative to it", only("value of a page", "redirect"))
MENDED: Final = ("browsers percent-encode what pages write, and so do we", FROM_A_PAGE)
APP: Final = ("a message may open an app", only("url of a message"))
ONE_HOST: Final = ("another host is not followed to", ON_ONE_HOST)
ASCII: Final = ("its protocol knows ASCII alone", IN_ASCII)
PUBLIC: Final = ("push services have to reach it, or are known by name", BY_HTTPS)
ENDS: Final = ("paths are added to it", SERVERS)

TAKEN: Final[Mapping[str, Sequence[Reason]]] = {
    "https://x.example": [],
    "https://x.example/": [],
    "HTTPS://X.example:443/": [],
    "http://x.example/": [("push services speak https", BY_HTTPS)],
    "https://x.example:8443/": [("push services listen on port 443", only("push endpoint"))],
    "https://x.example/a/b": [("a mail server has no paths", only("WATCHER_SMTP_URL"))],
    "https://x.example/a?q=1": [ENDS],
    "https://x.example/#a": [ENDS, ("a fragment is never sent", only("push endpoint"))],
    "https://user:pw@x.example/": [
        ("everybody could read it", SHOWN),
        ("it goes into a header, where it is not logged", only("url of a watch")),
        ("it is not how one logs in there", only("WATCHER_UPSTREAM_URL", "WATCHER_WECHAT_API", "push endpoint")),
    ],
    "https://x.example/路径": [ASCII],
    "https://x.example/می\u200cخواهم": [ASCII],
    "https://例え.example/": [ASCII, ONE_HOST],
    "https://192.168.1.7/": [PUBLIC, ONE_HOST],
    "https://[::1]:443/": [PUBLIC, ONE_HOST],
    "https://my_nas/": [PUBLIC, ONE_HOST],
}
REFUSED: Final[Mapping[str, Sequence[Reason]]] = {
    "word": [RELATIVE, ("it is a selector", only("link of a watch"))],
    "/a": [RELATIVE],
    "x.example/a": [RELATIVE, ("people write links so", only("url of a message"))],
    "ftp://x.example/": [APP],
    "weixin://x.example/": [APP],
    "javascript://x.example/%0aalert(1)": [],
    "https:///a": [RELATIVE],
    "https://:443/": [],
    "https://x..example/": [],
    "https://x.ex%61mple/": [],
    "https://xn--a.example/": [],
    "https://[::1/": [],
    "https://[v1.a]/": [],
    r"https://good.example\@x.example/": [],
    "https://x.example:0/": [],
    "https://x.example:99999/": [],
    "https://x.example:http/": [],
    "https://x.example/a b": [MENDED, ("its blanks are written as %20", only("url of a message"))],
    "https://x.example/a\tb": [MENDED],
    "https://x.example/a\u3000b": [MENDED],
    "https://x.example/\u202egpj.exe": [MENDED],
}


@pytest.mark.parametrize("text", TAKEN, ids=ascii)
def test_what_is_taken_is_taken_by_all_who_have_no_reason_not_to(text: str) -> None:
    assert is_web_url(text)
    assert _takers(text) == ALL - _exceptions(TAKEN[text])


@pytest.mark.parametrize("text", REFUSED, ids=ascii)
def test_what_is_refused_is_refused_by_all_who_have_no_reason_not_to(text: str) -> None:
    assert not is_web_url(text)
    assert _takers(text) == _exceptions(REFUSED[text])


def _exceptions(reasons: Sequence[Reason]) -> frozenset[str]:
    return frozenset().union(*(who for _, who in reasons))


def _takers(text: str) -> frozenset[str]:
    return frozenset(name for name, judge in JUDGES.items() if _takes(judge, text))


def _takes(judge: Judge, text: str) -> bool:
    try:
        judge(text)
    except WatcherError:
        return False
    return True


def test_a_base_url_is_https_whatever_the_case_of_its_letters() -> None:
    settings = Settings(data=Path("x"), base_url=check_base_url("HTTPS://Push.example/A"))
    assert settings.public_url == "https://Push.example/A"
    assert settings.is_https
