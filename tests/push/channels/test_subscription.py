from __future__ import annotations

import json

import pytest

from tests.push.emulators.push_service import Browser
from watcher.core.values import Json
from watcher.errors import InvalidRequestError
from watcher.push.channels.webpush.subscription import PushSubscription

_BROWSER = Browser()


def _posted(**changed: Json) -> str:
    return json.dumps(json.loads(_BROWSER.subscription) | changed)


def _with_keys(**changed: Json) -> str:
    return _posted(keys=json.loads(_BROWSER.subscription)["keys"] | changed)


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/abc:APA91b-_",
        "https://jmt17.google.com/fcm/send/abc",
        "https://updates.push.services.mozilla.com/wpush/v2/gAAAA",
        "https://web.push.apple.com/QOXp",
        "https://api.push.apple.com/QOXp",
        "https://db5p.notify.windows.com/w/?token=BQYAAACl%2fZ%3d%3d",
    ],
)
def test_the_browsers_push_services_are_known(endpoint: str) -> None:
    subscription = PushSubscription.parse(_posted(endpoint=endpoint))
    assert str(subscription.url) == subscription.endpoint == endpoint
    assert endpoint.startswith(subscription.origin + "/")


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/a",
        "https://fcm.googleapis.com:8443/a",
        "https://fcm.googleapis.com:99999/a",
        "https://fcm.googleapis.com:x/a",
        "https://me@fcm.googleapis.com/a",
        "https://me:secret@fcm.googleapis.com/a",
        "https://fcm.googleapis.com@evil.example/a",
        "https://fcm.googleapis.com:443@evil.example/a",
        "https://fcm.googleapis.com.evil.example/a",
        "https://evilfcm.googleapis.com/a",
        "https://evil.example/fcm.googleapis.com",
        "https://evil.example?fcm.googleapis.com",
        "https://evil.example#fcm.googleapis.com",
        "https://evil.example\\@fcm.googleapis.com/a",
        "https://fcm.googleapis.com\\.evil.example/a",
        "https://fcm.googleapis.com./a",
        "https://evil.example%2f.fcm.googleapis.com/a",
        "https://127.0.0.1%00.fcm.googleapis.com/a",
        "https://evil.example;.fcm.googleapis.com/a",
        "https://fcm%2egoogleapis.com/a",
        "https://fcm。googleapis.com/a",
        "https://ｆcm.googleapis.com/a",
        "https://googleapis.com/a",
        "https://127.0.0.1/a",
        "https://[::1]/a",
        "https://[fcm.googleapis.com]/a",
        "https://fcm.googleapis.com/a\r\nHost: evil.example",
        "https://fcm.googleapis.com/a b",
        "https://fcm.googleapis.com/a#b",
        "//fcm.googleapis.com/a",
        "fcm.googleapis.com",
        "file:///etc/passwd",
        "",
        None,
        7,
        ["https://fcm.googleapis.com/a"],
    ],
)
def test_an_endpoint_anywhere_else_is_refused(endpoint: Json) -> None:
    with pytest.raises(InvalidRequestError, match=r"^endpoint: "):
        PushSubscription.parse(_posted(endpoint=endpoint))


def test_an_operator_may_name_other_push_services() -> None:
    posted = _posted(endpoint="https://eu.push.corp.example/a")
    assert PushSubscription.parse(posted, hosts={"push.corp.example"}).origin == "https://eu.push.corp.example"
    with pytest.raises(InvalidRequestError, match=r"^endpoint: eu\.push\.corp\.example is no push service that"):
        PushSubscription.parse(posted)


@pytest.mark.parametrize(
    ("posted", "field"),
    [
        ("", "subscription"),
        ("{", "subscription"),
        ("[" * 1_500, "subscription"),
        ("[]", "subscription"),
        ("null", "subscription"),
        (b"\xff\xfe", "subscription"),
        ("\ud800", "subscription"),
        (_posted(more="x" * 2_048), "subscription"),
        (_posted(keys=None), "keys"),
        (_posted(keys=[]), "keys"),
        (_posted(expirationTime="tomorrow"), "expirationTime"),
        (_posted(expirationTime=True), "expirationTime"),
        (_with_keys(p256dh=None), "keys.p256dh"),
        (_with_keys(p256dh=""), "keys.p256dh"),
        (_with_keys(p256dh="BA" * 43 + "A"), "keys.p256dh"),
        (_with_keys(p256dh="AAAA"), "keys.p256dh"),
        (_with_keys(auth=7), "keys.auth"),
        (_with_keys(auth="AAAA"), "keys.auth"),
        (_with_keys(auth="A"), "keys.auth"),
        (_with_keys(auth="A" * 22 + "\n"), "keys.auth"),
        (_with_keys(auth="+" * 22), "keys.auth"),
        (_with_keys(auth="A" * 32), "keys.auth"),
    ],
)
def test_what_is_no_subscription_is_refused_by_the_field(posted: str | bytes, field: str) -> None:
    with pytest.raises(InvalidRequestError, match=rf"^{field}: "):
        PushSubscription.parse(posted)


def test_one_browser_has_one_text_however_its_page_wrote_it() -> None:
    spaced = json.dumps(json.loads(_posted(expirationTime=1_800_000_000_000.5, more=1)), indent=2)
    loud = _posted(endpoint=_BROWSER.endpoint.replace("fcm.googleapis.com", "FCM.googleapis.com:443"))
    padded = _with_keys(auth=json.loads(_BROWSER.subscription)["keys"]["auth"] + "==")
    texts = {PushSubscription.parse(posted).text for posted in (_BROWSER.subscription, spaced, loud, padded)}
    assert len(texts) == 1
    [text] = texts
    assert PushSubscription.parse(text).text == text


def test_the_fingerprint_is_of_the_endpoint_alone() -> None:
    same, other = Browser(), Browser("another-token")
    prints = [PushSubscription.parse(each.subscription).fingerprint for each in (_BROWSER, same, other)]
    assert prints[0] == prints[1] != prints[2]
    assert len(prints[0]) == 64


def test_nothing_of_it_is_in_its_repr() -> None:
    assert repr(PushSubscription.parse(_BROWSER.subscription)) == "PushSubscription()"
