"""
The text beside an amount → what the phrases of `price_words.py` in it say of the amount.

Looking them up takes a step for each word of a text, however many phrases there are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from watcher.extract.lazy_pattern import LazyPattern
from watcher.extract.price_words import FREE_DELIVERY, LABELS, OR_MORE, PREPOSITIONS, SPACED, UNSPACED, WITH_CARD, Role

TOKEN = re.compile(r"[^\W\d_]+|\d+|[+%]")
_MAX_CHARS = 80
"""Of the text on one side of an amount: words farther away do not speak of it."""
_MOST_CHARS = 400
"""Of an element with several amounts."""
_THIRTY = re.compile(r"\b30(?!\d)")
_PRICE_OF_THIRTY = LazyPattern(
    r"(?:cena|ceny|cenu|preis|price|prix|precio|preço|prezzo|prijs|pris|hinta|cijena|цена|ціна|τιμή|kaina|hind|ár|ára"
    r"|preț)\b.{0,40}\b30(?!\d)|\b30(?:[- ]?[^\W\d_]{1,12})?\.?[- ](?:[^\W\d_]{1,15} )?[^\W\d_]{0,12}"
    r"(?:cena|preis|price|prix|precio|prijs|pris|hinta|cijena|цена|τιμή|kaina|hind|ár)\b"
)
"""Days, of which the lowest price is told (directive (EU) 2019/2161)."""
_LEADING = " (（/|·,;–-"
_AT_HAND = LazyPattern(r"(?:disponibile|disponible|available|möglich)$")
"""`85 € Spedizione disponibile` are not those of shipping."""
_MAX_BETWEEN = 4
"""Words between those of free delivery and the preposition before a threshold."""
_WITH_CARD = LazyPattern(WITH_CARD)
_NAMED_BY_BUYER = frozenset(
    ["", "name your price", "pay what you want", "pay what you can", "you choose", "prix libre"]
)


class Phrases:
    """Phrases of whole words → what they mean. A blank, a point or a dash between words makes no difference."""

    def __init__(self, meanings: Mapping[Role, str]) -> None:
        self._meanings: dict[tuple[str, ...], Role] = {}
        self._longest: dict[str, int] = {}
        for role, phrases in meanings.items():
            for phrase in phrases.split("|"):
                words = tuple(TOKEN.findall(phrase))
                self._meanings.setdefault(words, role)
                self._longest[words[0]] = max(len(words), self._longest.get(words[0], 0))

    def at(self, words: Sequence[str], index: int) -> tuple[int, Role] | None:
        """Return how many words the longest phrase has that begins here, and what it means."""
        for count in range(min(self._longest.get(words[index], 0), len(words) - index), 0, -1):
            role = self._meanings.get(tuple(words[index : index + count]))
            if role is not None:
                return count, role
        return None


@lru_cache(maxsize=1)
def _spaced() -> Phrases:
    return Phrases(SPACED)


@lru_cache(maxsize=1)
def _free_delivery() -> tuple[Phrases, Phrases]:
    return Phrases({Role.PART: FREE_DELIVERY}), Phrases({Role.PART: PREPOSITIONS})


@lru_cache(maxsize=1)
def _unspaced() -> tuple[re.Pattern[str], Mapping[str, Role]]:
    roles = {word: role for role, words in UNSPACED.items() for word in words.split("|")}
    longest_first = sorted(roles, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first))), roles


def role_said(gap: str) -> Role | None:
    """
    Return what the last phrase in the text before (or behind) an amount, in lower case, says of it.

    That it is a part is believed of the words right before it alone: `Free delivery: now $5`.
    """
    if "30" in gap and _PRICE_OF_THIRTY.search(gap[-_MAX_CHARS:]):
        return Role.ASIDE
    found = _said(gap[-_MAX_CHARS:])
    if not found:
        return None
    is_lowest = any(role is Role.BESIDE for _, _, role in found)
    return Role.ASIDE if is_lowest and _THIRTY.search(gap) else max(found)[2]


def says(text: str, role: Role) -> bool:
    """Return whether some phrase in a text, in lower case, says this."""
    return any(said is role for _, _, said in _said(text[:_MOST_CHARS]))


def first_phrase(text: str) -> tuple[int, Role] | None:
    """Return where the phrase ends that begins a text, in lower case, but for brackets and dashes; and what it says."""
    start = len(text) - len(text.lstrip(_LEADING))
    found = min((each for each in _said(text[:_MAX_CHARS]) if each[0] == start), default=None)
    return (found[1], found[2]) if found else None


def role_alone(before: str, behind: str) -> Role | None:
    """Return what the phrase that ends right before a lone amount, or is all that stands behind it, says of it."""
    before, behind = before[-_MAX_CHARS:].rstrip(" :：(（"), behind[:_MAX_CHARS].strip(" :：()（）.")
    if role_said(before) is Role.ASIDE:
        return Role.ASIDE
    ending = [role for _, end, role in _said(before) if end == len(before)]
    whole = [
        role for start, end, role in _said(behind) if (start, end) == (0, len(behind)) and not _AT_HAND.search(behind)
    ]
    return next(iter(ending + whole), None)


def said_before(text: str) -> Role | None:
    """Return what the text before an amount on its line says, in lower case; a label may be all there is."""
    return role_said(text) or LABELS.get(text.strip(" :()"))


def first_in(text: str) -> Role | None:
    """Return what the first phrase in a text says, in lower case."""
    return LABELS.get(text.strip(" :()")) or min(_said(text[:_MAX_CHARS]), default=(0, 0, None))[2]


def first_said(gap: str, *, is_last: bool) -> Role | None:
    """Return what the phrase that begins a text between two amounts says of the first."""
    found = sorted(_said(gap[:_MAX_CHARS]))
    is_of_first = bool(found) and (is_last or len(found) > 1) and not gap[: found[0][0]].strip(" (")
    return found[0][2] if is_of_first else None


@lru_cache(maxsize=1_000)
def _said(gap: str) -> Sequence[tuple[int, int, Role]]:
    """Return where each phrase begins and ends, and what it says; gaps are the same at the next check of a page."""
    cards = ((*card.span(), Role.MEMBER) for card in _WITH_CARD.finditer(gap))
    return (*_spaced_in(gap), *cards, *(() if gap.isascii() else _unspaced_in(gap)))


def _spaced_in(gap: str) -> Iterator[tuple[int, int, Role]]:
    tokens = list(TOKEN.finditer(gap))
    words = [token[0] for token in tokens]
    index = 0
    while index < len(words):
        count, role = _spaced().at(words, index) or (1, None)
        end = index + count
        is_last = end == len(words) or (role is Role.PART and _reaches_end(_free_delivery()[1], words, end))
        if role is not None and (role is not Role.PART or is_last):
            yield tokens[index].start(), tokens[index + count - 1].end(), role
        index += count


def _unspaced_in(gap: str) -> Iterator[tuple[int, int, Role]]:
    expression, roles = _unspaced()
    end_of_members = -1
    for match in expression.finditer(gap):
        role = Role.MEMBER if match.start() == end_of_members else roles[match[0]]  # 회원할인가, 会员特价
        end_of_members = match.end() if role is Role.MEMBER else -1
        is_other_word = match[0] == "到手" and gap[match.end() : match.end() + 1] == "机"
        if not is_other_word:
            yield match.start(), match.end(), role


def is_threshold_before(gap: str) -> bool:
    """Return whether the text before an amount, in lower case, makes it what free delivery asks for."""
    words = TOKEN.findall(gap[-_MAX_CHARS:])
    free, prepositions = _free_delivery()
    for index in range(len(words)):
        found = free.at(words, index)
        if found:
            rest = words[index + found[0] :]
            starts = range(max(0, len(rest) - _MAX_BETWEEN), len(rest))
            return any(_reaches_end(prepositions, rest, start) for start in starts) and len(rest) <= 2 * _MAX_BETWEEN
    return False


def _reaches_end(phrases: Phrases, words: Sequence[str], start: int) -> bool:
    found = phrases.at(words, start)
    return found is not None and start + found[0] == len(words)


def is_threshold_around(before: str, behind: str) -> bool:
    """Return whether a preposition stands before an amount, and free delivery behind it: `ab 50 € portofrei`."""
    words, following = TOKEN.findall(before[-_MAX_CHARS:]), TOKEN.findall(behind[:_MAX_CHARS])
    free, prepositions = _free_delivery()
    return (
        bool(following)
        and free.at(following, 0) is not None
        and any(
            _reaches_end(prepositions, words, start) for start in range(max(0, len(words) - _MAX_BETWEEN), len(words))
        )
    )


def is_threshold_behind(gap: str) -> bool:
    """Return whether the text behind an amount, in lower case, says that it is the least of something."""
    return gap.lstrip(" )）").startswith(OR_MORE)


def is_named_by_buyer(before: str, behind: str) -> bool:
    """Return whether a buyer may pay more than a lone amount: nothing but `or more` stands beside it."""
    return before.strip(" :") in _NAMED_BY_BUYER and behind.strip(" .!()") in OR_MORE
