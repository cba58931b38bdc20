"""For whom an amount is, in how many parts it is paid, and what stands right behind one that is no price."""

from __future__ import annotations

from functools import lru_cache

from watcher.extract.price_beside_words import (
    BEHIND,
    CLASS_BEFORE,
    CLASS_BEHIND,
    CLASSES,
    INSTALMENTS,
    LEADS_ON,
    LENT,
    OR,
    SO_MANY,
    UNSPACED_BEHIND,
    UNSPACED_INSTALMENT,
)
from watcher.extract.price_phrases import TOKEN, Phrases
from watcher.extract.price_words import Role

_MAX_WORDS_ON = 2
"""Between a phrase and the next amount, to which both may belong: `con carta fedeltà 24,90 €`."""
NEXT, LESS = "¤", "¤¤"
"""Stand for the next amount, at the end of what stands behind one; the second for one that is less."""


@lru_cache(maxsize=1)
def _phrases() -> tuple[Phrases, Phrases, Phrases, Phrases]:
    meanings = ({Role.PLAIN: CLASSES}, {Role.PART: INSTALMENTS}, BEHIND, {Role.PART: LENT})
    classes, instalments, behind, lent = map(Phrases, meanings)
    return classes, instalments, behind, lent


def is_class(before: str, behind: str) -> bool:
    """Return whether the word right before an amount, or right behind it, in lower case, names people."""
    classes = _phrases()[0]
    words = TOKEN.findall(before[-40:])[-2:]
    for start in range(len(words)):
        found = classes.at(words, start)
        if found and start + found[0] == len(words):
            return True
    following = TOKEN.findall(behind[:40].partition(":")[0])
    if following and classes.at(following, 0):
        return True
    return bool(CLASS_BEFORE.search(before[-20:]) or CLASS_BEHIND.match(behind))


def is_instalment(before: str) -> bool:
    """Return whether the text before an amount, in lower case, speaks of paying in parts."""
    before = before[-80:]
    words = TOKEN.findall(before)
    instalments = _phrases()[1]
    if any(instalments.at(words, index) for index in range(len(words))):
        return True
    return bool(SO_MANY.search(before) or UNSPACED_INSTALMENT.search(before))


def is_lent(behind: str) -> bool:
    """Return whether the text behind an amount by the month, in lower case, names who lends it."""
    words, lenders = TOKEN.findall(behind[:80]), _phrases()[3]
    return any(lenders.at(words, index) for index in range(len(words)))


def said_behind(behind: str) -> Role | None:
    """Return what the phrase that begins right behind an amount, in lower case, says of it."""
    if UNSPACED_BEHIND.match(behind):
        return Role.PART
    tokens = list(TOKEN.finditer(behind[:60]))
    if not tokens or behind[: tokens[0].start()].strip(" (*"):
        return None
    found = _phrases()[2].at([token[0] for token in tokens], 0)
    if not found:
        return None
    count, role = found
    rest = behind[tokens[count - 1].end() :]
    if role is Role.PART:
        is_of_next = rest.strip(" .,)") == LESS or LEADS_ON.match(rest) is not None
    else:
        words = TOKEN.findall(rest)
        is_of_next = NEXT in rest and len(words) <= _MAX_WORDS_ON and not OR.intersection(words)
    return None if is_of_next else role
