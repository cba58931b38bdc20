"""
Single values of a page: its price and its stock, and what follows a label.

| on the page | suggested as |
|---|---|
| a short text with an amount of money, by its name a price, or near the heading | `price` |
| a button or a short text that says whether the product is in stock | `stock` |
| `<dt>` and `<dd>`, `<th>` and `<td>`, `Label: value` | a value by the name of its label: money, date, stock, number |
| `Status`, `Current version:`, `Next appointment:` and what stands behind | a text, where it is no other value |
| `<p>Status: in progress</p>`, `<p>Next meeting: 12 May 2027</p>` | what stands behind the colon, a text or a date |
| `The newest is <code>5.8.2</code> (20 November)` | a version |
| `12 seats left` | a number |
| a figure with a few words beside it: `18,406` and `signatures`, `84 / 250` and `visitors` | a number |

Where nothing of these is found, what stands for itself is looked for (`standing_values.py`).

A number needs a label, or a word behind it, that says what is counted, and a date one that says what happens then: a
page about us has years, and telephones, too. What stands in the rows of a list is none of it, not even where
one row alone has it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice, takewhile

from msgspec import Struct

from watcher.core.values import Stock, ValueType
from watcher.core.watch import Query, Selector, Values
from watcher.core.wording import worded
from watcher.extract.selector_of import selector_of
from watcher.extract.stock import said
from watcher.extract.suggesting import scores
from watcher.extract.suggesting.amount_words import AmountIs, amount_by_label
from watcher.extract.suggesting.candidate import CandidateDraft, Kind
from watcher.extract.suggesting.count_words import COUNT_LABEL, is_of_all, what_is_counted
from watcher.extract.suggesting.days import says_day
from watcher.extract.suggesting.moments import has_moment, is_of_other_years
from watcher.extract.suggesting.naming import name_of_classes, named
from watcher.extract.suggesting.region_words import STATE_NAMES, words_of
from watcher.extract.suggesting.rows import link_column
from watcher.extract.suggesting.standing_values import YEAR, standing_values
from watcher.extract.suggesting.survey import Spot, Survey
from watcher.extract.suggesting.types import DATE, MONEY_MARK, can_be, type_of, type_of_texts

_VALUE_CHARACTERS = 60
_LABEL_CHARACTERS = 40
_PROSE_CHARACTERS = 80
_ROWS = 3
"""Of one path: what stands so often is a cell of a list."""
_FEE_TAGS = frozenset({"tr", "li", "dd"})
_ROW_TAGS = frozenset({"a", "li", "div", "article", "section", "tr"})
_SAMPLE = 40
"""So many rows are looked at."""
_MOST_PRICES = 4
_AMOUNT_CHARACTERS = 24
_MOST_LABELLED = 6
_MOST_PAIRS = 200
_MOST_FIGURES = 3
_MOST_BESIDE = 6
"""So many figures may stand beside each other, each with a label of its own."""
_BESIDE = 120
"""Elements between a price and the stock of the same thing."""
_NEAR = 60
"""Elements behind the heading: so near stands what the page is about."""
_PRICE_WORDS = frozenset({"price", "prices", "preis", "prix", "precio", "prezzo", "cost", "amount", "jiage", "价格"})
_OTHER_WORDS = frozenset(
    {"cart", "basket", "minicart", "shipping", "delivery", "total", "subtotal", "save", "saving", "savings", "discount"}
    | {"balance", "wallet", "threshold", "fee", "deposit", "voucher", "coupon"}
)
"""An amount that is none of what is sold."""
_BARE = re.compile(r"\d[\d.,]*(?: ?(?:p|ct|c|cents?|¢|分|角|/.{1,12}))?", re.IGNORECASE)
_MEASURED = re.compile(
    r"\A[%％]? ?[-−+]?\d[\d.,]* ?(?:°[CF]?|[%％‰]|k?m|cm|mm|m[²³23]|m³/s|km/h|m/s|[kMG]?Wh?|kg|g|t|l|h?Pa|bar|mbar"
    r"|dB|ppm|[µm]g(?:/m³)?|ms|[kMG]bit/s|[KMGT]B|Hz|V|A|points?|pts|Punkte)",
)
_READING = re.compile(r"°|m³/s|\b(?:cm|m|hPa|mm|mbar|ppm|dB|km/h|m/s|[kMG]Wh?)\Z|[µm]g/m³")
_DIMENSION = re.compile(r"(?:k?m|cm|mm|m[²2]|kg|g|[kMG]?W|[KMGT]B|Hz|V|A|l|[%％])\Z")
"""What has such a unit is mostly said of a thing that is sold, and stays."""
_EVENT = re.compile(
    r"open|clos|releas|begin|start|deadline|due\b|until|on sale|expir|launch|next|starts|ends|erschein|ouvert|apertura"
    r"|截止|开始|开售|开放|发售|截至",
    re.IGNORECASE,
)
_STATE_LABEL = re.compile(
    r"(?:current |aktueller )?(?:status|state|estado|état|etat|stato|zustand|stav|stan|tila|durum|статус|состояние"
    r"|状态|状態|상태|availability|stock|verfügbarkeit|disponib\w{1,9}|lieferbarkeit|наличие|库存|在庫|재고)",
    re.IGNORECASE,
)
_LABEL_AND_VALUE = re.compile(
    r"(?P<label>[^:：\d]{2,40})[:：]\s?(?P<value>[^:：]{1,60}|[^:：]{1,30}\d[:：]\d\d[^:：]{0,12})"
)
_BEHIND_COLON = r"[:：]\s*(.+)"
_VERSION = re.compile(r"v?\d{1,4}(?:\.\d{1,5}){1,4}(?:[-+ ]?[a-z]{1,6}\d{0,3})?")
_WHOLE_VERSION = re.compile(r"v?\d{1,4}\.\d{1,5}\.\d{1,5}(?:[-+.]?[a-z]{1,6}\.?\d{0,3})?")
_VERSION_LABEL = re.compile(
    r"version|versión|versione|versão|wersja|verze|версия|版本|バージョン|버전|release", re.IGNORECASE
)
_MOST_STATES = 2
_MOST_STANDING = 2
_OLD_WORDS = frozenset(
    {"old", "was", "original", "regular", "list", "rrp", "msrp", "compare", "crossed", "strike", "del"}
)
_STOCK_WORDS = frozenset({"stock", "availability", "available", "inventory", "avail", "soldout", "instock", "status"})
_BUTTONS = frozenset({"button", "input", "a"})
_INTERACTIVE = frozenset(
    {"a", "button", "input", "select", "label", "h1", "h2", "h3", "h4", "h5", "h6", "li", "p", "table", "ul"}
)
_DATE_LABEL = re.compile(
    r"date|begin|start|end|open|clos|deadline|sale|release|until|due|when|valid|expire|next|depart|arriv"
    r"|datum|beginn|ende|frist|fecha|fin|时间|日期|截止|开始|结束|开售|发售|报名|考试|开放|放票"
    r"|l[ií]mit|scadenza|prazo|termin|cierre|vencim|сроки?\b|начало|締切|期限|日時|受付|마감|시작|예매|접수|일시",
    re.IGNORECASE,
)
_PAST_LABEL = re.compile(
    r"updat|modif|publi|posted|written|order|birth|founded|aktualis|veröffentlich|bestell|geburt|gegründet|mise à jour"
    r"|commande|naissance|actualiza|pedido|nacimiento|aggiorna|atualiza|bijgewerkt|gewijzigd|uppdater|opdater|oppdater"
    r"|päivitet|aktualiz|frissít|actualizat|ενημ|обновл|оновл|güncelle|diperbarui|cập nhật|تحديث|עודכן|更新|修改|发布"
    r"|發布|公開日|掲載日|발행|수정|업데이트",
    re.IGNORECASE,
)
"""The day of what was done stays."""
_NEXT_LABEL = re.compile(
    r"next|earliest|first (?:free|available)|slot|appointment|termin|nächst|frei|prochain|próxim|prossim|volgende|eerst"
    r"|ближайш|следующ|sıradaki|en yakın|najbliżs|næste|nästa|次回|次の|空き|最近|下一|下次|다음",
    re.IGNORECASE,
)
_MOMENT = re.compile(
    r"\d{1,2}[:h]\d{2}|\d{1,2}[./]\d{1,2}\b|\d[月월]|\d{1,2}\.? ?(?:de )?[^\W\d]{3}"
    r"|\b(?:jan|feb|mar|apr|may|june?|july?|aug|sep|oct|nov|dec)[a-z]{0,6}\.? \d{1,2}\b",
    re.IGNORECASE,
)
"""A day or a time, which no year need stand behind."""
_FIGURE = re.compile(r"[%％]? ?[-−+]?\d[\d., \u00a0]{0,15}(?: ?[^\s\d]{1,5})?(?: ?/ ?\d[\d., ]{0,15})?")
_OF_ALL = re.compile(r"\d[\d., ]{0,15}/ ?\d[\d., ]{0,15}")
_COUNT_OF_ALL = r"\d[\d., ]*"
"""Of `84 / 250` the first."""
_FIGURE_WORDS = frozenset(
    {"count", "gauge", "current", "live", "level", "percent", "percentage", "progress", "reading", "meter"}
    | {"occupancy"}
)
_UNIT = re.compile(r".{0,200}=|10{0,3} ?(?:[A-Z]{3}|[$€£¥])|[$€£¥] ?10{0,3}")
"""`1 EUR =`, or above what it is worth; a price of so much is seldom seen."""
_RATE = re.compile(r"\W{0,2}10{0,3} ?[^\d=]{1,30}= ?\D{0,4}\d[\d.,]{0,15} ?\D{0,20}")
_WORTH = r"=\D*(\d[\d.,]*)"
_BOX_CHARACTERS = 160
_BEFORE_NUMBER = re.compile(r"[^\d$€£¥￥₹₩₽₺₫฿₴₱₪]{1,40}")


class Found(Struct, frozen=True, kw_only=True):
    """A value on the page, and how much speaks for it."""

    spot: Spot
    name: str
    type: ValueType
    label: str = ""
    regex: str | None = None
    score: float


class Rows(Struct, frozen=True, kw_only=True):
    """The elements of content by path, how many each path has, and those whose path has few."""

    alike: Mapping[int, Sequence[Spot]]
    counts: Mapping[int, int]
    few: Sequence[Spot]


def values_of(survey: Survey) -> Iterator[CandidateDraft]:
    """Yield the page's price with its stock, then other values, each for itself."""
    rows = _rows_of(survey)
    prices = sorted(_outside(survey, rows, _prices(survey, rows)), key=lambda found: -found.score)[:_MOST_PRICES]
    stocks = sorted(_outside(survey, rows, _stocks(survey, rows)), key=lambda found: -found.score)[:2]
    labelled = list(islice(_outside(survey, rows, _labelled(survey)), _MOST_LABELLED))
    if prices and stocks and abs(prices[0].spot.place - stocks[0].spot.place) <= _BESIDE:
        both = (prices[0], stocks[0])
        yield _draft(survey, both, _SHOWS_ONE_PRICE, 20)
    elif stocks and _is_telling(survey, stocks[0]):
        yield _draft(survey, stocks[:1], _SHOWS_IN_STOCK, 4)
    for price in prices:
        yield _draft(survey, (price,), _amount_after(price.label), 6)
    for found in islice(_rates(survey), _MOST_FIGURES):
        yield _draft(survey, (found,), _SHOWS_RATE, 0)
    for found in labelled:
        yield _draft(
            survey,
            (found,),
            worded("suggest_label", "The page shows this after the label “{label}”.", label=found.label),
            0,
        )
    for found in islice(_outside(survey, rows, _figures(survey, rows)), _MOST_FIGURES):
        yield _draft(
            survey,
            (found,),
            worded("suggest_figure", "The page shows this figure beside “{label}”.", label=found.label),
            0,
        )
    for found in islice(_outside(survey, rows, _counts(survey, rows)), _MOST_FIGURES):
        yield _draft(survey, (found,), _SHOWS_COUNT, 0)
    for found in islice(_outside(survey, rows, _dates(survey, rows)), _MOST_LABELLED):
        yield _draft(survey, (found,), _SHOWS_DATE, 0)
    for found in islice(_versions(survey, rows), 1):
        yield _draft(survey, (found,), "The page says which version there is, and since when.", 0)
    for found in islice(_outside(survey, rows, _states(survey, rows)), _MOST_STATES):
        yield _draft(survey, (found,), _SHOWS_STATUS, 0)


_SHOWS_ONE_PRICE = worded("suggest_product", "The page shows one price, and whether the product is in stock.")
_SHOWS_IN_STOCK = worded("suggest_stock", "The page says whether the product is in stock.")
_SHOWS_RATE = worded("suggest_rate", "The page says what a currency is worth.")
_SHOWS_COUNT = worded("suggest_count", "The page counts something.")
_SHOWS_DATE = worded("suggest_date", "The page says when something happens.")
_SHOWS_STATUS = worded("suggest_status", "The page shows the status of something.")


def _by_itself(label: str) -> str:
    if not label:
        return worded("suggest_alone", "The page shows this for itself, and says of when it is.")
    return worded(
        "suggest_alone_after", "The page shows this for itself beside “{label}”, and says of when it is.", label=label
    )


def _amount_after(label: str) -> str:
    if not label:
        return worded("suggest_amount", "The page shows an amount of money.")
    return worded("suggest_amount_after", "The page shows an amount of money after “{label}”.", label=label)


def last_values_of(survey: Survey, *, has_lists: bool) -> Iterator[CandidateDraft]:
    """Yield what stands for itself, whatever it is: for a page that shows no other value."""
    most_alike = _ROWS - has_lists
    for found in _outside(survey, _rows_of(survey), _standing(survey, most_alike)):
        yield _draft(survey, (found,), _by_itself(found.label), 0)


def _rows_of(survey: Survey) -> Rows:
    alike = survey.by_path()
    counts = {path: len(spots) for path, spots in alike.items()}
    few = [spot for spot in survey.spots if not spot.is_out and counts[spot.path] <= _MOST_BESIDE]
    return Rows(alike=alike, counts=counts, few=few)


def _draft(survey: Survey, found: Sequence[Found], why: str, bonus: float) -> CandidateDraft:
    names: set[str] = set()
    selectors = {named(each.name, names): _selector(survey, each) for each in found}
    score = min(84, max(each.score for each in found) + bonus)
    return CandidateDraft(kind=Kind.VALUE, why=why, extraction=Values(selectors=selectors), score=score)


def _selector(survey: Survey, found: Found) -> Selector:
    css = selector_of(survey.document, found.spot.element)
    is_of = _OF_ALL.fullmatch(found.spot.own) or is_of_all(survey.text(found.spot))
    of_all = _COUNT_OF_ALL if is_of and found.type is ValueType.INTEGER else None
    return Selector(query=Query.css(css), type=found.type, regex=found.regex or of_all)


def _prices(survey: Survey, rows: Rows) -> Iterator[Found]:
    heading = _heading(survey)
    skip = 0
    for spot in _alone_or_priced(survey, rows):
        if spot.place < skip or not _is_short_value(survey, spot):
            continue
        has_mark = MONEY_MARK.search(survey.text(spot)) is not None
        score = _price_score(survey, spot, heading) if has_mark or _is_bare_price(survey, spot) else 0
        kind = type_of(survey, [spot]) if score > 0 else ValueType.TEXT
        if kind in ((ValueType.MONEY,) if has_mark else (ValueType.NUMBER, ValueType.INTEGER)):
            skip = spot.end
            spot = _inner(survey, spot)
            yield Found(spot=spot, name="price", type=kind, label=_label_before(survey, spot), score=score)


def _rates(survey: Survey) -> Iterator[Found]:
    """Yield what one unit of a currency is worth: of `1 EUR = 4,2731 PLN` the number behind."""
    told = [spot for spot in survey.spots if "=" in spot.own and _RATE.fullmatch(spot.own)]
    for spot in told if len(told) < _ROWS else ():
        if _is_short_value(survey, spot):
            yield Found(spot=spot, name="rate", type=ValueType.NUMBER, regex=_WORTH, score=scores.LABELLED)


def _heading(survey: Survey) -> int | None:
    """Return the place of the page's heading."""
    return next((spot.place for spot in survey.spots if spot.tag == "h1" and not spot.is_out), None)


def _inner(survey: Survey, spot: Spot) -> Spot:
    """Return the element without wrappers that hold nothing else."""
    while not spot.own and spot.end > spot.place + 1 and survey.spots[spot.place + 1].end == spot.end:
        spot = survey.spots[spot.place + 1]
    return spot


def _is_bare_price(survey: Survey, spot: Spot) -> bool:
    """Return whether a number without a currency is called a price."""
    words = {word for name in _names(spot) for word in words_of(name)}
    return bool(_PRICE_WORDS & words) and _BARE.fullmatch(survey.text(spot)) is not None


def _alone(survey: Survey, rows: Rows, *, most: int = _ROWS - 1) -> Iterator[Spot]:
    """Yield the elements of content that are no cells of a list, as long as there is time."""
    for spot in rows.few:
        if rows.counts[spot.path] <= most:
            if survey.is_over():
                return
            yield spot


def _alone_or_priced(survey: Survey, rows: Rows) -> Iterator[Spot]:
    """Yield the elements of content that are alone, or alone among their like in that they are an amount of money."""
    alike = (spots for spots in rows.alike.values() if len(spots) >= _ROWS)
    amounts = [list(islice(filter(_is_amount, spots), _ROWS)) for spots in alike]
    others = [spot for found in amounts if len(found) < _ROWS for spot in found]
    yield from sorted([*_alone(survey, rows), *others], key=lambda spot: spot.place)


def _is_amount(spot: Spot) -> bool:
    """Return whether an element says an amount of money, and nothing else."""
    own = spot.own
    if not 0 < len(own) <= _AMOUNT_CHARACTERS or not any(map(str.isdigit, own)):
        return False
    return MONEY_MARK.search(own) is not None and not any(map(str.isalpha, MONEY_MARK.sub("", own)))


def _price_score(survey: Survey, spot: Spot, heading: int | None) -> float:
    words = {word for each in (spot, *_around(survey, spot)) for name in _names(each) for word in words_of(name)}
    is_near = heading is not None and 0 < spot.place - heading <= _NEAR
    said = amount_by_label(_said_beside(survey, spot))
    is_unit = _UNIT.fullmatch(survey.text(spot)) is not None
    is_told = _PRICE_WORDS & words or is_near or said is AmountIs.PRESENT or _label_before(survey, spot)
    if is_unit or _is_in_prose(survey, spot) or not is_told or (_OTHER_WORDS & words and not _PRICE_WORDS & words):
        return 0
    if said is not AmountIs.PRESENT and not _PRICE_WORDS & words and _is_of_fees(survey, spot):
        return scores.FIXED - 6
    if said is AmountIs.OTHER and not _PRICE_WORDS & words:
        return scores.FIXED - 6
    is_other = said is AmountIs.OTHER or (_OLD_WORDS | _OTHER_WORDS) & words
    return 44 + 10 * bool(_PRICE_WORDS & words) + 10 * is_near + 10 * (said is AmountIs.PRESENT) - 15 * bool(is_other)


def _is_of_fees(survey: Survey, spot: Spot) -> bool:
    """Return whether an amount stands in one of several rows, each with an amount of its own: so much for what."""
    row = next((each for each in (spot, *survey.above(spot)) if each.tag in _FEE_TAGS), None)
    if row is None or row.parent < 0:
        return False
    rows = [each for each in survey.children(survey.spots[row.parent]) if each.tag == row.tag][:_SAMPLE]
    return sum(MONEY_MARK.search(survey.text(each)) is not None for each in rows) > 1


def _outside(survey: Survey, rows: Rows, found: Iterable[Found]) -> Iterator[Found]:
    """Yield what does not stand in one of several rows that lead each to its own: of five doctors two have no time."""
    for each in found:
        if not any(_is_row(survey, above, rows) for above in survey.above(each.spot)):
            yield each


def _is_row(survey: Survey, spot: Spot, rows: Rows) -> bool:
    """Return whether an element is one of three and more beside each other, each with a button or a link of its own."""
    if spot.tag not in _ROW_TAGS or len(rows.alike.get(spot.path, ())) < _ROWS:
        return False
    beside = [each for each in rows.alike[spot.path] if each.parent == spot.parent][:_SAMPLE]
    if len(beside) < _ROWS or any(each.has_main for each in beside):
        return False
    links = [_first_link(survey, each) for each in beside]
    has_buttons = all(any(other.tag == "button" for other in survey.within(each)) for each in beside)
    return has_buttons or (len({link.path for link in links if link}) == 1 and link_column([links]) is not None)


def _first_link(survey: Survey, spot: Spot) -> Spot | None:
    return next((each for each in (spot, *survey.within(spot)) if each.tag == "a" and each.element.attr("href")), None)


def _stocks(survey: Survey, rows: Rows) -> Iterator[Found]:
    skip = 0
    for spot in _alone(survey, rows):
        if spot.place < skip or not 0 < _shown_chars(spot) <= _VALUE_CHARACTERS:
            continue
        words = {word for name in _names(spot) for word in words_of(name)}
        is_named = bool(_STOCK_WORDS & words)
        if not (is_named or spot.tag in _BUTTONS) or type_of(survey, [spot]) is not ValueType.STOCK:
            continue
        skip = spot.end
        is_off = spot.tag in _BUTTONS and spot.element.attr("disabled") is not None
        yield Found(spot=spot, name="stock", type=ValueType.STOCK, score=scores.STOCK + 12 * (is_named or is_off))


def _is_telling(survey: Survey, found: Found) -> bool:
    """Return whether a state of stock is worth watching without a price: a button to order stands on any page."""
    states = said(survey.text(found.spot)).states
    return found.spot.tag not in _BUTTONS or bool(states - {Stock.IN_STOCK})


def _labelled(survey: Survey) -> Iterator[Found]:
    pairs = list(islice(_pairs(survey), _MOST_PAIRS))
    labels = Counter(label for label, _, _ in pairs)
    for label, spot, is_marked in pairs:
        text = survey.text(spot)
        if not 0 < len(text) <= _VALUE_CHARACTERS or not 0 < len(label) <= _LABEL_CHARACTERS:
            continue
        if not is_marked and (labels[label] > 1 or any(map(str.isdigit, label))):
            continue
        kind = type_of(survey, [spot])
        if not is_marked and kind is ValueType.MONEY and amount_by_label(label) is not AmountIs.PRESENT:
            continue
        if _is_told(label, text, kind) and not (kind is ValueType.DATE and is_of_other_years(survey, text)):
            score = _score_labelled(survey, label, text, kind, is_marked=is_marked)
            is_fee = kind is ValueType.MONEY and score < scores.PRESENT_AMOUNT and _is_of_fees(survey, spot)
            yield Found(spot=spot, name=label, type=kind, label=label, score=scores.FIXED if is_fee else score)
    yield from _labelled_within(survey)


def _labelled_within(survey: Survey) -> Iterator[Found]:
    """Yield what stands behind a label in the same text: `<p>Status: in progress</p>`."""
    leaves = (spot for spot in survey.spots if _has_colon(spot) and not spot.is_out and spot.end == spot.place + 1)
    told = [(spot, found) for spot in leaves if (found := _LABEL_AND_VALUE.fullmatch(spot.own))]
    labels = Counter(found["label"] for _, found in told)
    for spot, found in told[:_MOST_PAIRS]:
        label, text = found["label"].strip(), found["value"]
        kind = type_of_texts([text])
        is_figure = kind in (ValueType.INTEGER, ValueType.NUMBER)
        is_other = kind is ValueType.MONEY or (is_figure and not COUNT_LABEL.search(label))
        is_other = is_other or (kind is ValueType.DATE and is_of_other_years(survey, text))
        if labels[found["label"]] < _ROWS and not is_other and _is_told(label, text, kind):
            score = _score_labelled(survey, label, text, kind, is_marked=True)
            yield Found(spot=spot, name=label, type=kind, label=label, regex=_BEHIND_COLON, score=score)


def _has_colon(spot: Spot) -> bool:
    return ":" in spot.own or "：" in spot.own


def _is_told(label: str, text: str, kind: ValueType) -> bool:
    """Return whether a label says that what stands behind it counts, measures, comes, costs, or is a state."""
    is_number = kind in (ValueType.INTEGER, ValueType.NUMBER)
    is_count = is_number and (COUNT_LABEL.search(label) or _MEASURED.fullmatch(text))
    is_coming = _DATE_LABEL.search(label) or _NEXT_LABEL.search(label)
    is_date = kind is ValueType.DATE and is_coming and not _PAST_LABEL.search(label)
    is_text = kind in (ValueType.TEXT, ValueType.STOCK) and _is_telling_text(label, text)
    return bool(is_count or is_date or is_text or kind is ValueType.MONEY or _is_stock(label, text, kind))


def _score_labelled(survey: Survey, label: str, text: str, kind: ValueType, *, is_marked: bool) -> float:
    said = amount_by_label(label) if kind is ValueType.MONEY else AmountIs.UNSAID
    match said:
        case AmountIs.PRESENT:
            return scores.PRESENT_AMOUNT
        case AmountIs.OTHER:
            return scores.OTHER_AMOUNT
        case AmountIs.UNSAID:
            is_number = kind in (ValueType.INTEGER, ValueType.NUMBER)
            is_measured = COUNT_LABEL.search(label) or (is_marked and _READING.search(text) and has_moment(survey))
            is_fixed = is_number and _DIMENSION.search(text) and not is_measured
            return scores.FIXED if is_fixed else scores.LABELLED


def _is_telling_text(label: str, text: str) -> bool:
    """Return whether a label says that a text is the next day of something, a status, or a version."""
    is_next = _NEXT_LABEL.search(label) and _MOMENT.search(text)
    is_version = _VERSION_LABEL.search(label) and _VERSION.fullmatch(text)
    return bool(is_next or is_version or _STATE_LABEL.fullmatch(label))


def _is_stock(label: str, text: str, kind: ValueType) -> bool:
    """Return whether this is a state of stock: “None” behind any other label is not, nor are places that are kept."""
    is_kept = Stock.PREORDER in said(text).states and any(map(str.isdigit, text))
    is_told = _STATE_LABEL.search(label) or (COUNT_LABEL.search(label) and not is_kept)
    return kind is ValueType.STOCK and bool(is_told)


def _pairs(survey: Survey) -> Iterator[tuple[str, Spot, bool]]:
    """
    Yield labels with the elements of their values, and whether the page marks them as such.

    It does in lists of definitions, in tables of two columns, and by a colon.
    """
    for spot in survey.spots:
        if spot.is_out or spot.chars > 2 * _VALUE_CHARACTERS + _LABEL_CHARACTERS:
            continue
        children = list(islice(survey.children(spot), 3)) if spot.tag != "dt" else []
        if spot.tag == "dt" and spot.end < len(survey.spots) and survey.spots[spot.end].tag == "dd":
            yield _as_label(survey.text(spot)), survey.spots[spot.end], True
        elif len(children) == 2 and not spot.own:
            yield _as_label(survey.text(children[0])), children[1], _is_label(survey, spot, children[0])
        elif (other := _behind_colon(survey, spot)) is not None:
            yield _as_label(spot.own), other, True
        elif len(children) == 1 and 0 < len(spot.own) <= _LABEL_CHARACTERS:
            yield _as_label(spot.own), children[0], spot.own.endswith((":", "："))


def _behind_colon(survey: Survey, spot: Spot) -> Spot | None:
    """Return what stands behind a label in a paragraph of its own: `<p><b>Next free day:</b></p><p>14/01/2027</p>`."""
    if not spot.own.endswith((":", "：")) or spot.chars > len(spot.own):
        return None
    while spot.parent >= 0 and survey.spots[spot.parent].chars == spot.chars:
        spot = survey.spots[spot.parent]
    other = survey.spots[spot.end] if spot.end < len(survey.spots) else None
    parent = survey.spots[spot.parent] if spot.parent >= 0 else None
    is_beside = other is not None and parent is not None and other.parent == parent.place
    return other if is_beside and parent is not None and not parent.own else None


def _is_label(survey: Survey, row: Spot, first: Spot) -> bool:
    if row.tag == "tr":
        return first.tag in ("th", "td") and row.chars > 0
    text = survey.text(first)
    return text.endswith((":", "：")) or _STATE_LABEL.fullmatch(text) is not None


def _counts(survey: Survey, rows: Rows) -> Iterator[Found]:
    """Yield the short texts that say a number and what it counts."""
    skip = 0
    for spot in _alone(survey, rows):
        if spot.place < skip or not _is_short_value(survey, spot):
            continue
        text = survey.text(spot)
        counted = what_is_counted(text)
        if counted and (is_of_all(text) or can_be(text, ValueType.INTEGER)):
            skip = spot.end
            yield Found(spot=_inner(survey, spot), name=counted, type=ValueType.INTEGER, score=scores.COUNT)


def _figures(survey: Survey, rows: Rows) -> Iterator[Found]:
    """Yield the numbers that stand for themselves, beside a few words which say what they count or measure."""
    found = list(_figures_told(survey, rows))
    labels = Counter(each.label for each in found)
    yield from (each for each in found if labels[each.label] < _ROWS)


def _figures_told(survey: Survey, rows: Rows) -> Iterator[Found]:
    heading = _heading(survey)
    for spot in _alone(survey, rows, most=_MOST_BESIDE):
        is_figure = _FIGURE.fullmatch(spot.own) and not YEAR.fullmatch(spot.own) and not spot.own.startswith("0")
        if not is_figure or not _is_short_value(survey, spot) or not (label := _words_beside(survey, spot)):
            continue
        words = {word for each in (spot, survey.spots[spot.parent]) for name in _names(each) for word in words_of(name)}
        is_near = heading is not None and spot.place > heading and rows.counts[spot.path] == 1
        is_told = COUNT_LABEL.search(label) or _FIGURE_WORDS & words or (is_near and _READING.search(spot.own))
        is_of = is_told and _OF_ALL.fullmatch(spot.own)
        kind = ValueType.INTEGER if is_of else type_of(survey, [spot]) if is_told else ValueType.TEXT
        if kind in (ValueType.INTEGER, ValueType.NUMBER):
            yield Found(spot=spot, name=label, type=kind, label=label, score=scores.COUNT)


def _words_beside(survey: Survey, spot: Spot) -> str:
    """Return the words right before a figure, else those right behind it; empty where there are none."""
    parent = survey.spots[spot.parent]
    if not 0 < parent.chars - spot.chars <= _BOX_CHARACTERS:
        return ""
    beside = [each for each in survey.children(parent) if not each.is_out]
    place = beside.index(spot)
    near = [survey.text(each) for each in (*reversed(beside[:place]), *beside[place + 1 :])]
    texts = (text for text in (parent.own, *near) if not any(map(str.isdigit, text)))
    return next((_as_label(text) for text in texts if 2 < len(text) <= _LABEL_CHARACTERS), "")


def _dates(survey: Survey, rows: Rows) -> Iterator[Found]:
    """Yield the dates that a word in their text, or of their names, says to be those of something to come."""
    for spot in _alone(survey, rows):
        text = survey.text(spot) if _is_short_value(survey, spot) else ""
        is_told = (
            DATE.search(text) and not is_of_other_years(survey, text) and _EVENT.search(" ".join((text, *_names(spot))))
        )
        if is_told and not _is_in_prose(survey, spot) and type_of(survey, [spot]) is ValueType.DATE:
            yield Found(spot=_inner(survey, spot), name="date", type=ValueType.DATE, score=scores.DATE)


def _states(survey: Survey, rows: Rows) -> Iterator[Found]:
    """Yield short texts that are called a status, near the page's heading; what they say may be anything."""
    heading = _heading(survey)
    for spot in _alone(survey, rows):
        is_near = heading is not None and 0 < spot.place - heading <= _NEAR
        words = {word for each in _filled(survey, spot) for name in _names(each) for word in words_of(name)}
        is_label = spot.own.endswith((":", "："))
        if (
            is_near
            and spot.own
            and not is_label
            and (STATE_NAMES | _STOCK_WORDS) & words
            and _is_short_value(survey, spot)
            and not spot.link_chars
            and not _is_in_row(survey, rows, spot)
        ):
            kind = type_of(survey, [spot])
            if kind is not ValueType.DATE:  # of which day the states are
                yield Found(spot=spot, name="status", type=kind, score=scores.STATUS)


def _is_in_row(survey: Survey, rows: Rows, spot: Spot) -> bool:
    """Return whether a value and others fill one of several boxes alike: a line, a lift, each with its state."""
    box = survey.spots[spot.parent]
    beside = [each for each in rows.alike.get(box.path, ()) if each.parent == box.parent]
    return len(beside) >= _ROWS and not box.has_main


def _versions(survey: Survey, rows: Rows) -> Iterator[Found]:
    """Yield versions that stand for themselves in a short text with a day: `The newest: <b>5.8.2</b> (20.11.2026)`."""
    heading = _heading(survey)
    for spot in _alone(survey, rows):
        is_near = heading is not None and 0 < spot.place - heading <= _NEAR
        is_version = _WHOLE_VERSION.fullmatch(spot.own) and not says_day(spot.own)
        if is_near and is_version and spot.chars == len(spot.own) and says_day(_beside(survey, spot)):
            yield Found(spot=spot, name="version", type=ValueType.TEXT, score=scores.STATUS)


def _beside(survey: Survey, spot: Spot) -> str:
    parent = survey.spots[spot.parent]
    return survey.text(parent) if parent.chars <= _BOX_CHARACTERS else ""


def _filled(survey: Survey, spot: Spot) -> Iterator[Spot]:
    """Yield the element, and those that show nothing but it."""
    yield spot
    yield from takewhile(lambda each: each.chars == spot.chars, survey.above(spot))


def _standing(survey: Survey, most_alike: int) -> Iterator[Found]:
    """Yield what stands for itself, the likeliest first."""
    heading = _heading(survey)
    told = [] if heading is None else list(standing_values(survey, heading, most_alike=most_alike))
    for each in sorted(told, key=lambda one: -one.points)[:_MOST_STANDING]:
        kind = type_of(survey, [each.spot]) if each.spot.own else ValueType.TEXT  # a level with its word
        if not (kind is ValueType.DATE and each.spot.tag == "time"):
            kind = ValueType.TEXT if kind is ValueType.DATE else kind
            name = each.label or name_of_classes(each.spot.names) or "status"
            yield Found(
                spot=each.spot, name=name, type=kind, label=each.label, score=scores.STANDING + 8 * (each.points - 4)
            )


def _is_short_value(survey: Survey, spot: Spot) -> bool:
    return (
        not spot.is_out
        and 0 < spot.chars <= _VALUE_CHARACTERS
        and spot.tag not in _INTERACTIVE - {"p", "li"}
        and not any(each.tag in _INTERACTIVE for each in survey.within(spot))
    )


def _is_in_prose(survey: Survey, spot: Spot) -> bool:
    return spot.parent >= 0 and len(survey.spots[spot.parent].own) > _PROSE_CHARACTERS


def _label_before(survey: Survey, spot: Spot) -> str:
    """Return the label that ends with a colon right before the element, empty when there is none."""
    before = survey.spots[spot.place - 1] if spot.place else None
    if before is None or before.is_out:
        return ""
    text = before.own
    return _as_label(text) if text.endswith((":", "：")) and len(text) <= _LABEL_CHARACTERS else ""


def _said_beside(survey: Survey, spot: Spot) -> str:
    """Return the few words right before an amount, in its element or before it; empty where there are none."""
    own = _BEFORE_NUMBER.match(survey.text(spot))
    if own and own[0].strip():
        return own[0].strip()
    while spot.parent >= 0:
        parent = survey.spots[spot.parent]
        before = survey.before(spot)
        text = parent.own or (survey.text(before) if before is not None else "")
        if text or parent.chars > spot.chars:
            return _as_label(text) if len(text) <= _LABEL_CHARACTERS and not any(map(str.isdigit, text)) else ""
        spot = parent
    return ""


def _as_label(text: str) -> str:
    return text.strip().rstrip(":：").strip()


def _around(survey: Survey, spot: Spot) -> list[Spot]:
    """Return what the element lies in that holds little else."""
    return [each for each in survey.above(spot) if each.chars <= 2 * _VALUE_CHARACTERS][:2]


def _names(spot: Spot) -> Iterator[str]:
    yield from spot.names
    for attribute in ("id", "itemprop", "data-testid", "name"):
        if value := spot.element.attr(attribute):
            yield value


def _shown_chars(spot: Spot) -> int:
    return spot.chars or (len(spot.element.attr("value") or "") if spot.tag == "input" else 0)
