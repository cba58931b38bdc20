"""
Debian's ntfy server, and what it answers to `cases.py`: `python -m tests.web.ntfy.real` records it in `real.json`.

What is other each time is left out: ids, times, the words of errors.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from aiohttp import ClientResponse, ClientSession

from tests.running import free_port
from tests.web.ntfy.cases import PUBLISHED, PUBLISHING, READING, Case

RECORDED: Final = Path(__file__).with_name("real.json")
_NTFY: Final = shutil.which("ntfy")
_SECONDS: Final = 30
_LOOK_SECONDS: Final = 0.02
_CONFIGURATION: Final = """
base-url: {base}
listen-http: {address}
cache-file: {directory}/cache.db
auth-file: {directory}/users.db
auth-default-access: deny-all
visitor-request-limit-burst: 100000
visitor-message-daily-limit: 100000
"""

needs_ntfy = pytest.mark.skipif(_NTFY is None, reason="ntfy is not installed: its server was not asked")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A server with what a request needs. `values` are put into its query and headers."""

    session: ClientSession
    base: str
    token: str
    values: Mapping[str, str]


async def answers(session: ClientSession, base: str, token: str, cases: Sequence[Case]) -> Mapping[str, Any]:
    """Publish what is read, then send each case; return the answers by its id, as they are compared."""
    asked = Asked(session=session, base=base, token=token, values={})
    first, *_ = [await _sent(asked, case) for case in PUBLISHED]
    asked = Asked(
        session=session, base=base, token=token, values={"{first}": first["id"], "{now}": str(first["time"] - 1)}
    )
    return {case.id: await _answer(asked, case) for case in cases}


async def _sent(asked: Asked, case: Case) -> Mapping[str, Any]:
    async with _request(asked, case) as answer:
        said: Mapping[str, Any] = await answer.json()
        assert answer.status == 200, said
        return said


async def _answer(asked: Asked, case: Case) -> Mapping[str, Any]:
    async with _request(asked, case) as answer:
        body = (await answer.read()).decode()
    kind = answer.content_type
    if kind == "text/html":
        return {"status": answer.status, "type": kind}
    if kind == "text/plain":
        return {"status": answer.status, "told": body.splitlines()}
    events = [json.loads(line.removeprefix("data: ")) for line in body.splitlines() if "{" in line]
    if case.fields == ("message",) and kind in ("application/x-ndjson", "text/event-stream"):
        return {"status": answer.status, "told": [each["message"] for each in events if each["event"] == "message"]}
    [said] = events or [{}]
    return {"status": answer.status} | {
        name: said[name] for name in (*case.fields, "code", "success", "healthy") if name in said
    }


@asynccontextmanager
async def _request(asked: Asked, case: Case) -> AsyncIterator[ClientResponse]:
    headers, query = dict(case.headers), {name: _filled(asked, value) for name, value in case.query.items()}
    match case.auth:
        case "bearer":
            headers["Authorization"] = f"Bearer {asked.token}"
        case "user":
            headers["Authorization"] = _basic(asked.token, "")
        case "password":
            headers["Authorization"] = _basic("", asked.token)
        case "query":
            query["auth"] = _in_query(f"Bearer {asked.token}")
        case "query of basic":
            query["auth"] = _in_query(_basic("", asked.token))
        case "wrong":
            headers["Authorization"] = f"Bearer {asked.token[:-1]}"
    headers.setdefault("Content-Type", "application/octet-stream")
    url = asked.base + case.path
    async with asked.session.request(case.method, url, params=query, headers=headers, data=case.body) as answer:
        yield answer


def _filled(asked: Asked, value: str) -> str:
    return asked.values.get(value, value)


def _basic(user: str, password: str) -> str:
    return f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"


def _in_query(credentials: str) -> str:
    return base64.urlsafe_b64encode(credentials.encode()).decode().rstrip("=")


@asynccontextmanager
async def ntfy_server(directory: Path) -> AsyncIterator[tuple[str, str]]:
    """Keep one running whose only user may do everything; yield its address and the user's token."""
    address = f"127.0.0.1:{free_port()}"
    base, configuration = f"http://{address}", directory / "server.yml"
    configuration.write_text(_CONFIGURATION.format(base=base, address=address, directory=directory))
    log = (directory / "ntfy.log").open("wb")
    process = await asyncio.create_subprocess_exec(
        str(_NTFY), "serve", "--config", configuration, stdout=log, stderr=log
    )
    try:
        async with ClientSession(base) as session, asyncio.timeout(_SECONDS):
            while not await _is_there(session):
                assert process.returncode is None, (directory / "ntfy.log").read_text()
                await asyncio.sleep(_LOOK_SECONDS)
            await _run("user", "--config", str(configuration), "add", "--role=admin", "phil")
            said = await _run("token", "--config", str(configuration), "add", "phil")
        yield base, next(word for word in said.split() if word.startswith("tk_"))
    finally:
        log.close()
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _is_there(session: ClientSession) -> bool:
    try:
        async with session.get("/v1/health") as answer:
            return answer.status == 200
    except OSError:
        return False


async def _run(*arguments: str) -> str:
    process = await asyncio.create_subprocess_exec(
        str(_NTFY),
        *arguments,
        env={**os.environ, "NTFY_PASSWORD": "secret"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    out, _ = await process.communicate()
    assert process.returncode == 0, out.decode()
    return out.decode()


async def ask_ntfy(directory: Path) -> Mapping[str, Any]:
    """Return what ntfy answers to every case."""
    async with ntfy_server(directory) as (base, token), ClientSession() as session:
        return await answers(session, base, token, [*READING, *PUBLISHING])


def main() -> None:
    """Record it."""
    with tempfile.TemporaryDirectory() as directory:
        said = asyncio.run(ask_ntfy(Path(directory)))
    lines = [f"  {json.dumps(name)}: {json.dumps(each)}" for name, each in said.items()]
    RECORDED.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
