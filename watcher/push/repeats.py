"""
A digest of a send, which tells a repeated request from another one under the same idempotency key.

It is made of the request as it came, so that another release, which cuts or renders differently, still recognises a
repeat. It covers what decides who reads what, and how it rings, and nothing else:

    counts         content, summary, contentType, url, and the receivers in their order; priority and tags, where given
    does not       the token (it may have been reset), unknown fields, verifyPay; the order of keys, blanks between
                   them; whether a field is absent or empty; by which of our routes it came
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence


def request_digest(
    content: str,
    *,
    summary: str | None,
    content_type: int,
    url: str | None,
    uids: Sequence[str] = (),
    topic_ids: Sequence[int] = (),
    priority: int | None = None,
    tags: Sequence[str] = (),
) -> str:
    """Return the digest of a send, 32 hex digits. Takes any text."""
    asked: list[object] = [content, summary or "", content_type, url or "", [*uids], [*topic_ids]]
    if priority is not None or tags:  # or every digest that is saved would be another one
        asked += [priority, [*tags]]
    return hashlib.blake2b(json.dumps(asked).encode(), digest_size=16).hexdigest()
