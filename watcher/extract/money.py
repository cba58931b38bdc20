"""
Text → the price that one pays now, as shops write it.

Find the amounts, name what each is from the words beside it, drop what is no price, choose; refuse when two remain.

| an amount is | by the words | and is |
|---|---|---|
| conditional | `buy it now`, `in app`, `Sepette` | taken when no other is asked, else all is refused |
| with a coupon | `券后`, `no Pix`, `with code` | taken when no other is asked |
| final | `到手价`, `实付` | taken first |
| now | `现价`, `秒杀价`, `now`, `jetzt`, `sale price` | taken next |
| gross | `税込`, `TTC`, `inkl. moms` | taken next; beside it, what a tax of 2 to 27 % makes it of is net |
| everybody's | `non-member`, `без карты` | taken next, though a plain one is less |
| plain | no word, or one that is not known | taken next |
| a piece's | `/Stück`, `/kpl`, `each` | taken next |
| a unit's, a term's | `/kg`, `/m²`; `/月`, `per night` | taken when it is alone |
| beside it | roughly, `单买价`, lowest price | taken when it is alone |
| net | `税抜`, `excl. btw` | taken when it is alone |
| a list's | `定价`, `UVP`, `regular price` | taken when it is alone: nothing else is asked |
| aside | `/100 g`, `1 kg =`, lowest of 30 days | never a price |
| was | `原价`, `划线价`, `was`, `statt`, `au lieu de` | never a price |
| a member's | `会员价`, `members`, `Clubcard price`, `with trade-in` | never a price |
| a part | shipping, deposit, instalment, saving, gift card, points, `满99元` | never a price |

- A number without a currency counts only when none has one; `1.299,-` and `3.5万` count as having one. Dates, times,
  percentages, `第3期`, `2件` and `12GB` are never amounts.
- The words stand before their amounts (`原价¥199 现价¥99`); or behind them, when each has some behind it and the first
  none before it (`¥99 到手 ¥199 原价`); or some before and some behind (`13 € bez DPH (nejnižší cena 30 dní: 14 €)`).
- Of a range (`¥99-199`, `5 € bis 10 €`) the lower bound is the price; `起`, `from` and `ab` change nothing.
- Of the same in euro and in the currency before it, or by the month and by the week, the first is the price
  (`25,51 € / 49,90 лв.`, `£650 pcm £150 pw`); of tiers, the first one, too (`Bis 4 20 € Ab 5 18 €`).
- A clause of sending, of used goods or of several pieces is beside the price, with all its amounts
  (`329 € ↵ Lieferung 39 €, bis zur Wohnung 69 €`); where `Price on request` stands first, no amount is the price.
- Of a sum that is called so, all of it is the price (`45 € + 4,50 € Gebühr, gesamt 49,50 €`).
- A number and its currency stand on one line, or the currency on one of its own.
- Two amounts without words are told apart by a discount that fits (`-75% $59.99 $14.99`, `Save $20`), or refused.
- A price is never dearer than one it beats: `原价 ¥79 现价 ¥99` is refused. A wrong price is worse than an error.
- A word that says too little is refused: `€46 Taxes incl. (€18)`, `12 €/Monat 0,31 €/kWh`, `$45 -20% by wire $36`.
- Where adults, children, students or others pay another price, all is refused (`Regular $25 Senior $18`).
- A price behind one by the month is refused where it is not the whole of such (`$10/month $99 device`).
- One by the month behind what is paid once is refused, too (`einmalig 49 €, monatlich 39,99 €`).
- `Free`, `免费`, `Kostenlos` alone are 0.
- Raised digits (`19⁹⁹`, as `price_text.py` writes `<sup>`) are cents behind a whole number, a footnote behind cents.
- A page's number without a currency that may be a year (`2026`) is no price, unless the watch names its `currency`.

The words stand in `price_words.py` and `price_conditions.py`, the currencies in `currencies.py`; what amounts say of
each other in `price_tax.py` and `price_relations.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import accumulate, pairwise

from msgspec.structs import replace

from watcher.core.values import Money
from watcher.core.wording import worded
from watcher.errors import UnparsableError
from watcher.extract.currencies import NOWHERE, Place, home_signs, is_shared
from watcher.extract.lazy_pattern import LazyPattern
from watcher.extract.numbers import plain, quoted
from watcher.extract.price_amounts import (
    IS_YEAR,
    Amount,
    amounts_in,
    bare_prices,
    has_cents,
    likely_prices,
    value_of,
)
from watcher.extract.price_beside_words import (
    COUPON,
    LATER,
    MONTHLY,
    ON_REQUEST,
    ONCE,
)
from watcher.extract.price_conditions import LESS, NEXT, is_class, is_lent
from watcher.extract.price_free import NOTHING_TO_PAY, is_free
from watcher.extract.price_gaps import Gap, words_said
from watcher.extract.price_marks import Marks, marks_of
from watcher.extract.price_notation import PERCENT, with_whole_amounts
from watcher.extract.price_parts import is_added_by_term, is_addition, is_taxed_alike, part_or_unit
from watcher.extract.price_phrases import role_alone, role_said
from watcher.extract.price_relations import SENDING, TOTAL, by_clauses, by_others, tiers, total, with_additions
from watcher.extract.price_tax import with_tax
from watcher.extract.price_words import Role

_ADDED = LazyPattern(f"{SENDING}|fee|tax|deposit", re.IGNORECASE)
_DIGIT = re.compile(r"\d|[⁰-⁹]")
_TWO_AT_END = re.compile(r"(?<![.,]\d)\d(?:[^\S\n]*(?:[€$£₪₽₴₺₸]|zł|Kč|kr)?\n| )[^\S\n]*\d\d[^\S\n]*(?:\n|\Z)")
"""Of a line: `$49 99`, or `99` below `$49`."""
_ONLY_CENTS = re.compile(r"0\d")
"""The `05 zł` of a price whose whole part stands in another block."""
_NEVER_CHEAPER = frozenset({Role.FINAL, Role.NOW, Role.GROSS, Role.EVERYBODY, Role.PLAIN, Role.LIST, Role.WAS})
_NEVER_ALONE = frozenset({Role.ASIDE, Role.WAS, Role.MEMBER, Role.PART})
_CONDITIONAL = frozenset({Role.CONDITIONAL, Role.COUPON})
_ASKED = frozenset({Role.FINAL, Role.NOW, Role.GROSS, Role.EVERYBODY, Role.PLAIN, Role.LIST})
"""Of everybody, and now: what stands beside a price and is none of these is no other that a buyer might pay."""
_LEFT_OPEN = {Role.GROSS: {Role.PLAIN}, Role.UNIT: {Role.ASIDE, Role.TERM}}
"""By the first: what it never beats, for tax says nothing of when, and a unit nothing of a month."""
_OF_SOME_UNIT = frozenset({Role.ASIDE, Role.UNIT, Role.TERM, Role.PIECE})
_LEAST_TERMS = 7
"""Make a whole price that is not called so: fewer months may be a deposit, or a contract."""
_MOST_TIMES = 5
"""What a price may have been before, where no word says which of them counts: more is that of another thing."""
_MONTHS = 24
"""Of a contract, in which the device is paid back."""
_BESIDE_CHARS = 30


def money(
    text: str,
    *,
    place: Place = NOWHERE,
    currency: str | None = None,
    may_be_year: bool = False,
    stated: Decimal | None = None,
) -> Money:
    """
    Return the price that one pays now, and its currency if the text names one.

    Args:
        place: of the page whose text it is.
        currency: what the watch says that its prices are in (ISO 4217); amounts in others are passed over.
        may_be_year: 2026 without a currency is no price; of what machines wrote it is.
        stated: what the page says elsewhere; of several prices that no word tells apart it is the one.

    Raises:
        UnparsableError: there is no price, only a part of one, or more than one that no word tells apart; or the price
            is in another currency.
    """
    lines = text.split("\n") if "\n" in text else ()
    request = ON_REQUEST.search(text)
    said_first = text[: request.start()] if request else ""
    text = plain(text, "price")
    if text.lower().strip(" .!…") in NOTHING_TO_PAY:
        return Money(amount=Decimal(0), code=currency)
    marks = marks_of(home_signs(place))
    line = with_whole_amounts(text, marks, place)
    breaks = _breaks(lines, line, marks, place) if sum(bool(_DIGIT.search(each)) for each in lines) > 1 else ()
    found = amounts_in(line, marks, place, breaks)
    if len(found) > 1 and _TWO_AT_END.search("\n".join(lines)):
        raise UnparsableError(
            worded(
                "error_cents_apart",
                "{text}: nobody can tell whether two digits that stand apart are cents",
                text=quoted(text),
            )
        )
    marked = likely_prices(found, line)
    if may_be_year and currency is None:
        marked = [each for each in marked if each.has_mark or each.currency or not IS_YEAR.fullmatch(each.number[0])]
    if not any(each.has_mark for each in marked) and is_free(lines or (text,)):
        return Money(amount=Decimal(0), code=currency)
    if not marked or (request and all(each.number[0] not in said_first for each in marked)):
        raise UnparsableError(_nothing_found(text, found))
    if _is_drawn_with_cents(marked, found):
        raise UnparsableError(
            worded(
                "error_no_cents",
                "{text}: an amount is told without its cents; select only the price that counts",
                text=quoted(text),
            )
        )
    if any(_ONLY_CENTS.fullmatch(each.number[0]) for each in marked):
        raise UnparsableError(
            worded(
                "error_price_part",
                "{text} holds a part of a price; select the element that shows all of it",
                text=quoted(text),
            )
        )
    valued = [replace(each, value=value_of(each, line)) for each in _in_currency(marked, currency, text)]
    valued = with_tax(valued, line)
    if len(found) == 1 and (valued[0].start, valued[0].end, valued[0].role) == (0, len(line), Role.PLAIN):
        return _asked(valued[0], currency)
    named = _roles(valued, line, breaks)
    if len(found) > len(valued) and currency is None and _best(named) not in _ASKED | _CONDITIONAL:
        named = _with_bare(named, found, line, breaks)
    return _asked(_choose(named, text, stated), currency)


def _asked(chosen: Amount, currency: str | None) -> Money:
    return Money(amount=chosen.value, currency=chosen.currency, code=currency or chosen.code)


def _is_drawn_with_cents(marked: Sequence[Amount], found: Sequence[Amount]) -> bool:
    """Return whether a whole amount with a currency stands beside the same with cents and without one: `49 € 49.99`."""
    wholes = {each.number["digits"] for each in marked if each.has_mark}
    return any(has_cents(each.number) and each.number["digits"][:-3] in wholes for each in found if not each.has_mark)


def _nothing_found(text: str, found: Sequence[Amount]) -> str:
    if not text:
        return worded("error_price_empty", "there is no price: what is there is empty, or crossed out")
    if len(found) == 1 and IS_YEAR.fullmatch(found[0].number[0]):
        return worded(
            "error_year",
            "{text} may be a year; if it is a price, name its currency, as `currency: EUR`",
            text=quoted(text),
        )
    return worded("error_no_price", "{text} holds no price; select the element that shows one", text=quoted(text))


def _in_currency(amounts: Sequence[Amount], currency: str | None, text: str) -> Sequence[Amount]:
    """Return the amounts that may be in this currency. Raises UnparsableError when all are in others."""
    if currency is None:
        return amounts
    fitting = [each for each in amounts if each.code in (None, currency) or is_shared(each.currency or "")]
    if not fitting:
        raise UnparsableError(
            worded(
                "error_currency",
                "{text} is in {code}, and `currency:` says {currency}",
                text=quoted(text),
                code=amounts[0].code,
                currency=currency,
            )
        )
    return fitting


def _with_bare(named: list[Amount], found: Sequence[Amount], line: str, breaks: Sequence[int]) -> list[Amount]:
    """Return the amounts with one in cents that has no currency, beside what is none: `24.90 49,80 kr/kg`."""
    bare = [replace(each, value=value_of(each, line)) for each in bare_prices(found, line) if has_cents(each.number)]
    known = {each.start for each in named}
    new = [each for each in bare if each.start not in known]
    if len(new) != 1:
        return named
    both = sorted([*(replace(each, role=Role.PLAIN) for each in named), *new], key=lambda each: each.start)
    return _roles(both, line, breaks)


def _breaks(lines: Sequence[str], line: str, marks: Marks, place: Place) -> Sequence[int]:
    """Return the blanks between lines in the one line that was made of them; none when that cannot be told."""
    try:
        wholes = [
            with_whole_amounts(whole, marks, place) if _DIGIT.search(whole := plain(each, "price")) else whole
            for each in lines
        ]
    except UnparsableError:
        return ()
    ends = accumulate(len(each) + 1 for each in wholes[:-1])
    return [end - 1 for end in ends] if " ".join(wholes) == line else ()


def _roles(amounts: Sequence[Amount], line: str, breaks: Sequence[int] = ()) -> list[Amount]:
    """Return the amounts with what they are; of the ways to read the words, the first that does not contradict."""
    gaps = [Gap.of(line, a, b, breaks) for a, b in _gaps(amounts, len(line))]
    nexts = [LESS if after.value < each.value else NEXT for each, after in pairwise(amounts)]
    following = [gap.behind(sign) for gap, sign in zip(gaps[1:], [*nexts, ""], strict=True)]
    preceding = [gap.before for gap in gaps[:-1]]
    preceding = [*preceding[:1], *("" if is_addition(*pair) else pair[1] for pair in pairwise(preceding))]
    around = list(zip(preceding, following, strict=True))
    parted = [part_or_unit(each, *texts) for each, texts in zip(amounts, around, strict=True)]
    parted = by_clauses(with_additions(parted, gaps), gaps)
    if told := tiers(parted, gaps) or total(amounts, gaps):
        return told
    if len(amounts) == 1:
        alone = role_alone(gaps[0].before, "" if "…" in gaps[1].text else gaps[1].text)
        return [replace(parted[0], role=alone)] if alone in _NEVER_ALONE and parted[0].role is not Role.PART else parted
    for index, gap in enumerate(gaps[1:-1], 1):
        if is_taxed_alike(gap.text) and parted[index - 1].role in _OF_SOME_UNIT:
            parted[index] = replace(parted[index], role=parted[index - 1].role)
    parted = [replace(each, is_of_class=is_class(*texts)) for each, texts in zip(parted, around, strict=True)]
    readings = [_named(parted, words) for words in words_said(gaps)]
    return next((reading for reading in readings if _is_sound(reading) and _is_decided(reading)), readings[-1])


def _gaps(amounts: Sequence[Amount], length: int) -> Iterator[tuple[int, int]]:
    """Yield where the text before, between and behind the amounts stands."""
    end = 0
    for each in amounts:
        yield end, each.start
        end = each.end
    yield end, length


def _named(amounts: Sequence[Amount], words: Sequence[Role | None]) -> list[Amount]:
    named = [_with_role(each, word) for each, word in zip(amounts, words, strict=True)]
    return by_others(named)


def _with_role(each: Amount, word: Role | None) -> Amount:
    """Return the amount as what its word says: a plain one, or of a unit one that is not asked now."""
    if word in (None, Role.PART) or each.role not in (Role.PLAIN, Role.PIECE, Role.UNIT, Role.TERM):
        return each
    is_taken = each.role is Role.PLAIN or word in _NEVER_ALONE or (word is Role.LIST and each.role is not Role.UNIT)
    return replace(each, role=word) if is_taken and word is not None else each


def _best(amounts: Sequence[Amount]) -> Role:
    """Return what the price is: none with a coupon where another is asked without it."""
    roles = {each.role for each in amounts}
    return min(roles - {Role.COUPON} if Role.COUPON in roles and roles & (_ASKED | {Role.CONDITIONAL}) else roles)


def _is_decided(amounts: Sequence[Amount]) -> bool:
    best = _best(amounts)
    return len({each.value for each in amounts if each.role is best}) == 1


def _is_sound(amounts: Sequence[Amount]) -> bool:
    """Return whether no amount that would be taken is dearer than one it beats, or cheaper than members'."""
    best = _best(amounts)
    is_told_from_plain = best is Role.EVERYBODY and all(each.role is not Role.MEMBER for each in amounts)
    cheaper = _NEVER_CHEAPER - {Role.PLAIN} if is_told_from_plain else _NEVER_CHEAPER
    dearer = {Role.NET, Role.TERM, Role.MEMBER, Role.COUPON, Role.PIECE, *_LEFT_OPEN.get(best, ())}
    chosen = min((each.value for each in amounts if each.role is best), default=Decimal(0))
    return all(
        (each.role not in cheaper or chosen <= each.value) and (each.role not in dearer or chosen >= each.value)
        for each in amounts
    )


def _choose(amounts: Sequence[Amount], text: str, stated: Decimal | None = None) -> Amount:
    best = _best(amounts)
    if best is Role.PART:
        raise UnparsableError(
            worded(
                "error_price_other",
                "{text} holds only a part of a price (shipping, deposit, instalment, saving); select the price",
                text=quoted(text),
            )
        )
    if best in _NEVER_ALONE:
        raise UnparsableError(
            worded(
                "error_price_before",
                "{text} holds only an old, member or by-weight price; select the price",
                text=quoted(text),
            )
        )
    candidates = list({each.value: each for each in reversed(amounts) if each.role is best}.values())
    if len(candidates) == 2 and not _is_qualified(candidates, amounts):
        candidates = _discounted(candidates, amounts, text)
    if best is Role.PLAIN and len(candidates) == 1:
        candidates = _cheaper_by_term(candidates[0], amounts, text)
    if len(candidates) > 1:
        candidates = [each for each in candidates if each.value == stated] or candidates
    if len(candidates) == 1 and _is_sound(amounts) and not _is_asked_of_some(candidates[0], amounts, text):
        return _with_currency(candidates[0], amounts)
    shown = ", ".join(f"{each.value:f}" for each in list(amounts)[:4])
    raise UnparsableError(
        worded(
            "error_prices",
            "{text} holds more than one price ({found}); select only the one that counts",
            text=quoted(text),
            found=shown,
        )
    )


def _with_currency(chosen: Amount, amounts: Sequence[Amount]) -> Amount:
    """Return the amount with the currency that the same one has elsewhere: `1.299,–` beside `€ 1.299,00`."""
    same = (each for each in amounts if each.value == chosen.value and each.currency)
    return chosen if chosen.currency else next(same, chosen)


def _is_asked_of_some(chosen: Amount, amounts: Sequence[Amount], text: str) -> bool:
    """Return whether others pay another price, or later, or for more: without the coupon, as children, monthly."""
    others = [each for each in amounts if each.value != chosen.value]
    if (LATER.search(chosen.number.string) and others) or any(_is_left(each, chosen, text) for each in others):
        return True
    former = [each.value for each in others if each.role in _NEVER_CHEAPER]
    if chosen.role is Role.PLAIN and 0 < chosen.value * _MOST_TIMES < max(former, default=Decimal(0)):
        return True
    asked = [each for each in others if each.role in _ASKED]
    if (chosen.role in _CONDITIONAL or chosen.is_of_class) and any(each.role is Role.WAS for each in others):
        return True
    is_free_for_some = any(each.role is Role.MEMBER and not each.value for each in amounts)
    is_of_class = any(each.is_of_class for each in (chosen, *asked))
    is_of_some = bool(asked) and (chosen.role in _CONDITIONAL or is_of_class)
    following = min((each.start for each in others if each.start >= chosen.end), default=None)
    if chosen.role is Role.TERM and is_lent(chosen.number.string[chosen.end : following].lower()):
        return True  # `$23.06/mo` above `for 36 months, $0 down`
    return is_of_some or is_free_for_some or _is_beside_one_off(chosen, amounts) or _is_beside_a_term(chosen, amounts)


def _is_left(part: Amount, chosen: Amount, text: str) -> bool:
    """Return whether a percentage leaves a part, and doesn't save it: `100 € remise de 20 % soit 80 €`."""
    before = replace(chosen, value=chosen.value + part.value)
    is_saved = _discounted([chosen, before], (), text) == [chosen]
    return part.role is Role.PART and not is_saved and _discounted([part, chosen], (), text) == [part]


def _is_beside_one_off(chosen: Amount, amounts: Sequence[Amount]) -> bool:
    """Return whether an amount is paid once, and then one by the month: `einmalig 49 €, monatlich 39 €`."""
    line = chosen.number.string
    if chosen.role is Role.PLAIN and ONCE.match(line, chosen.end + 1) and MONTHLY.search(line, chosen.end):
        return True
    ends = [each.end for each in amounts if each.end <= chosen.start and each.role is Role.PART and each.value > 0]
    is_monthly = bool(ends) and (chosen.role is Role.TERM or bool(MONTHLY.search(line, ends[-1], chosen.start)))
    return is_monthly and ONCE.search(line, 0, chosen.start) is not None


def _is_beside_a_term(chosen: Amount, amounts: Sequence[Amount]) -> bool:
    """Return whether a price follows one by the month or night of which it is not the whole, as what is paid once."""
    if chosen.role is Role.NOW:
        return False  # `ab 199 €/Monat, Kaufpreis 32.990 €`
    is_whole = chosen.role is not Role.TERM
    if is_whole and any(each.value * _MONTHS > chosen.value and _is_of_contract(each) for each in amounts):
        return True  # `1 € zzgl. 39,99 € mtl.`
    terms = [each for each in amounts if each.role is Role.TERM and each.value > 0]
    if chosen.role is Role.PLAIN and any(each.value < chosen.value < 2 * each.value for each in terms):
        return True  # `850 € 450 € per night`
    for each in terms:
        parts = round(chosen.value / each.value)
        if each.start < chosen.start or (is_whole and parts < _LEAST_TERMS):
            least = 2 if TOTAL.search(chosen.number.string) else _LEAST_TERMS
            return parts < least or abs(chosen.value - parts * each.value) > chosen.value / 100
    return False


def _is_of_contract(each: Amount) -> bool:
    """Return whether an amount is added to the price month by month."""
    line = each.number.string
    before, behind = line[: each.start][-_BESIDE_CHARS:], line[each.end :][:_BESIDE_CHARS]
    return each.role in (Role.PART, Role.TERM) and is_added_by_term(before, behind)


def _discounted(pair: Sequence[Amount], amounts: Sequence[Amount], text: str) -> list[Amount]:
    """Return the lower of two prices when a percentage, or a saving, in the text is the way from one to the other."""
    lower, higher = sorted(pair, key=lambda each: each.value)
    if lower.currency != higher.currency or higher.value <= 0:
        return list(pair)
    left = lower.value / higher.value * 100
    saved = higher.value - lower.value
    fits = any(abs(share - left) <= 1 for share in _shares_left(text))
    fits = fits or any(each.role is Role.PART and abs(each.value) == saved and _is_saving(each) for each in amounts)
    return [lower] if fits else list(pair)


def _is_qualified(pair: Sequence[Amount], amounts: Sequence[Amount]) -> bool:
    """Return whether words that no table knows stand before the lower of two prices: `$45 20% OFF by wire $36`."""
    lower = min(pair, key=lambda each: each.value)
    start = max((each.end for each in amounts if each.end <= lower.start), default=lower.start)
    words = lower.number.string[start : lower.start].lower()
    return any(map(str.isalpha, words)) and role_said(words) is None


def _cheaper_by_term(plain: Amount, amounts: Sequence[Amount], text: str) -> list[Amount]:
    """Return the one amount by the night or piece that a discount leaves of the plain one: `850 € 450 €/night -47%`."""
    lower = [each for each in amounts if each.role in (Role.TERM, Role.PIECE) and 0 < each.value < plain.value]
    discounted = _discounted([plain, *lower], amounts, text) if len(lower) == 1 else []
    return discounted if len(discounted) == 1 else [plain]


def _is_saving(part: Amount) -> bool:
    """Return whether a part is not what is added: shipping, a fee."""
    line = part.number.string
    return not (_ADDED.search(line[max(0, part.start - 25) : part.start]) or COUPON.match(line, part.end))


def _shares_left(text: str) -> Iterator[Decimal]:
    """Yield what the discounts in the text leave of a price, in percent: of `-25%` 75, of `5折` 50."""
    for match in PERCENT.finditer(text):
        percent = match["percent"] or match["behind"]
        yield 100 - Decimal(percent) if percent else Decimal(match["tenths"]) * 10
