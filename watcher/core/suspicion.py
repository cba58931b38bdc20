"""
What is too odd to be believed at once.

| suspicious is …                                                              | unless                        |
|------------------------------------------------------------------------------|-------------------------------|
| a page that may have been cut and does not close its root any more           |                               |
| a list of four rows or more that lost half of them at once                   | it is rolling, or said empty  |
| money that is 0 and was not, in a row that was there before                  | the row is new                |
| a number that moved by more than its `max_step` from the last one            | there was none                |
| a single text that is empty and was not: it is `missing`                     | it was believed empty before, |
|                                                                              | or is optional                |
| the text of a page that lost more than half of itself                        | it was a line or two          |
| an optional value that is gone, and with it half of the page                 | something found vouches for   |
| a page that is another one                                                   | the page (`vouches`), or      |
|                                                                              | `page_must_contain` does, or  |
|                                                                              | all values are in their place |
| a value that is read from another place: it is `wrong_place`                 | its witness agrees (`witness`)|
| a first look at what says that it is no page                                 | `page_must_contain` does      |

A suspicious check is a failed one. What is suspicious for `accept_after` checks in agreement is true, and so is
what the operator accepts (`watcher accept`); of the last six, only what the operator accepts, or what another
extraction begins with: a wall agrees with itself, and so does another place.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from watcher.core.check import Observation, Snapshot, Suspect, WatchState
from watcher.core.known import is_rolling
from watcher.core.measures import size
from watcher.core.page_profile import FEWEST_CHARACTERS, Examined, Profile, is_other, is_whole, unpacked_profile
from watcher.core.shown import shown_briefly
from watcher.core.values import SINGLE, Money, Row, Rows, Value, ValueType, magnitude, show
from watcher.core.watch import Language, Selector, Step, Values, Watch
from watcher.core.witness import Doubt
from watcher.core.wording import Worded, worded
from watcher.core.words import clean, cut, one_line
from watcher.errors import BlockedError, MissingError, UnexpectedPageError

SUSPICIOUS = "suspicious"
"""Of the failure that a suspicious check is."""
WRONG_PLACE = "wrong_place"
"""The kind of failure when a selector finds another place."""
ODD = frozenset({SUSPICIOUS, WRONG_PLACE})
"""Kinds of failures that are not believed yet, and may be true."""
FEWEST_ROWS = 4
"""A list with fewer rows may lose half of them without suspicion."""
_WHOLE_PAGE = frozenset(
    {"body", "html", "html body", "html > body", ":root", "//body", "//html", "/html", "/html/body"}
)
"""Selectors whose text is that of the page."""
_VOUCHING = frozenset({ValueType.MONEY, ValueType.DATE, ValueType.STOCK})
_OF_WALLS = frozenset({BlockedError.kind, MissingError.kind, UnexpectedPageError.kind})
_LABEL_CHARACTERS = 40
_TEXT_CHARACTERS = 60


class Suspicion(Struct, frozen=True, kw_only=True):
    """
    Why a sight of a page is not to be believed.

    Attributes:
        text: one line that says what is odd first, and how to accept it.
        digest: its kind, and a digest of all that is odd. Checks agree when it is the same: what else moves on the page
            does not count.
        kind: of the failure that it is.
        may_agree: it is true once enough checks agree. What a wall would show is not, for it stays what it is.
    """

    text: str
    digest: str
    kind: str = SUSPICIOUS
    may_agree: bool = True


def suspicion(
    watch: Watch, state: WatchState, observation: Observation, old: Rows, examined: Examined | None = None
) -> Suspicion | None:
    """
    Return why this sight of the page is not to be believed; None when it is.

    Args:
        old: the rows that this check's are compared with.
        examined: what came of a closer look, when there was one.
    """
    profile = examined.profile if examined else None
    doubts = sorted(doubt.text for doubt in examined.doubts) if examined else []
    short = dict(_short(watch, state, observation))
    if profile is None and not doubts and not short and old == observation.rows:
        return None
    emptied, shrunk = _emptied(watch, state, old, observation.rows), _shrunk(watch, old, observation.rows)
    strange = [*_strange(watch, state, old, observation.rows, profile)]
    odd = [*short, *emptied, *shrunk, *strange, *doubts, *_odd_values(watch, old, observation.rows)]
    if not odd:
        return None
    is_cut = observation.ending in short.values()
    is_elsewhere = bool(doubts) and not shrunk and not strange and not is_cut
    kind = MissingError.kind if emptied and not is_cut else WRONG_PLACE if is_elsewhere else SUSPICIOUS
    # The number of rows that are left may move, and the checks agree all the same.
    all_odd = [*(short.values() or [""]), *sorted(each for each in odd if each not in short)]
    digest = hashlib.blake2b("\0".join(all_odd).encode(errors="surrogatepass"), digest_size=16).hexdigest()
    return Suspicion(
        text=worded("odd", "{what}; `watcher accept {watch}` if this is true", what=odd[0], watch=watch.id),
        digest=f"{kind} {digest}",
        kind=kind,
        may_agree=not emptied and not shrunk and not strange and not doubts,
    )


def suspicion_at_first(watch: Watch, accusation: Doubt) -> Suspicion:
    """Return why a page that looks like a wall is not to be taken as the first that is known."""
    text = worded("odd_first", "{what}, or run `watcher accept {watch}`", what=accusation.text, watch=watch.id)
    return Suspicion(text=text, digest=accusation.text, kind=accusation.name, may_agree=False)


def seen_again(suspect: Suspect | None, suspicion: Suspicion, *, is_counted: bool) -> Suspect:
    """
    Return the suspect after one more suspicious check; one that finds something else odd starts to count anew.

    Args:
        is_counted: enough time has gone by for the check to say something new (`counting`).
    """
    checks = suspect.checks + is_counted if suspect and suspect.odd == suspicion.digest else 1
    return Suspect(odd=suspicion.digest, checks=checks, is_accepted=suspect is not None and suspect.is_accepted)


def is_place_refused(state: WatchState) -> bool:
    """Return whether the last suspicious check read a value from another place, and none was good since."""
    return state.suspect is not None and state.suspect.odd.startswith(WRONG_PLACE)


class Belief(Struct, frozen=True):
    """Why what was suspicious is taken as true. `checks`: so many saw the same; None: the operator accepted it."""

    checks: int | None


def belief(watch: Watch, suspect: Suspect, suspicion: Suspicion) -> Belief | None:
    """Return why what was suspicious is taken as true; None while it is not."""
    if suspect.is_accepted:
        return Belief(None)
    return Belief(suspect.checks) if suspicion.may_agree and suspect.checks >= watch.accept_after else None


def accepted(state: WatchState) -> WatchState | None:
    """
    Return the state in which the next check believes what it sees; None when nothing suspicious was seen.

    Its sequence is one more: it is to be saved as a durable decision.
    """
    if state.suspect is None:
        return None
    return replace(state, sequence=state.sequence + 1, suspect=replace(state.suspect, is_accepted=True))


def is_suspicious(state: WatchState) -> bool:
    """Return whether the last check saw something odd that nobody believes yet."""
    is_odd = state.failure is not None and state.failure.kind in (ODD if state.snapshot else ODD | _OF_WALLS)
    return is_odd and state.suspect is not None and not state.suspect.is_accepted


def empty_after(state: WatchState, snapshot: Snapshot) -> tuple[str, ...]:
    """Return the names of the single values that were believed empty, sorted; another extraction begins anew."""
    row, known = snapshot.observation.rows.get(SINGLE, {}), set[str]()
    if state.snapshot is not None and state.snapshot.plan == snapshot.plan:
        known = {*state.empty, *_empty(state.rows.get(SINGLE, {}))}
    return tuple(sorted(known.intersection(row).union(_empty(row))))


def _empty(row: Row) -> Iterator[str]:
    return (name for name, value in row.items() if value == "")


def _emptied(watch: Watch, state: WatchState, old: Rows, new: Rows) -> list[str]:
    """Return what is odd about single texts that are empty and were not."""
    return [
        worded(
            "odd_empty",
            "{name}: the text is empty and was {before}; if it may be, set `optional: true`",
            name=name,
            before=_quoted(then),
        )
        for name, selector, then, now in _texts(watch, old, new)
        if now == "" and not selector.optional and name not in state.empty
    ]


def _shrunk(watch: Watch, old: Rows, new: Rows) -> list[str]:
    """Return what is odd about texts of the whole page that are less than half of what they were."""
    return [
        worded(
            "odd_shrunk",
            "{name}: the page has {now} characters of text and had {before}",
            name=name,
            now=len(now),
            before=len(then),
        )
        for name, selector, then, now in _texts(watch, old, new)
        if _is_page_text(selector) and now and len(then) >= FEWEST_CHARACTERS and 2 * len(now) < len(then)
    ]


def _strange(watch: Watch, state: WatchState, old: Rows, new: Rows, profile: Profile | None) -> Iterator[str]:
    """Yield what is odd about a page that is not the usual one, when nothing that was found vouches for it."""
    if profile is None or watch.page_must_contain or vouches(watch, old, new):
        return
    taken = unpacked_profile(state.profile)
    if taken is None:
        return
    usual = taken.profile
    gone = {name: then for name, then in old.get(SINGLE, {}).items() if then and not new.get(SINGLE, {}).get(name)}
    if gone and not is_whole(usual, profile, lost_characters=sum(len(show(then)) for then in gone.values())):
        yield worded(
            "odd_gone",
            "{names}: gone, and with it much of the page; the page has {now} and had {before}",
            names=", ".join(gone),
            now=_extent(profile),
            before=_extent(usual),
        )
    elif is_other(usual, profile):
        yield worded(
            "odd_other_page",
            "the page is not the one that it was; it has {now} and had {before}",
            now=_extent(profile),
            before=_extent(usual),
        )


def vouches(watch: Watch, old: Rows, new: Rows) -> bool:
    """
    Return whether what was found says that the page is the one that is watched.

    A value that a selector found and that is as it was does; so does another price, date or state of stock. Another
    text does not, nor another number: a heading of a wall is a text as well, and has an error's number. A list
    vouches by one row that was there before, and one that is empty because its page says that it may be.
    """
    if not isinstance(watch.extraction, Values):
        return not old or not new or not old.keys().isdisjoint(new)
    before, row = old.get(SINGLE, {}), new.get(SINGLE, {})
    return any(
        _is_of_its_kind(selector, before.get(name), row.get(name))
        for name, selector in watch.extraction.selectors.items()
        if selector.query is not None or selector.regex is not None
    )


def _is_of_its_kind(selector: Selector, then: Value, now: Value) -> bool:
    if now is None or now == "" or _is_page_text(selector):
        return False
    return now == then or (then is not None and selector.type in _VOUCHING)


def _extent(profile: Profile) -> Worded:
    links, characters = profile.links, profile.characters
    if links == 1:
        return worded("odd_extent_link", "{characters} characters and 1 link", characters=characters)
    return worded("odd_extent", "{characters} characters and {links} links", characters=characters, links=links)


def _texts(watch: Watch, old: Rows, new: Rows) -> Iterator[tuple[str, Selector, str, str]]:
    """Yield the single texts that are there before and after: name, selector, before, now; none that was empty."""
    if not isinstance(watch.extraction, Values) or SINGLE not in old:
        return
    before, row = old[SINGLE], new.get(SINGLE, {})
    for name, selector in watch.extraction.selectors.items():
        then, now = before.get(name), row.get(name)
        if isinstance(then, str) and then and isinstance(now, str):
            yield name, selector, then, now


def _is_page_text(selector: Selector) -> bool:
    query = selector.query
    if selector.regex is not None or selector.attr is not None:
        return False
    return query is None or (query.language in (Language.CSS, Language.XPATH) and query.expression in _WHOLE_PAGE)


def _quoted(text: str) -> str:
    return repr(cut(one_line(clean(text)), _TEXT_CHARACTERS))


def _short(watch: Watch, state: WatchState, observation: Observation) -> Iterator[tuple[str, str]]:
    """Yield what is odd about a page of which a part is missing, and by what the checks agree that see it."""
    if state.is_closed and observation.ending:
        yield worded("odd_cut", "the page was cut short: its end is missing"), observation.ending
    before, now = state.row_count, observation.row_count
    if before is None or not now or is_rolling(watch):  # an empty list is here only because the page says so
        return
    if before >= FEWEST_ROWS and 2 * now <= before:
        one = worded("odd_list_row", "the list has 1 row and had {before}", before=before)
        some = worded("odd_list", "the list has {now} rows and had {before}", now=now, before=before)
        yield one if now == 1 else some, f"half of {before} rows"


def _odd_values(watch: Watch, old: Rows, new: Rows) -> Iterator[str]:
    limits = _limits(watch)
    for key, row in new.items():
        before = old.get(key)
        if before is None or before == row:
            continue
        for name, value in row.items():
            odd = _odd_value(before.get(name), value, limits.get(name))
            if odd:
                yield worded("odd_value", "{name} {what}", name=_label(key, name), what=odd)


def _odd_value(before: Value, value: Value, limit: Step | None) -> str | None:
    number, then = magnitude(value), magnitude(before)
    if isinstance(value, Money) and number == 0 and then != 0:
        if before is None:
            return worded("odd_zero_absent", "is {now} and was absent", now=_shown(value))
        return worded("odd_zero", "is {now} and was {before}", now=_shown(value), before=_shown(before))
    if limit is None or number is None or then is None or abs(number - then) <= size(limit, then):
        return None
    return worded(
        "odd_step",
        "went from {before} to {now}, by more than its max_step of {limit}",
        before=_shown(before),
        now=_shown(value),
        limit=limit,
    )


def _limits(watch: Watch) -> Mapping[str, Step]:
    selectors: Mapping[str, Selector]
    selectors = watch.extraction.selectors if isinstance(watch.extraction, Values) else watch.extraction.fields
    return {name: selector.max_step for name, selector in selectors.items() if selector.max_step is not None}


def _label(key: str, name: str) -> str:
    return name if key == SINGLE else f"{cut(one_line(clean(key)), _LABEL_CHARACTERS)}: {name}"


def _shown(value: Value) -> str:
    return cut(one_line(clean(shown_briefly(value))), _TEXT_CHARACTERS)
