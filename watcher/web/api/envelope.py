"""WxPusher's envelope: every answer of the API has the same four keys, and HTTP 200."""

from __future__ import annotations

import json
from functools import partial

from aiohttp import web

from watcher.core.values import Json

SUCCESS = 1000
REFUSED = 1001
NOT_LOGGED_IN = 1002
NO_SUCH_ROUTE = 1004
MALFORMED = 1005
DATA = 1008
UNKNOWN = 1009
CODE = web.ResponseKey("envelope_code", int)
"""What a response of ours is marked with for who counts them; it is not sent."""
REPLAYED = "Idempotency-Replayed"
"""The header of an answer that was given before, under the same idempotency key."""

_dumps = partial(json.dumps, ensure_ascii=False, separators=(",", ":"))


def succeeded(data: Json, msg: str = "处理成功") -> web.Response:
    """Return the envelope of a success. Some clients compare `msg` to exactly this text."""
    return _enveloped(SUCCESS, msg, data)


def repeated(response: web.Response) -> web.Response:
    """Mark an answer as that of an earlier request, of which this one is a repeat."""
    response.headers[REPLAYED] = "true"
    return response


def failed(code: int, msg: str) -> web.Response:
    """Return the envelope of a failure; clients decide on `code`, not on the HTTP status."""
    return _enveloped(code, msg, None)


def _enveloped(code: int, msg: str, data: Json) -> web.Response:
    envelope = {"code": code, "msg": msg, "data": data, "success": code == SUCCESS}
    response = web.json_response(envelope, dumps=_dumps)
    response[CODE] = code
    return response
