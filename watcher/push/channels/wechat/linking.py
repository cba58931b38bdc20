"""
How a follower confirms that an inbox may be linked: by a number, written to the account.

The question is about the claim whose code was scanned, and goes to whoever scanned it, so no channel sends it: it is
the answer to the scan. Its number is good once, for as long as the claim.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from watcher.core.push import InboxSummary
from watcher.push.channels.wechat.scan_results import ScanOutcome, ScanResult, reached, reached_id
from watcher.push.claims import CLAIM_LIFE
from watcher.push.ids import hash_digits, hash_token, new_digits
from watcher.push.inbox import inbox_words
from watcher.push.subscribers import summary
from watcher.translations import Locale, text

if TYPE_CHECKING:
    from watcher.store.push.store import Transaction


def ask(tx: Transaction, openid: str, claim: str, now: datetime) -> ScanResult:
    """Ask whether to link the inbox of this claim, unless the claim is over or the follower is reached already."""
    fingerprint, token_hash = hash_token(openid), hash_token(claim)
    known = tx.subscribers.of_openid(fingerprint)
    owner_id = tx.claims.subscriber_id(token_hash, at=now)
    owner = None if owner_id is None else tx.subscribers.of_id(owner_id)
    if owner is None:
        return ScanResult(outcome=ScanOutcome.EXPIRED, subscriber=known)
    if (theirs := reached_id(tx, fingerprint)) is not None:
        return ScanResult(outcome=ScanOutcome.LINKED if theirs == owner.id else ScanOutcome.TAKEN, subscriber=known)
    answer = new_digits()
    if not tx.claims.ask(token_hash, openid_hash=fingerprint, answer_hash=hash_digits(openid, answer), at=now):
        return ScanResult(outcome=ScanOutcome.EXPIRED, subscriber=known)
    return ScanResult(
        outcome=ScanOutcome.ASKED,
        subscriber=known,
        inbox=summary(tx, owner),
        answer=answer,
        leaves=known.uid if known is not None and known != owner else "",
    )


def answered(tx: Transaction, openid: str, answer: str, now: datetime) -> ScanResult | None:
    """Link the openid if this is the answer to a question; None when it is not."""
    fingerprint = hash_token(openid)
    owner_id = tx.claims.answer(fingerprint, hash_digits(openid, answer), at=now)
    owner = None if owner_id is None else tx.subscribers.of_id(owner_id)
    if owner is None:
        return None
    # Between the question and the answer the follower may have scanned something else.
    if reached_id(tx, fingerprint) not in (None, owner.id):
        return ScanResult(outcome=ScanOutcome.TAKEN, subscriber=tx.subscribers.of_openid(fingerprint))
    tx.subscribers.note_openid(owner.id, openid_hash=fingerprint)
    return ScanResult(outcome=ScanOutcome.LINKED, subscriber=reached(tx, openid, now))


def is_asked(tx: Transaction, fingerprint: str, now: datetime) -> bool:
    """Return whether an answer of this follower could link an inbox."""
    return tx.claims.is_asked(fingerprint, at=now) and reached_id(tx, fingerprint) is None


def question_words(result: ScanResult, inbox: InboxSummary) -> str:
    """Return what is asked of who scanned the code of an inbox: which it is, what a yes means, how to say it."""
    return "\n\n".join("\n".join(_questions(language, result, inbox)) for language in (Locale.CHINESE, Locale.ENGLISH))


def _questions(language: Locale, result: ScanResult, inbox: InboxSummary) -> Iterator[str]:
    minutes = CLAIM_LIFE // timedelta(minutes=1)
    yield text(language, "wechat_asked", inbox=inbox_words(language, inbox))
    yield text(language, "wechat_asked_means")
    if result.leaves:
        yield text(language, "wechat_asked_leaves", uid=result.leaves)
    yield text(language, "wechat_asked_answer", answer=result.answer, count=minutes)
