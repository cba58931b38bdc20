"""
A response → what the watch sees in it, in whatever process that is.

This brings the parser, which takes 40 ms to import: whoever may get by without a page imports it when one is there.

What stands in the way of a page is told from the page before anything is selected from it, by marks that no page has;
and afterwards by its words, when the watch itself has reason to doubt (`extract/walls.py`):
- a required selector found nothing, or what is no value;
- or it is the first look: then two signs must agree (`first_look`), a price or a date that was found is one against
  most of them, and what is suspected waits for a good look, or for the operator;
- or something is new, and nothing of it vouches for the page: no value by its kind (`core.suspicion.vouches`), and not
  all of them by their places (`_is_in_place`).
In the last case it is examined: how it looks goes into the state, and is compared there with how it usually does.
Where the prefix of a page shows what is new in its usual place, nothing else of it is read (`examine_prefix`).
`page_must_contain` is better than all of this: where it is given, and holds, nothing of it is doubted.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from time import thread_time
from typing import TYPE_CHECKING

from msgspec.structs import replace

from watcher.core.cpu_budget import CpuBudget
from watcher.core.page import Page, Response
from watcher.core.page_profile import Examined, Profile, Usual, is_other, unpacked_profile
from watcher.core.proposal import Proposal
from watcher.core.redaction import redacted, redacted_rows, redacted_witnesses, seen_rows
from watcher.core.suspicion import vouches
from watcher.core.values import SINGLE, Money, Rows, Value
from watcher.core.watch import Secrets, Watch
from watcher.core.witness import Doubt, Witnesses, packed, unpacked
from watcher.core.wording import said_by
from watcher.errors import BlockedError, MissingError, UnparsableError
from watcher.extract.body import Body, open_body
from watcher.extract.ending import closes_root, ending_of
from watcher.extract.explain import Explanation, explain
from watcher.extract.first_look import doubt_first
from watcher.extract.observe import Sight, look
from watcher.extract.prefix_reading import likely_kib, read_prefix
from watcher.extract.prefix_witness import may_show_places, shows_places
from watcher.extract.profile import digest_of_heads, heads_of, profile_of
from watcher.extract.walls import NoPage, doubt, doubt_news, read_wall, told_by
from watcher.extract.witness import Verification, are_telling, verify
from watcher.fetch import inflate
from watcher.fetch.answer import walled_by
from watcher.watching.freed_memory import keep_freed_memory

if TYPE_CHECKING:
    from watcher.extract.noise import Remedy

_REGEX_SECONDS = 2
"""How long all regular expressions together may look at one page."""
_PROPOSING_SECONDS = 2
"""How long it may take to look for what is lost: the check has failed already, and waits for it."""


def see(watch: Watch, response: Response, number: int = 1, container: str = "") -> Sight:
    """
    Return what the watch sees in a response, when that is the page and no wall.

    Args:
        number, container: as of `extract.observe.look`.

    Raises:
        BlockedError: it is a wall.
        CheckError: see `extract.observe.look`.
    """
    return see_page(watch, page_of(watch, response), number, _full_budget(), container)


def explanation_of(watch: Watch, response: Response) -> Explanation:
    """Return how a response is read, without the watch's secrets. Raises BodyError."""
    explanation = explain(page_of(watch, response), watch, _full_budget())
    secrets = watch.request.secrets
    return explanation if secrets is None else _explained_without(secrets, explanation)


def remedy_of(watch: Watch, first: Response, second: Response) -> Remedy | None:
    """Return what leaves out all that moved between two versions of a page, if anything does. Raises CheckError."""
    from watcher.extract.noise import remedy  # see `propose`

    found = remedy(watch, page_of(watch, first), page_of(watch, second), _full_budget())
    secrets = watch.request.secrets
    if found is None or (secrets and any(redacted(entry, secrets) != entry for entry in found.entries)):
        return None
    return found


def _explained_without(secrets: Secrets, explanation: Explanation) -> Explanation:
    def shown(text: str | None) -> str | None:
        return text and redacted(text, secrets)

    def value_of(value: Value) -> Value:
        return redacted(value, secrets) if isinstance(value, str) else value

    return replace(
        explanation,
        encoding=redacted(explanation.encoding, secrets),
        why=redacted(explanation.why, secrets),
        findings=tuple(
            replace(
                finding,
                raw=shown(finding.raw),
                value=value_of(finding.value),
                error=shown(finding.error),
                matches=tuple(map(value_of, finding.matches)),
                note=shown(finding.note),
            )
            for finding in explanation.findings
        ),
        next_url=shown(explanation.next_url),
        rows=redacted_rows(explanation.rows, secrets),
        error=shown(explanation.error),
    )


def _full_budget() -> CpuBudget:
    return CpuBudget(thread_time, regex_seconds=_REGEX_SECONDS)


def see_page(watch: Watch, page: Page, number: int, budget: CpuBudget, container: str = "") -> Sight:
    """Return what the watch sees on a page, as `see` does. Raises SlowPageError as well, beyond the budget."""
    keep_freed_memory()
    if who := page.kept.of("wall", lambda: read_wall(page.body)):
        raise BlockedError(walled_by(who))
    try:
        sight = look(page, watch, budget, number=number, container=container)
    except (MissingError, UnparsableError) as error:
        raise _doubt(watch, page) or error from None
    if page.may_be_cut:
        sight = replace(sight, ending=ending_of(page))
    secrets = watch.request.secrets
    return sight if secrets is None else _without(secrets, sight)


def see_prefix(watch: Watch, page: Page, kib: int, budget: CpuBudget) -> Sight | None:
    """Return what the watch sees on a page, when so much of its source decides that; None: all of it is to be read."""
    keep_freed_memory()
    if page.kept.of("wall", lambda: read_wall(page.body)) or (page.may_be_cut and not closes_root(page.body)):
        return None
    sight, secrets = read_prefix(page, watch, kib, budget), watch.request.secrets
    return sight if sight is None or secrets is None else _without(secrets, sight)


def examine_prefix(watch: Watch, page: Page, rows: Rows, usual: Usual, budget: CpuBudget) -> Examined | None:
    """Return what comes of a closer look at a page whose prefix shows that each value is in place; None elsewhere."""
    taken, known, kib = unpacked_profile(usual.profile), unpacked(usual.witnesses), usual.prefix_kib
    if taken is None or not shows_places(page, watch, kib, known, taken.profile.heads, rows, budget):
        return None
    return Examined(profile=None, witnesses=usual.witnesses, prefix_kib=kib)


def _prefix_kib(
    watch: Watch, page: Page, body: Body, budget: CpuBudget, *, usual: int, rows: Rows, now: Witnesses
) -> int:
    """
    Return how much of the page's source decides what the watch sees, when that was tried; 0: all of it.

    Better is what shows the places of the values, too, for it tells a change as well.
    """
    least, deciding = likely_kib(body, watch), 0
    if not usual and not least:
        return 0
    may_show = may_show_places(watch, now)
    likely = likely_kib(body, watch, with_places=True) if least and may_show else least
    for kib in dict.fromkeys((usual, likely, least)):
        sight = see_prefix(watch, page, kib, budget) if kib else None
        if sight is None or sight.rows != rows:
            continue
        if not may_show or shows_places(page, watch, kib, now, digest_of_heads(body), rows, budget):
            return kib
        deciding = deciding or kib
    return deciding


def _without(secrets: Secrets, sight: Sight) -> Sight:
    """Return what a page shows besides the secrets. Where its list goes on is asked for as the page says."""
    return replace(
        sight,
        rows=seen_rows(sight.rows, secrets),
        link=sight.link and redacted(sight.link, secrets),
        notes=tuple(redacted(note, secrets) for note in sight.notes),
    )


def examine(watch: Watch, response: Response, rows: Rows, usual: Usual) -> Examined:
    """
    Return what comes of a closer look at a page, when nothing says that it is none.

    Args:
        rows: what the watch sees on it.

    Raises:
        BlockedError, MissingError, UnexpectedPageError: by its words it is a wall, or gone, or an error of its server.
    """
    return examine_page(watch, page_of(watch, response), rows, usual, _full_budget())


def examine_page(watch: Watch, page: Page, rows: Rows, usual: Usual, budget: CpuBudget) -> Examined:
    """Return what comes of a closer look, as `examine` does. Raises SlowPageError as well, beyond the budget."""
    body, known, error = open_body(page), unpacked(usual.witnesses), None
    verified = verify(page, watch, usual, rows, budget)
    profile = None
    if usual.is_profile_due or not _is_in_place(watch, body, usual, known, verified):
        profile = page.kept.of("profile", lambda: profile_of(body))
        error = None if watch.page_must_contain else _said(watch, page, body, rows, usual, profile)
    if error is not None and (usual.profile or usual.rows):
        raise error
    kib = _prefix_kib(watch, page, body, budget, usual=usual.prefix_kib, rows=rows, now=verified.witnesses)
    secrets = watch.request.secrets
    return Examined(
        profile=profile,
        witnesses=packed(redacted_witnesses(verified.witnesses, secrets)),
        doubts=tuple(replace(doubt, text=redacted(doubt.text, secrets)) for doubt in verified.doubts),
        prefix_kib=kib,
        accusation=Doubt(name=error.kind, text=redacted(said_by(error), secrets)) if error else None,
    )


def _is_in_place(watch: Watch, body: Body, usual: Usual, known: Witnesses, now: Verification) -> bool:
    """
    Return whether each value stands where it stood, by all signs of a telling place, under the title and the heading
    that the page has: then it is the page, and how the rest of it looks says nothing against it.
    """
    taken = unpacked_profile(usual.profile)
    if taken is None or not taken.profile.heads:
        return False
    is_usual = are_telling(watch, known) and now.witnesses == known
    return is_usual and digest_of_heads(body) == taken.profile.heads


def propose(watch: Watch, response: Response, usual: Usual) -> tuple[Proposal, ...]:
    """
    Return where the values may stand that a watch does not find, or not believe; without its secrets.

    Raises:
        CheckError: the page cannot be read, or takes too long.
    """
    from watcher.extract.relocation import proposals  # what makes selectors takes 40 ms, and few checks need one

    budget = CpuBudget(thread_time, seconds=_PROPOSING_SECONDS, regex_seconds=_PROPOSING_SECONDS)
    found = proposals(page_of(watch, response), watch, usual, budget)
    secrets = watch.request.secrets
    return found if secrets is None else tuple(_proposed_without(secrets, each) for each in found)


def _proposed_without(secrets: Secrets, proposal: Proposal) -> Proposal:
    """Return a proposal without the secrets; a selector that holds one is of no use."""
    return replace(
        proposal,
        label=redacted(proposal.label, secrets),
        last=redacted(proposal.last, secrets),
        places=tuple(
            replace(each, text=redacted(each.text, secrets))
            for each in proposal.places
            if redacted(each.selector, secrets) == each.selector
        ),
    )


def _said(watch: Watch, page: Page, body: Body, rows: Rows, usual: Usual, profile: Profile | None) -> NoPage | None:
    """Return what the words of a page say against it, where nothing that was found vouches for it."""
    if not usual.profile and not usual.rows:  # it is the first look; of stock, a wall says `unavailable`, too
        found = (value for row in rows.values() for value in row.values())
        return doubt_first(page, body, is_valued=any(isinstance(value, (Money, date)) for value in found))
    if vouches(watch, usual.rows, rows):
        return None
    known = unpacked_profile(usual.profile)
    if known and profile and profile.heads:
        if known.profile.heads == profile.heads and not is_other(known.profile, profile):
            return None
        if error := told_by(*heads_of(body)):
            return error
    return doubt_news(_new_lines(usual.rows, rows)) or doubt(page.body, body.text)


def _new_lines(before: Rows, rows: Rows) -> Sequence[str]:
    """Return the lines of single texts that were not in them before."""
    known, lines = before.get(SINGLE, {}), []
    for name, value in rows.get(SINGLE, {}).items():
        if isinstance(value, str) and value != (then := known.get(name)):
            old = set(then.split("\n")) if isinstance(then, str) else set()
            lines += [line for line in value.split("\n") if line not in old]
    return lines


def _doubt(watch: Watch, page: Page) -> NoPage | None:
    """Return the error for a page whose few words are those of a wall, or of a page that is gone."""
    body = open_body(page)
    return None if watch.page_must_contain else doubt(page.body, body.text) or doubt_first(page, body)


def page_of(watch: Watch, response: Response) -> Page:
    """
    Return the response inflated and ready to be read; once for all watches that read it in the same way.

    Raises BodyError.
    """
    encoding, max_body_bytes = watch.request.encoding, watch.request.max_body_bytes

    def inflated() -> Page:
        return Page(
            url=response.url,
            body=inflate(response, max_body_bytes=max_body_bytes),
            media_type=response.media_type,
            charset=response.charset,
            encoding=encoding,
            may_be_cut=response.may_be_cut,
        )

    return response.kept.of((encoding, max_body_bytes), inflated)
