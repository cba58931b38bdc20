"""
What the other server's answer means. Pure.

    answer                                              means
    200, every code 1000                                sent
    200, 1001: the key came before, with other words    sent: before, and not to be shown twice
    200, the target's 1001 未关注                       gone: it does not follow the application any more
    200, 1001 about the token                           refused, and the operator is told
    200, 1005                                           refused, and the operator is told: no WxPusher of today
    200, 1001 about the topic                           refused, and the operator is told
    200, 1001 about the content; 400, 413, 422          refused: this message as it is
    429; any code with the words of a limit             later; the whole server rests
    200, any other code of the target                   later
    any other status or code, no envelope, no answer    later; the whole server rests

The server's own words are not repeated, for they quote UIDs and tokens.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final, assert_never

from watcher.core.channels import Gone, Pause, Refused, Retry, SendResult, Sent
from watcher.push.wxpusher import Answer, AnswerVerdict

_REFUSING_STATUSES: Final = frozenset({400, 413, 422})


def understand_status(status: int, host: str, asked: timedelta | None) -> SendResult:
    """
    Return what a status other than 200 means.

    Args:
        asked: Retry-After, if it was there.
    """
    said = f"{host} answered {status}"
    if status in _REFUSING_STATUSES:
        return Refused(reason=f"{said}: it refuses the message as it is")
    if 300 <= status < 400:
        said += "; give the URL that it moved to as WATCHER_UPSTREAM_URL"
    return rest(said, after=asked)


def understand(answer: Answer, host: str) -> SendResult:
    """Return what the body of a 200 means."""
    said = f"{host} answered {answer.code}"
    match answer.verdict:
        case AnswerVerdict.TAKEN | AnswerVerdict.TAKEN_BEFORE:
            return Sent()
        case AnswerVerdict.NOT_FOLLOWING:
            return Gone(reason=f"{said}: the subscriber does not follow the application there any more")
        case AnswerVerdict.TOKEN:
            return Refused(reason=f"{said}: it does not know the application's token", is_alarm=True)
        case AnswerVerdict.TOPIC:
            return Refused(reason=f"{said}: the application has no such topic there", is_alarm=True)
        case AnswerVerdict.MALFORMED:
            return Refused(reason=f"{said}: it does not understand our request", is_alarm=True)
        case AnswerVerdict.CONTENT:
            return Refused(reason=f"{said}: it refuses the content")
        case AnswerVerdict.LIMIT:
            return rest(f"{said}: too much at once")
        case AnswerVerdict.OTHER:
            return Retry(reason=f"{said}, for a reason of its own")
        case AnswerVerdict.FOREIGN:
            return rest(f"{host}: {answer.text}")
        case _:
            assert_never(answer.verdict)


def rest(reason: str, *, after: timedelta | None = None) -> Retry:
    """Return that the whole server is left alone for a while."""
    return Retry(reason=reason, after=after, pause=Pause.LANE)
