"""
What an SMTP server's refusal means (RFC 5321 §4.2, enhanced status codes of RFC 3463). Pure.

    said to                     code                        means
    anything                    421, 4.3.x, 4.4.x, no SMTP  later; the whole server rests
    greeting, login, sender     4yz                         later; the whole server rests
    recipient, mail             4yz                         later: greylisted, mailbox full
    anything                    530, 534, 535, 538          refused, and the operator is told: the login
    sender, recipient, mail     552, 5.2.2                  later: the mailbox is full
    sender, recipient, mail     5.2.3, 5.3.4                refused: too large
    greeting, login, sender     other 5yz                   refused, and the operator is told
    recipient, mail             5.7.x, 5.1.7, 5.1.8         refused, and the operator is told: policy, our own address
    recipient, mail             5.1.1, .2, .3, .6, .10      gone: no such mailbox, no such domain
    recipient                   other 5yz                   refused; dropped at the third in a row
    mail                        other 5yz                   refused: this mail

A bare 550 means "no such user" to some and "we do not like you" to others, so it counts against the address only in
repetition. The server's words are not repeated, for they quote the address.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from watcher.core.channels import Gone, Pause, Refused, Retry, SendResult, Strikes

_LOGIN_CODES: Final = frozenset({530, 534, 535, 538})
_NO_SUCH_MAILBOX: Final = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"})
_OUR_OWN_ADDRESS: Final = frozenset({"5.1.7", "5.1.8"})
_TOO_LARGE: Final = frozenset({"5.2.3", "5.3.4"})
_MAILBOX_FULL: Final = "5.2.2"
_REFUSALS: Final = Strikes(most=3)
# Some write it after a word or with the code again: "550-5.1.1 …".
_ENHANCED: Final = re.compile(r"\s*(?P<code>[45]\.[0-9]{1,3}\.[0-9]{1,3})(?![0-9.])")


class Step(StrEnum):
    """What the server answered to; the value is for the reason."""

    GREETING = "our greeting"
    LOGIN = "the login"
    SENDER = "the sender"
    RECIPIENT = "the recipient"
    MAIL = "the mail"


_ABOUT_US: Final = frozenset({Step.GREETING, Step.LOGIN, Step.SENDER})


def understand(step: Step, code: int, text: str, host: str) -> SendResult:
    """
    Return what a refusal says by the table above.

    Args:
        code: the reply code, whatever it is.
        text: the rest of the reply, of which the enhanced status code is read where it agrees with `code`.
        host: of the server, for the reason.
    """
    enhanced = _enhanced(code, text)
    said = f"{host} answered {code}{' ' + enhanced if enhanced else ''} to {step}"
    if 400 <= code < 500:
        return Retry(reason=said, pause=_who_waits(step, code, enhanced))
    if not 500 <= code < 600:
        return Retry(reason=f"{host} does not speak SMTP", pause=Pause.LANE)
    if code in _LOGIN_CODES:
        return Refused(reason=f"{said}: look at user and password in WATCHER_SMTP_URL", is_alarm=True)
    if step in {Step.GREETING, Step.LOGIN}:
        return Refused(reason=said, is_alarm=True)
    return _refusal_of_mail(step, code, enhanced, said)


def _refusal_of_mail(step: Step, code: int, enhanced: str, said: str) -> SendResult:
    # Servers that know SIZE say both of these to the sender already (RFC 1870 §6).
    if enhanced in _TOO_LARGE:
        return Refused(reason=f"{said}: too large")
    if enhanced == _MAILBOX_FULL or (code == 552 and not enhanced):
        return Retry(reason=f"{said}: the mailbox is full")
    if step in _ABOUT_US or enhanced in _OUR_OWN_ADDRESS:
        return Refused(reason=f"{said}: look at WATCHER_MAIL_FROM", is_alarm=True)
    if enhanced.startswith("5.7."):
        return Refused(reason=f"{said}: its policy is against it", is_alarm=True)
    if enhanced in _NO_SUCH_MAILBOX:
        return Gone(reason=f"{said}: there is no such mailbox")
    return Refused(reason=said, strikes=_REFUSALS if step is Step.RECIPIENT else None)


def _who_waits(step: Step, code: int, enhanced: str) -> Pause:
    is_server = code == 421 or enhanced.startswith(("4.3.", "4.4.")) or step in _ABOUT_US
    return Pause.LANE if is_server else Pause.ADDRESS


def _enhanced(code: int, text: str) -> str:
    """Return `5.1.1` of `5.1.1 no such user`; empty when there is none, or one of another class than the code."""
    found = _ENHANCED.match(text)
    return found["code"] if found and found["code"][0] == str(code)[:1] else ""
