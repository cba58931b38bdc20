"""
The four calls to WeChat's API that are needed here.

| call | for |
|---|---|
| cgi-bin/stable_token | the access token; unlike cgi-bin/token it ends nobody else's |
| cgi-bin/qrcode/create | a QR code that tells us who scanned it |
| cgi-bin/message/template/send | a message |
| cgi-bin/getcallbackip | whether the account works at all, sending nothing (`doctor`) |

An answer is a value, never an exception: 10 s and 64 KiB at most, no redirects. The access token stands in the URL,
so no error's own text is repeated.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, TypeVar

from aiohttp import ClientResponse
from yarl import URL

from watcher.errors import AddressDeniedError
from watcher.net import NO_ANSWER, Sessions, why_failed
from watcher.push.channels.wechat.answers import (
    AccessToken,
    Callers,
    Failure,
    Fields,
    SceneCode,
    Taken,
    Trouble,
    as_callers,
    as_code,
    as_taken,
    as_token,
    read_answer,
)
from watcher.push.channels.wechat.settings import WeChatSettings
from watcher.push.channels.wechat.tokens import Tokens

CALL_SECONDS: Final = 10.0
MAX_ANSWER_BYTES: Final = 65_536
LONGEST_CODE: Final = timedelta(days=30)
_CHUNK_BYTES: Final = 16_384
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateMessage:
    """
    One message to one follower.

    Attributes:
        fields: of the template, with their texts.
        link: what a tap opens.
        client_msg_id: WeChat drops a second message to the same follower with the same one for 10 minutes.
    """

    openid: str = field(repr=False)
    template_id: str
    fields: Mapping[str, str]
    link: str
    client_msg_id: str


class WeChatApi:
    """Calls the API of one account. One for a process: it holds the access token."""

    def __init__(
        self,
        settings: WeChatSettings,
        sessions: Sessions,
        *,
        now: Callable[[], datetime],
        call_seconds: float = CALL_SECONDS,
    ) -> None:
        """`now`: the wall clock. A relay that the operator named may have a private address."""
        self._settings = settings
        self._base = URL(settings.api)
        self._session = sessions.of(settings.is_relayed)
        self._call_seconds = call_seconds
        self._tokens = Tokens(self._stable_token, now=now)

    @property
    def origin(self) -> str:
        """Where the API is."""
        return str(self._base.origin())

    async def send(self, message: TemplateMessage) -> Taken | Failure:
        """Hand a template message over."""
        said = {
            "touser": message.openid,
            "template_id": message.template_id,
            "url": message.link,
            "data": {name: {"value": text} for name, text in message.fields.items()},
            "client_msg_id": message.client_msg_id,
        }
        return await self._call("cgi-bin/message/template/send", said, as_taken)

    async def create_code(self, scene: str, *, lasts: timedelta = LONGEST_CODE) -> SceneCode | Failure:
        """Return a QR code for a scene (1 to 64 characters), which works for up to 30 days."""
        said = {
            "expire_seconds": int(min(lasts, LONGEST_CODE).total_seconds()),
            "action_name": "QR_STR_SCENE",
            "action_info": {"scene": {"scene_str": scene}},
        }
        return await self._call("cgi-bin/qrcode/create", said, as_code)

    async def callers(self) -> Callers | Failure:
        """Return the addresses from which WeChat calls back: an answer proves app id, secret and whitelist."""
        return await self._call("cgi-bin/getcallbackip", None, as_callers)

    async def _call(
        self, path: str, said: Mapping[str, object] | None, read: Callable[[Fields | Failure], _T | Failure]
    ) -> _T | Failure:
        async def call(token: str) -> _T | Failure:
            return read(await self._request(path, said, token))

        return await self._tokens.use(call)

    async def _stable_token(self, force: bool) -> AccessToken | Failure:
        said = {
            "grant_type": "client_credential",
            "appid": self._settings.app_id,
            "secret": self._settings.secret,
            "force_refresh": force,
        }
        return as_token(await self._request("cgi-bin/stable_token", said, None))

    async def _request(self, path: str, said: Mapping[str, object] | None, token: str | None) -> Fields | Failure:
        """POST what is to be said; GET where there is nothing to say."""
        url = self._base / path
        # WeChat shows \uXXXX to people as it stands, so the JSON is plain UTF-8.
        body = None if said is None else json.dumps(said, ensure_ascii=False).encode(errors="replace")
        try:
            async with (
                asyncio.timeout(self._call_seconds),
                self._session.request(
                    "POST" if body else "GET",
                    url.with_query(access_token=token) if token else url,
                    data=body,
                    headers={"Content-Type": "application/json"} if body else {},
                    allow_redirects=False,
                ) as response,
            ):
                return read_answer(response.status, await _body(response))
        except AddressDeniedError:
            return _unreachable("the name of WeChat's API leads to no public address")
        except TimeoutError:
            return _unreachable(f"no answer within {self._call_seconds:g} s")
        except NO_ANSWER as error:
            return _unreachable(why_failed(error))


async def _body(response: ClientResponse) -> bytes:
    """Return the body; of one that is too big nothing, which `read_answer` takes for no answer."""
    read = bytearray()
    while len(read) <= MAX_ANSWER_BYTES and (chunk := await response.content.read(_CHUNK_BYTES)):
        read += chunk
    return bytes(read) if len(read) <= MAX_ANSWER_BYTES else b""


def _unreachable(reason: str) -> Failure:
    return Failure(trouble=Trouble.UNREACHABLE, reason=reason)
