from __future__ import annotations

from datetime import timedelta

import pytest

from watcher.core.channels import Gone, Pause, Refused, Retry, SendResult, Sent, Strikes
from watcher.push.channels.webpush.answers import understand

_ASKED = timedelta(seconds=40)
_HOST = "fcm.googleapis.com"


def _retry(status: int, more: str = "", pause: Pause = Pause.ADDRESS) -> Retry:
    return Retry(reason=f"{_HOST} answered {status}{more}", after=_ASKED, pause=pause)


def _alarm(status: int, more: str = "") -> Refused:
    return Refused(reason=f"{_HOST} answered {status}{more}", is_alarm=True)


_KEYS = ": it does not believe our VAPID keys or contact"
_BUSY = ": too much at once"


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (200, Sent()),
        (201, Sent()),
        (202, Sent()),
        (204, _retry(204)),
        (301, _alarm(301)),
        (307, _alarm(307)),
        (400, Refused(reason=f"{_HOST} answered 400", strikes=Strikes(most=3))),
        (401, _alarm(401, _KEYS)),
        (403, _alarm(403, _KEYS)),
        (404, Refused(reason=f"{_HOST} answered 404", strikes=Strikes(most=2, within=timedelta(days=1)))),
        (405, _alarm(405)),
        (406, _retry(406, _BUSY, Pause.LANE)),
        (408, _retry(408)),
        (410, Gone(reason=f"{_HOST} answered 410: the browser unsubscribed")),
        (413, Refused(reason=f"{_HOST} answered 413: too large, even cut short")),
        (415, _alarm(415)),
        (425, _retry(425)),
        (429, _retry(429, _BUSY, Pause.LANE)),
        (500, _retry(500)),
        (502, _retry(502)),
        (503, _retry(503)),
        (507, _retry(507)),
        (999, _retry(999)),
    ],
)
def test_what_an_answer_means(status: int, expected: SendResult) -> None:
    assert understand(status, _HOST, _ASKED) == expected
