"""
What a push service's answer means (RFC 8030, and what the services in use say of themselves). Pure.

    200, 201, 202          sent
    400                    refused, and the address is dropped at the third in a row
    401, 403               refused, and the operator is told: our keys or our contact are not believed
    404                    refused, and the address is dropped at the second within a day
    406, 429               later; the whole push service rests until Retry-After (Windows says 406)
    408, 425, 5xx          later
    410                    gone
    413                    refused: the short version was too large as well
    other 3xx and 4xx      refused, and the operator is told
    anything else          later: nobody speaks for the address

Never does an address suffer for its push service's trouble.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from watcher.core.channels import Gone, Pause, Refused, Retry, SendResult, Sent, Strikes

TOO_LARGE: Final = 413
_TAKEN: Final = frozenset({200, 201, 202})
_NOT_FOUND: Final = Strikes(most=2, within=timedelta(days=1))
_BAD_REQUEST: Final = Strikes(most=3)


def understand(status: int, host: str, asked: timedelta | None) -> SendResult:
    """
    Return what an HTTP status says by the table above.

    Args:
        host: of the push service, for the reason.
        asked: Retry-After, if it was there.
    """
    if status in _TAKEN:
        return Sent()
    said = f"{host} answered {status}"
    match status:
        case 400:
            return Refused(reason=said, strikes=_BAD_REQUEST)
        case 401 | 403:
            return Refused(reason=f"{said}: it does not believe our VAPID keys or contact", is_alarm=True)
        case 404:
            return Refused(reason=said, strikes=_NOT_FOUND)
        case 406 | 429:
            return Retry(reason=f"{said}: too much at once", after=asked, pause=Pause.LANE)
        case 408 | 425:
            return Retry(reason=said, after=asked)
        case 410:
            return Gone(reason=f"{said}: the browser unsubscribed")
        case 413:
            return Refused(reason=f"{said}: too large, even cut short")
    if 300 <= status < 500:
        return Refused(reason=said, is_alarm=True)
    return Retry(reason=said, after=asked)
