"""
A text of stock → the states that its phrases speak of. The words are in `stock_words.py`, by language.

1. A word of schema.org (`https://schema.org/InStock`) alone is its meaning.
2. The longer phrase is read (`缺货预订` is a pre-order), and a word that denies the phrase behind it, or only
   hopes for it, makes it out (`no tickets available`, `n'est plus disponible`, `notify when in stock`).
   That a thing is not gone, or was gone once, says nothing (`never out of stock`, `was sold out`).
3. A count says it too: `余票 3` is in, `库存 0件`, `0 in stock` and `0 of 30 left` are out. So do a time of delivery in
   hours or days (`Lieferzeit: 2-4 Tage`), the signs ○ △ × behind 在庫, and `Available: No`.

The time it takes grows with the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import Enum, auto
from functools import lru_cache
from itertools import takewhile

from msgspec import Struct

from watcher.core.values import Stock
from watcher.extract.stock_clauses import BREAK

# What schema.org says of stock (https://schema.org/ItemAvailability), and what that means.
MEANINGS = {
    "InStock": Stock.IN_STOCK,
    "InStoreOnly": Stock.IN_STOCK,
    "LimitedAvailability": Stock.IN_STOCK,
    "OnlineOnly": Stock.IN_STOCK,
    "PreOrder": Stock.PREORDER,
    "PreSale": Stock.PREORDER,
    "BackOrder": Stock.PREORDER,
    "MadeToOrder": Stock.PREORDER,
    "OutOfStock": Stock.OUT_OF_STOCK,
    "SoldOut": Stock.OUT_OF_STOCK,
    "Discontinued": Stock.OUT_OF_STOCK,
    "Reserved": Stock.OUT_OF_STOCK,
}
WORDS = {word.lower(): word for word in MEANINGS}
"""By the same in lower case, which is how pages write them too."""

STATES = (Stock.OUT_OF_STOCK, Stock.PREORDER, Stock.IN_STOCK)
"""In the order of what beats what; the tables' triples have it too."""

# A number within a name (`PS5`) is none; `1,000` and `3` are counts, and `19.99` is a price.
_TOKEN = re.compile(r"(?<![^\W_])\d[\d.,]*(?<![.,])|[^\W\d_]+(?:'[^\W\d_]+)*|[^\w\s]")
_COUNT = re.compile(r"\d{1,3}(?:[.,]\d{3})+|\d+")
_SENTENCE_ENDS = frozenset(".!?;:,|·•–—/()[]\n")
_SKIPPED_BEHIND_LABEL = frozenset(":(>=~≥≈") | {BREAK}
_SKIPPED_BEFORE_COUNT = frozenset("+*") | {BREAK}
_NEAR_TOKENS = 3
_DELIVERY_TOKENS = 14
"""A longer text that has a time of delivery may speak of anything."""

_LONGEST_DAYS = 10
"""What takes longer may be made, or come from afar."""
_HOURS = frozenset({"12", "24", "36", "48", "72", "96"})

_CJK_TIME = r"天|日|小时|小時|时|分|秒|周|週|个月|年|時間|시간|일"
_CJK_COUNT = re.compile(
    r"(?:余票|余|库存|庫存|剩余|剩餘|尚餘|尚余|剩下|还剩|還剩|仅剩|僅剩|仅余|只剩|剩|余号|号源|名额|可借|可外借|残室|残枠|残数|最后|最後|在庫数?|残り(?:あと)?|残席|あと|ラスト"
    r"|재고|잔여석|잔여|남은 수량|เหลือเพียง|เหลือสินค้า|เหลือ|केवल|सिर्फ)"
    r"(?:号源|名额|座位|数量|數量|室数|席数|枚数|复本|수량|数|量|最后|最後|不足|下)?[: ]{0,3}"
    rf"(\d[\d,.]{{0,9}})(?![\d,.:%]| ?(?:{_CJK_TIME}|元|円|원|折|days?\b|hours?\b|h\b|min))"
)
_CJK_DELIVERY = re.compile(
    r"(?<!\d)(?:[1-9]|10|12|24|36|48|72|96) ?"
    r"(?:小时|小時|天|日|時間|시간|일|营业日|営業日|个工作日|個工作天|工作日)[^\d。]{0,6}"
    r"(?:发货|發貨|出货|出貨|送达|送達|发送|発送|出荷|届け|出库|출고|발송|도착|배송)"
)
_CJK_DENIED = re.compile(r"(?:不|无|無|没有?|沒有?|未|非|不是|并非|尚未|停止|取消|暂停|暫停)$")
_SOLD_COUNT = re.compile(r"已售出? ?\d[\d,.+万]*|(?:販売|판매) ?\d[\d,.]*")
_CJK_SIGN = re.compile(r"(?:在庫|空席|残席|空室|空き|予約|재고|库存|庫存|有货) ?:? ?([○◯〇◎△▲×✕✖✗✘❌])")
_SIGNS = re.compile("[○◯〇◎△▲×✕✖✗✘❌]")
_DRAWN = re.compile("抽選|抽签|抽籤|추첨")
"""A lottery: whether one may buy, luck says."""
_OUT_SIGNS = frozenset("×✕✖✗✘❌")


class _Hint(Enum):
    """What a phrase says that is no state: what must not be guessed, and that it is gone elsewhere, as in a store."""

    UNSURE = auto()
    HOPED_FOR = auto()
    ELSEWHERE = auto()


@lru_cache(maxsize=1_000)
def states_of(line: str) -> frozenset[Stock]:
    """Return every state that a line speaks of, none where it is unknown; digits as ASCII has them."""
    word = WORDS.get(line.lower().rpartition("/")[2].rpartition(":")[2].replace("_", ""))
    if word is not None:
        return frozenset({MEANINGS[word]})
    line = normal(_parted(line))
    alone = _tables().alone.get(line.rstrip(".! "))
    found = {alone} if alone else {*_of_words(line), *(() if line.isascii() else _of_parts(line))}
    states = frozenset(state for state in found if isinstance(state, Stock))
    if _Hint.UNSURE in found:
        return frozenset()
    is_gone = Stock.PREORDER not in states if _Hint.HOPED_FOR in found else _Hint.ELSEWHERE in found and not states
    return states | {Stock.OUT_OF_STOCK} if is_gone else states


def _parted(line: str) -> str:
    """Return the line with a blank where a word ends and a capital begins: so do spans that touch each other."""
    pairs = zip(f" {line}", line, strict=False)
    return "".join([f" {here}" if here.isupper() and before.islower() else here for before, here in pairs])


def normal(line: str) -> str:
    """Return the line in the form of the tables; a capital İ is two characters in lower case, of which one counts."""
    line = line.lower().replace("i̇", "i").replace("’", "'").replace(" - ", " – ")
    return line.replace("-", " ").replace("_", " ").strip()


def _of_words(line: str) -> Iterator[Stock | _Hint]:
    """Yield what each phrase of whole words says, and each count."""
    tokens = _TOKEN.findall(line)
    tables = _tables()
    for start, end in _matches(tokens, tables.words, tables.most_words):
        yield from _judged(tokens, start, end)
    yield from _counted(tokens)
    for _, end in _matches(tokens, dict.fromkeys(tables.labels, True), tables.most_words):
        yield from _answered(tokens, end)
    if len(tokens) <= _DELIVERY_TOKENS and not tables.delivery.isdisjoint(tokens):
        yield from _delivered(tokens)


def _matches(tokens: Sequence[str], phrases: Mapping[str, object], most_words: int) -> Iterator[tuple[int, int]]:
    """Yield where each phrase stands, the longest where several begin; they do not overlap."""
    at = 0
    while at < len(tokens):
        end = _end_of_match(tokens, at, phrases, most_words)
        if end:
            yield at, end
        at = max(end, at + 1)


def _end_of_match(tokens: Sequence[str], at: int, phrases: Mapping[str, object], most_words: int) -> int:
    """
    Return where the longest phrase ends that begins here, 0 if there is none.

    One that says nothing ends before its last word where another begins with that: `Verfügbar | In den Warenkorb`.
    """
    for end in range(min(at + most_words, len(tokens)), at, -1):
        phrase = " ".join(tokens[at:end])
        is_cut = phrase in phrases and phrases[phrase] is None and end - at > 1
        if phrase in phrases and not (is_cut and _end_of_match(tokens, end - 1, phrases, most_words) > end):
            return end
    return 0


def _judged(tokens: Sequence[str], start: int, end: int) -> Iterator[Stock | _Hint]:
    """Yield what a phrase says where it stands: denied, counted, asked, or as it is."""
    tables = _tables()
    state = tables.words[" ".join(tokens[start:end])]
    before = tokens[start - 1] if start else ""
    if state is Stock.OUT_OF_STOCK:
        # `pickup unavailable`, `never out of stock` and `was sold out` say nothing
        is_asked = end < len(tokens) and tokens[end] == "?"
        is_silent = is_asked or before in tables.subjects or before in tables.negators or _is_past(tokens, start)
        if not is_silent:
            yield state
        return
    answers = list(_answered(tokens, end))
    count = _count_before(tokens, start) or _count_behind(tokens, end)
    if answers:
        yield from answers
    elif state is Stock.IN_STOCK and count:
        yield _of_count(count)
    elif before in _OUT_SIGNS or _is_denied(tokens, start) or (end < len(tokens) and tokens[end] in tables.behind):
        yield Stock.OUT_OF_STOCK if tables.places.isdisjoint(tokens[end - 1 : end + _NEAR_TOKENS]) else _Hint.ELSEWHERE
    elif _is_hoped_for(tokens, start):
        yield _Hint.HOPED_FOR
    elif state and not tables.mail.isdisjoint(tokens):
        if tables.mail.isdisjoint(tokens[:start]):  # `Buy now. Notify me`, and no `mail me … in stock`
            yield _Hint.UNSURE
    elif state and not _is_beside_the_goods(tokens, start, end):
        yield state


def _is_past(tokens: Sequence[str], start: int) -> bool:
    """Return whether a word closely before says that the phrase was so once, or is so under a condition."""
    return not _tables().past.isdisjoint(tokens[max(0, start - 2) : start])


def _is_denied(tokens: Sequence[str], start: int) -> bool:
    """Return whether one of the three words before denies the phrase."""
    negators = _tables().negators
    for at in range(start - 1, max(-1, start - 1 - _NEAR_TOKENS), -1):
        if tokens[at] in _SENTENCE_ENDS:
            return False
        if tokens[at] == BREAK:  # `<b>Not</b> <b>in stock</b>`
            return tokens[at - 1] in negators
        is_more = tokens[at] == "plus" and tokens[at + 1] in ("que", "de")  # `plus que 2`, `plus de 10`
        if tokens[at] in negators and not is_more:
            return True
    return False


def _is_hoped_for(tokens: Sequence[str], start: int) -> bool:
    """Return whether the clause only hopes for the phrase: `a mail when this product is back in stock`."""
    hopes = _tables().hopes
    clause = takewhile(lambda token: token not in _SENTENCE_ENDS and token != BREAK, reversed(tokens[:start]))
    return any(token in hopes for token in clause)


def _is_beside_the_goods(tokens: Sequence[str], start: int, end: int) -> bool:
    """Return whether the phrase is asked (`in stock?`) or is about something else (`gift wrapping available`)."""
    is_asked = end < len(tokens) and tokens[end] == "?"
    before = takewhile(lambda token: token != BREAK, reversed(tokens[max(0, start - _NEAR_TOKENS) : start]))
    return is_asked or not _tables().subjects.isdisjoint(before)


def _answered(tokens: Sequence[str], end: int) -> Iterator[Stock]:
    """Yield the answer behind a label: `Available: No`."""
    if end + 1 < len(tokens) and tokens[end] in ":?=":
        word = tokens[end + 1]
        alone = _tables().alone.get(word) if end + 2 == len(tokens) or tokens[end + 2] in (".", BREAK) else None
        if word in _tables().closed:
            yield Stock.OUT_OF_STOCK
        elif word in _tables().open:
            yield Stock.IN_STOCK
        elif alone and word not in _tables().words and not _COUNT.fullmatch(word):
            yield alone


def _counted(tokens: Sequence[str]) -> Iterator[Stock]:
    """Yield what each count behind its word says (`Quedan 4`), and each before it (`4 left`)."""
    tables = _tables()
    for start, end in _matches(tokens, tables.counted, tables.most_words):
        count = _count_behind(tokens, end, is_weak=not tables.counted[" ".join(tokens[start:end])])
        if count:
            yield _of_count(count)
    for start, token in enumerate(tokens):
        is_counted = token in tables.behind_count or (token in tables.free and _is_free(tokens, start))
        if is_counted and (count := _count_before(tokens, start)):
            yield _of_count(count)
        if token in tables.per and (is_full := _is_full(tokens, start)) is not None:
            yield Stock.OUT_OF_STOCK if is_full else Stock.IN_STOCK


def _is_free(tokens: Sequence[str], at: int) -> bool:
    """Return whether what is counted is free: `1 of 30 places free`, but not `get 1 free`."""
    is_end = at + 1 == len(tokens) or tokens[at + 1] in _SENTENCE_ENDS
    return at > 0 and is_end and tokens[at - 1] in _tables().units


def _is_full(tokens: Sequence[str], at: int) -> bool | None:
    """Return whether all of what is taken is: `24 / 24 enrolled`; None where nothing is said to be taken."""
    counts = [*tokens[max(0, at - 1) : at], *tokens[at + 1 : at + 2]]
    near = [*tokens[max(0, at - 4) : at], *tokens[at + 2 : at + 2 + _NEAR_TOKENS]]
    if _tables().taken.isdisjoint(near) or len(counts) < 2 or not all(map(_COUNT.fullmatch, counts)):
        return None
    return counts[0] == counts[1]


def _count_before(tokens: Sequence[str], start: int) -> str:
    """Return the count before a word: `3` of `3 pieces left`, `0` of `0 of 30 left`; empty when there is none."""
    units, per = _tables().units, _tables().per
    at = start - 1
    while at >= 0 and at >= start - _NEAR_TOKENS and (tokens[at] in units or tokens[at] in _SKIPPED_BEFORE_COUNT):
        at -= 1
    if at < 0 or not _COUNT.fullmatch(tokens[at]):
        return ""
    is_part = at >= 2 and tokens[at - 1] in per and _COUNT.fullmatch(tokens[at - 2])
    return tokens[at - 2] if is_part else tokens[at]


def _count_behind(tokens: Sequence[str], end: int, *, is_weak: bool = False) -> str:
    """
    Return the count behind a word: `3` of `In stock: 3`; empty when there is none.

    Args:
        is_weak: the word says nothing of stock itself, as `only`: what follows must be a unit, or the end.
    """
    tables = _tables()
    at = end
    while at < len(tokens) and at < end + _NEAR_TOKENS and tokens[at] in tables.before_count:
        at += 1
    if at >= len(tokens) or not _COUNT.fullmatch(tokens[at]):
        return ""
    following = tokens[at + 1] if at + 1 < len(tokens) else ""
    if following in tables.times or (is_weak and following and following not in tables.units_or_ends):
        return ""
    return tokens[at]


def _of_count(count: str) -> Stock:
    return Stock.IN_STOCK if count.strip("0,.") else Stock.OUT_OF_STOCK


def _delivered(tokens: Sequence[str]) -> Iterator[Stock]:
    """Yield that it is there where a short text has a time of delivery, in hours or days, and denies nothing."""
    tables = _tables()
    if not tables.denying.isdisjoint(tokens):
        return
    for at, token in enumerate(tokens):
        behind = tokens[at + 1 : at + 1 + _NEAR_TOKENS]
        if any(map(_is_long, (token, *behind))):
            continue
        is_time = _COUNT.fullmatch(token) and not tables.short_times.isdisjoint(behind)
        if is_time and not tables.delivery.isdisjoint([*tokens[:at], *behind]):
            yield Stock.IN_STOCK
            return


def _is_long(token: str) -> bool:
    return token.isdecimal() and token not in _HOURS and int(token) > _LONGEST_DAYS


def _of_parts(line: str) -> Iterator[Stock | _Hint]:
    """Yield what each phrase says that may stand within a word, as in Chinese, and each count and sign."""
    line = _SOLD_COUNT.sub(" ", line)
    parts, lengths = _tables().parts, _tables().part_lengths
    at = 0
    while at < len(line):
        length = next((length for length in lengths.get(line[at], ()) if line[at : at + length] in parts), 0)
        if length:
            state = parts[line[at : at + length]]
            if not _CJK_DENIED.search(line[max(0, at - 4) : at]):
                yield state
            elif state is not Stock.OUT_OF_STOCK:
                yield Stock.OUT_OF_STOCK
        at += max(length, 1)
    for match in _CJK_COUNT.finditer(line):
        yield _of_count(match[1])
    if _CJK_DELIVERY.search(line):
        yield Stock.IN_STOCK
    yield from _signed(line)


def _signed(line: str) -> Iterator[Stock | _Hint]:
    """Yield what a sign behind its label says; several signs are a legend, which says nothing of the goods."""
    if len(set(_SIGNS.findall(line))) > 1 or _DRAWN.search(line):
        yield _Hint.UNSURE
        return
    for match in _CJK_SIGN.finditer(line):
        yield Stock.OUT_OF_STOCK if match[1] in _OUT_SIGNS else Stock.IN_STOCK


class _Tables(Struct, frozen=True):
    """The words, in the form that they are looked up in."""

    words: dict[str, Stock | None]
    parts: dict[str, Stock]
    part_lengths: dict[str, list[int]]
    alone: dict[str, Stock]
    labels: frozenset[str]
    counted: dict[str, bool]
    negators: frozenset[str]
    denying: frozenset[str]
    hopes: frozenset[str]
    past: frozenset[str]
    behind: frozenset[str]
    mail: frozenset[str]
    subjects: frozenset[str]
    closed: frozenset[str]
    open: frozenset[str]
    behind_count: frozenset[str]
    before_count: frozenset[str]
    units: frozenset[str]
    units_or_ends: frozenset[str]
    free: frozenset[str]
    taken: frozenset[str]
    per: frozenset[str]
    places: frozenset[str]
    times: frozenset[str]
    short_times: frozenset[str]
    delivery: frozenset[str]
    most_words: int


@lru_cache(maxsize=1)
def _tables() -> _Tables:
    """Return the tables, made once, for the few watches that need them."""
    from watcher.extract import stock_words as words  # for few watches

    of_words: dict[str, Stock | None] = {**_states([*words.WORDS.values()], _tokenised)}
    of_words |= dict.fromkeys(_split(words.SAYS_NOTHING))
    parts = _states([*words.PARTS.values()], normal)
    counted = dict.fromkeys(_split(words.ONLY), False) | dict.fromkeys(_split(words.COUNTED), True)
    units, times = _split(words.UNITS), _split(words.TIMES)
    return _Tables(
        words=of_words,
        parts=parts,
        part_lengths=_lengths(parts),
        alone=_states([words.ALONE], normal),
        labels=_split(words.LABELS),
        counted=counted,
        negators=_split(words.NEGATORS),
        denying=_split(words.NEGATORS) | _split(words.HOPES),
        hopes=_split(words.HOPES),
        past=_split(words.PAST),
        behind=_split(words.DENIERS_BEHIND),
        mail=_split(words.MAIL),
        subjects=_split(words.SUBJECTS),
        closed=_split(words.CLOSED_WORDS),
        open=_split(words.OPEN_WORDS),
        behind_count=_split(words.BEHIND_COUNT),
        before_count=_split(words.ONLY) | _split(words.BEFORE_COUNT) | _SKIPPED_BEHIND_LABEL,
        units=units,
        units_or_ends=units | _SENTENCE_ENDS | _split(words.BEHIND_COUNT),
        free=_split(words.FREE),
        taken=_split(words.TAKEN),
        per=_split(words.PER),
        places=_split(words.PLACES),
        times=times | _split(words.LONG_TIMES),
        short_times=times,
        delivery=_split(words.DELIVERY),
        most_words=max(phrase.count(" ") + 1 for phrase in of_words),
    )


def _lengths(phrases: Iterable[str]) -> dict[str, list[int]]:
    """Return first character → the lengths of the phrases that begin with it, the longest first."""
    lengths: dict[str, set[int]] = {}
    for phrase in phrases:
        lengths.setdefault(phrase[0], set()).add(len(phrase))
    return {first: sorted(found, reverse=True) for first, found in lengths.items()}


def _states(tables: Sequence[tuple[str, str, str]], form: Callable[[str], str]) -> dict[str, Stock]:
    """Return what each phrase says; a word that says several things, in several languages, is out before it is in."""
    ranked = [(state, table[at]) for at, state in enumerate(STATES) for table in tables]
    return {form(phrase): state for state, phrases in reversed(ranked) for phrase in phrases.split("|") if phrase}


def _split(phrases: str) -> frozenset[str]:
    return frozenset(map(_tokenised, phrases.split("|")))


def _tokenised(phrase: str) -> str:
    """Return the phrase with one blank between its words and signs."""
    return " ".join(_TOKEN.findall(normal(phrase)))
