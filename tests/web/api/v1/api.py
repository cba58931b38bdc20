"""The API as its callers see it."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from tests.web.site import Site
from watcher.core.access import Scope
from watcher.core.push import App

ALL = frozenset(Scope)
BODIES: Mapping[str, dict[str, Any]] = {
    "/apps": {"name": "Bakery"},
    "/apps/{app_id}": {"contact": "me"},
    "/apps/{app_id}/token": {"grace_seconds": 60},
    "/topics": {"name": "Bread"},
    "/topics/{topic_id}": {"mode": "approval"},
    "/webhooks": {"url": "http://127.0.0.1:9/hook", "events": ["message.sent"], "app_id": 2},
    "/topics/{topic_id}/mirrors": {
        "name": "Buyers",
        "webhook": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa",
    },
    "/subscribers": {"topic_ids": [2]},
    "/subscriptions/{subscription_id}": {"state": "following"},
    "/messages": {"content": "Fresh bread", "topic_ids": [2], "app_id": 2},
}
"""What each operation that takes a body may be sent, by its path."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back: `said` is the parsed body, None without one."""

    status: int
    headers: Mapping[str, str]
    said: Any

    @property
    def type(self) -> str:
        return self.headers.get("Content-Type", "").partition(";")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """An application `Shop` with its token, and a token that may do everything."""

    site: Site
    app: App
    app_token: str
    token: str

    @classmethod
    async def of(cls, site: Site) -> Api:
        app, app_token = await site.app()
        _, token = await site.push.tokens.add("tests", ALL)
        return cls(site=site, app=app, app_token=app_token, token=token)

    async def key(self, scopes: Collection[Scope], *, app_id: int | None = None) -> str:
        """Return another token."""
        return (await self.site.push.tokens.add("tests", scopes, app_id=app_id))[1]

    async def __call__(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
        raw: bytes | None = None,
    ) -> Answer:
        """Ask `/api/v1` + path, with the token for everything unless another is given; the empty one is none."""
        token = self.token if token is None else token
        sent = {"Authorization": f"Bearer {token}"} if token else {}
        if raw is None and body is not None:
            raw = json.dumps(body).encode()
        if raw is not None:
            sent["Content-Type"] = "application/json"
        async with self.site.client.request(
            method, f"/api/v1{path}", data=raw, headers={**sent, **(headers or {})}
        ) as answer:
            text = await answer.text()
            return Answer(status=answer.status, headers=answer.headers, said=json.loads(text) if text else None)
