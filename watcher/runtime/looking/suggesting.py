"""A look at a page for what can be watched on it. Nothing is kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType

from msgspec.structs import replace

from watcher.config.literal import literal_body
from watcher.core.page import NotModified, Response, Validators
from watcher.core.redaction import redacted
from watcher.core.values import Json
from watcher.core.watch import Watch
from watcher.errors import AddressDeniedError, CheckError, FetchError
from watcher.extract.suggesting import Candidate, Suggestions
from watcher.fetch import HttpFetcher
from watcher.fetch.hop import is_same_origin, parse
from watcher.net.sessions import Sessions
from watcher.runtime.fetching import lanes
from watcher.runtime.settings import utc_now
from watcher.watching.check import as_of
from watcher.watching.page_pool import PagePool
from watcher.watching.suggesting import suggestions_of


async def suggestions_of_page(
    watch: Watch,
    typed: str,
    *,
    value: str | None = None,
    login: Mapping[str, Json] = MappingProxyType({}),
    sessions_of: Callable[[], Sessions] = Sessions,
) -> Suggestions:
    """
    Return what a page suggests to watch: it is asked for once, and a feed that it names as well.

    Args:
        watch: of the page; whether it may stand at a private address makes no difference.
        typed: its URL as it is to be written, secrets not filled in.
        value: only what shows this text is wanted.
        login: what the watch says of it, as it is to be written; no other server gets it.
        sessions_of: what opens connections.

    Raises:
        CheckError: there is no page to look at.
    """
    now = utc_now()
    dated = as_of(watch, now)
    async with sessions_of() as sessions, PagePool(processes=1) as pool:
        fetching = _Fetching(sessions)
        response, is_private = await fetching.page(dated)
        suggestions = await pool.run(watch.id, suggestions_of, dated, response, value, now.year)
        at_place = replace(dated, request=replace(dated.request, allow_private=is_private))
        read = [await _with_texts(each, at_place, fetching, pool) for each in suggestions.candidates]
    candidates = [each for each in read if each is not None and not _holds_secret(dated, each, response.url)]
    return Suggestions(
        candidates=tuple(_as_written(each, response.url, typed, login, is_private=is_private) for each in candidates),
        problem=suggestions.problem and redacted(suggestions.problem, watch.request.secrets),
        title=redacted(suggestions.title, watch.request.secrets),
        is_private=is_private,
    )


class _Fetching:
    """Asks for pages at their host's pace, and for a private address once the guard has said that it is one."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._others: HttpFetcher | None = None

    async def page(self, watch: Watch) -> tuple[Response, bool]:
        """Return the page, and whether its address is a private one. Raises CheckError."""
        try:
            return await self._asked(replace(watch, request=replace(watch.request, allow_private=False))), False
        except AddressDeniedError as error:
            if error.is_redirect:  # a page would have us ask what stands behind our firewall
                raise
            return await self._asked(replace(watch, request=replace(watch.request, allow_private=True))), True

    async def other(self, watch: Watch) -> Response:
        """Return another page, which follows the first at its host's pace. Raises CheckError."""
        assert self._others is not None  # noqa: S101 - the page comes first
        return _answer(await self._others.fetch(watch.request, Validators()))

    async def _asked(self, watch: Watch) -> Response:
        # Lanes of its own for each try: the guard refused before anything was asked, and there is nothing to wait for.
        self._others = HttpFetcher(self._sessions, lanes([watch]), now=utc_now)
        return _answer(await self._others.fetch(watch.request, Validators()))


def _answer(answer: Response | NotModified) -> Response:
    if isinstance(answer, NotModified):
        raise FetchError("304 to a question that was not asked")
    return answer


async def _with_texts(candidate: Candidate, watch: Watch, fetching: _Fetching, pool: PagePool) -> Candidate | None:
    """Return the candidate with what it finds; a feed at another address is looked at. None where that is no feed."""
    url = candidate.watch.get("url")
    if candidate.texts or not isinstance(url, str):
        return candidate
    is_own = _is_at(url, watch.request.url)
    request = replace(watch.request, url=url, allow_private=watch.request.allow_private and is_own)
    if not is_own:
        request = replace(request, headers={}, cookies={})
    try:
        response = await fetching.other(replace(watch, request=request))
        suggestions = await pool.run(url, suggestions_of, watch, response, None, utc_now().year)
    except CheckError:
        return None
    found = [each for each in suggestions.candidates if each.kind is candidate.kind]
    if not found:
        return None
    return replace(candidate, texts=found[0].texts, watch={**candidate.watch, "items": found[0].watch["items"]})


def _holds_secret(watch: Watch, candidate: Candidate, own_url: str) -> bool:
    """Return whether a secret would be written down: the page repeats it, in its feed's address or in a selector."""
    if watch.request.secrets is None:
        return False
    body = {key: part for key, part in candidate.watch.items() if part != own_url}
    written = json.dumps(body, ensure_ascii=False)
    return any(redacted(text, watch.request.secrets) != text for text in (written, candidate.why, *candidate.texts))


def _is_at(url: str, own_url: str) -> bool:
    """Return whether a feed stands where its page does: what is allowed for the page goes for no other server."""
    return is_same_origin(parse(url), parse(own_url))


def _as_written(
    candidate: Candidate, own_url: str, typed: str, login: Mapping[str, Json], *, is_private: bool
) -> Candidate:
    """Return the candidate with the URL as it was typed, or with that of a feed, in which nothing is filled in."""
    body = literal_body(candidate.watch)
    url = candidate.watch.get("url")
    if url == own_url:
        body["url"] = typed
    if isinstance(url, str) and _is_at(url, own_url):
        body |= {"allow_private": True, **login} if is_private else login
    return replace(candidate, watch=body)
