"""
What arrives at the callback, `GET` and `POST /wechat`. Pure: what came before is in the push store (`Followers`).

Nothing is believed that is not signed with the token, and new: its timestamp is at most 5 minutes off. In AES mode
the signature covers what is said, and what is not sealed is refused. In plain mode it covers the timestamp and the
nonce alone, so one signature speaks for one event, whichever server it comes to: with another it is refused.

WeChat repeats what is not answered within 5 s, up to three times. An event counts as told once it is settled; until
then a repeat is acted upon again, so whoever acts on events does so in a way that can be repeated.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from watcher.push.channels.wechat.crypto import SALT_BYTES, Seal, is_signed, signature
from watcher.push.channels.wechat.envelope import MAX_BYTES, read_envelope, write_envelope
from watcher.push.channels.wechat.events import Event, dedupe_key, read_event
from watcher.push.channels.wechat.settings import WeChatSettings

WINDOW: Final = timedelta(minutes=5)
NOTHING_TO_SAY: Final = b"success"
"""The answer to an event that needs none, and to a repeat; anything else makes WeChat complain to the person."""
MAX_REPLY_BYTES: Final = 2_048
_TIMESTAMP: Final = re.compile(r"[0-9]{1,12}")
_ECHO: Final = re.compile(r"[\x21-\x7e]{1,128}")


class Echo(Struct, frozen=True, kw_only=True):
    """The account's owner saves the callback URL: answer 200 with this, as text/plain. `signature`: of the call."""

    text: str
    signature: str


class InboundEvent(Struct, frozen=True, kw_only=True):
    """
    Something happened.

    Attributes:
        key: of the event, a hash; the same when WeChat tells it again.
        signature: of the call, which speaks for this event and for no other.
        account: the account's own name (`gh_…`), which signs the reply.
    """

    event: Event
    key: str
    signature: str
    account: str


class Refusal(Struct, frozen=True, kw_only=True):
    """Not WeChat, or not now: answer with this status and nothing else; `reason` is for the log."""

    status: int
    reason: str


_FORGED: Final = Refusal(status=403, reason="the signature is wrong; is WATCHER_WECHAT_TOKEN the account's?")
_STALE: Final = Refusal(status=403, reason="the timestamp is over 5 minutes off; is this machine's clock right?")
REPLAYED: Final = Refusal(status=403, reason="a signature that came with something else before")
_UNSEALED: Final = Refusal(status=403, reason="not encrypted, and WATCHER_WECHAT_AES_KEY is set; choose AES mode")
_SEALED: Final = Refusal(status=403, reason="encrypted, and WATCHER_WECHAT_AES_KEY is not set")
_WRONG_KEY: Final = Refusal(status=403, reason="cannot be decrypted; compare WATCHER_WECHAT_AES_KEY and _APP_ID")
REFUSALS: Final = (_FORGED, _STALE, REPLAYED, _UNSEALED, _SEALED, _WRONG_KEY)
"""Those that the operator, or somebody on the way, has to do with."""
_UNREADABLE: Final = Refusal(status=400, reason="no XML of an event")
_NO_ECHO: Final = Refusal(status=400, reason="no echostr")


class InboundEvents:
    """Verifies and reads the callbacks of one account."""

    def __init__(self, settings: WeChatSettings, *, random_bytes: Callable[[int], bytes] = secrets.token_bytes) -> None:
        self._token = settings.token
        self._seal = Seal(settings.aes_key, settings.app_id) if settings.aes_key else None
        self._signed_by = "signature" if self._seal is None else "msg_signature"
        self._random_bytes = random_bytes

    def verify(self, query: Mapping[str, str], *, now: datetime) -> Echo | Refusal:
        """Return the answer to `GET /wechat`."""
        if refusal := self._refuse(query, "signature", "", now):
            return refusal
        echo = query.get("echostr", "")
        return Echo(text=echo, signature=query["signature"]) if _ECHO.fullmatch(echo) else _NO_ECHO

    def receive(self, query: Mapping[str, str], body: bytes, *, now: datetime) -> InboundEvent | Refusal:
        """Return what `POST /wechat` with this body (at most 64 KiB) tells."""
        fields = self._fields(query, body, now)
        if isinstance(fields, Refusal):
            return fields
        event = read_event(fields)
        if event is None:
            return _UNREADABLE
        account, signed = fields.get("ToUserName", ""), query[self._signed_by]
        return InboundEvent(event=event, key=dedupe_key(fields), signature=signed, account=account)

    def reply(self, arrived: InboundEvent, text: str, *, now: datetime) -> bytes:
        """Return the body (text/xml) that says something to whom the event is from; at most 2,048 bytes of text."""
        stamp = int(now.timestamp())
        xml = write_envelope(
            {
                "ToUserName": arrived.event.openid,
                "FromUserName": arrived.account,
                "CreateTime": stamp,
                "MsgType": "text",
                "Content": text.encode(errors="replace")[:MAX_REPLY_BYTES].decode(errors="ignore"),
            }
        )
        return xml if self._seal is None else self._sealed(self._seal, xml, str(stamp))

    def _sealed(self, seal: Seal, xml: bytes, stamp: str) -> bytes:
        sealed = seal.close(xml, salt=self._random_bytes(SALT_BYTES))
        nonce = self._random_bytes(8).hex()
        signed = signature(self._token, stamp, nonce, sealed)
        return write_envelope({"Encrypt": sealed, "MsgSignature": signed, "TimeStamp": int(stamp), "Nonce": nonce})

    def _fields(self, query: Mapping[str, str], body: bytes, now: datetime) -> Mapping[str, str] | Refusal:
        if len(body) > MAX_BYTES:
            return Refusal(status=413, reason="over 64 KiB")
        if self._seal is not None:
            return self._opened(self._seal, query, body, now)
        if refusal := self._refuse(query, "signature", "", now):
            return refusal
        fields = read_envelope(body)
        if fields is None:
            return _UNREADABLE
        # In the account's "compatible" mode both forms come at once, and the plain one is as good here.
        return _SEALED if "Encrypt" in fields and "FromUserName" not in fields else fields

    def _opened(self, seal: Seal, query: Mapping[str, str], body: bytes, now: datetime) -> Mapping[str, str] | Refusal:
        # The signature covers the sealed text, so the outer XML is read before anything is believed.
        outer = read_envelope(body)
        if outer is None:
            return _UNREADABLE
        sealed = outer.get("Encrypt", "")
        if not sealed:
            return _UNSEALED
        if refusal := self._refuse(query, "msg_signature", sealed, now):
            return refusal
        xml = seal.open(sealed)
        if xml is None:
            return _WRONG_KEY
        return read_envelope(xml) or _UNREADABLE

    def _refuse(self, query: Mapping[str, str], name: str, sealed: str, now: datetime) -> Refusal | None:
        stamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
        parts = (self._token, stamp, nonce, *([sealed] if sealed else []))
        if not is_signed(query.get(name, ""), *parts):
            return _FORGED
        if not _TIMESTAMP.fullmatch(stamp) or abs(now.timestamp() - int(stamp)) > WINDOW.total_seconds():
            return _STALE
        return None
