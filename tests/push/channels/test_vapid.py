from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from tests.push.builders import NOON
from tests.push.emulators.push_service import claims_of
from watcher.errors import ConfigError
from watcher.push.channels.webpush.encryption import CURVE
from watcher.push.channels.webpush.keys import VapidKeys
from watcher.push.channels.webpush.settings import checked_subject
from watcher.push.channels.webpush.vapid import LIFE, MAX_ORIGINS, Vapid

_KEYS = VapidKeys.of(ec.generate_private_key(CURVE))
_SUBJECT = "mailto:operator@push.example"
_FCM = "https://fcm.googleapis.com"


def _vapid(clock: list[timedelta]) -> Vapid:
    """Return one whose clock shows noon and the last of these."""
    return Vapid(_KEYS, _SUBJECT, now=lambda: NOON + clock[-1])


def test_each_push_service_gets_a_token_of_its_own() -> None:
    vapid = _vapid([timedelta(0)])
    expires = int((NOON + LIFE).timestamp())
    for origin in (_FCM, "https://web.push.apple.com", _FCM):
        assert claims_of(vapid.authorization(origin)) == {"aud": origin, "exp": expires, "sub": _SUBJECT}
    assert timedelta(hours=24) >= LIFE


@pytest.mark.parametrize(
    ("passed", "is_kept"),
    [
        (timedelta(0), True),
        (LIFE / 2 - timedelta(seconds=1), True),
        (LIFE / 2, False),
        (LIFE * 2, False),
        (-timedelta(seconds=1), False),
    ],
    ids=["at once", "nearly half", "half", "long over", "the clock was set back"],
)
def test_a_token_is_used_for_half_its_life(passed: timedelta, is_kept: bool) -> None:
    clock = [timedelta(0)]
    vapid = _vapid(clock)
    first = vapid.authorization(_FCM)
    clock.append(passed)
    assert (vapid.authorization(_FCM) == first) is is_kept


def test_only_the_newest_tokens_are_kept() -> None:
    vapid = _vapid([timedelta(0)])
    first = vapid.authorization(_FCM)
    for number in range(MAX_ORIGINS - 1):
        vapid.authorization(f"https://{number}.push.example")
    assert vapid.authorization(_FCM) == first
    vapid.authorization("https://one-more.push.example")
    assert vapid.authorization(_FCM) != first


@pytest.mark.parametrize(
    "subject",
    [
        "mailto:me@push.example",
        "mailto:first.last+push@mail.push.example",
        "https://push.example",
        "https://a.cn/x?y=1",
    ],
)
def test_a_subject_at_which_somebody_is_reached(subject: str) -> None:
    assert checked_subject(subject) == subject


@pytest.mark.parametrize(
    "subject",
    [
        "",
        "me",
        "me@push.example",
        "mailto:",
        "mailto:me",
        "mailto:me@",
        "mailto:@push.example",
        "mailto:a@b@push.example",
        "mailto:me@localhost",
        "mailto:me@nas.local",
        "mailto:me@nas.LOCAL.",
        "mailto:me@a.localhost",
        "mailto:me@127.0.0.1",
        "mailto:me@push..example",
        "mailto:me@push.example ",
        "mailto:me@push.example\r\nX: y",
        "http://push.example",
        "https://localhost",
        "https://localhost:8400/",
        "https://nas.local/",
        "https://192.168.1.2/",
        "https://[::1]/",
        "https://",
        "https://push",
        "ftp://push.example",
        "javascript:alert(1)",
        "mailto:" + "m" * 500 + "@push.example",
    ],
)
def test_a_subject_at_which_nobody_is_reached_is_refused_with_what_to_write(subject: str) -> None:
    with pytest.raises(ConfigError, match=r"write how the push services reach you: mailto:you@your\.domain or https:"):
        Vapid(_KEYS, subject, now=lambda: NOON)
