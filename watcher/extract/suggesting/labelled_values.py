"""
What follows a label → a value by its name: `<dt>` and `<dd>`, `<th>` and `<td>`, `Label: value`.

A number needs a label that says what is counted or measured, a date one that says what happens then, and a text one
that says that it is a status, a version or the next of something.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from watcher.core.values import Stock, ValueType
from watcher.extract.count_words import COUNT_LABEL
from watcher.extract.stock import said
from watcher.extract.suggesting import scores
from watcher.extract.suggesting.amount_words import AmountIs, amount_by_label
from watcher.extract.suggesting.figures import READING
from watcher.extract.suggesting.found_values import LABEL_CHARACTERS, LEAST_ROWS, VALUE_CHARACTERS, Found, as_label
from watcher.extract.suggesting.moments import has_moment, is_of_other_years
from watcher.extract.suggesting.prices import is_of_fees
from watcher.extract.suggesting.survey import Spot, Survey
from watcher.extract.suggesting.types import type_of, type_of_texts

_MOST_PAIRS = 200
_MEASURED = re.compile(
    r"\A[%％]? ?[-−+]?\d[\d.,]* ?(?:°[CF]?|[%％‰]|k?m|cm|mm|m[²³23]|m³/s|km/h|m/s|[kMG]?Wh?|kg|g|t|l|h?Pa|bar|mbar"
    r"|dB|ppm|[µm]g(?:/m³)?|ms|[kMG]bit/s|[KMGT]B|Hz|V|A|points?|pts|Punkte)",
)
_DIMENSION = re.compile(r"(?:k?m|cm|mm|m[²2]|kg|g|[kMG]?W|[KMGT]B|Hz|V|A|l|[%％])\Z")
"""What has such a unit is mostly said of a thing that is sold, and stays."""
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
_VERSION_LABEL = re.compile(
    r"version|versión|versione|versão|wersja|verze|версия|版本|バージョン|버전|release", re.IGNORECASE
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


def labelled_values(survey: Survey) -> Iterator[Found]:
    """Yield what follows a label in an element of its own, then what follows one in the same text."""
    pairs = list(islice(_pairs(survey), _MOST_PAIRS))
    labels = Counter(label for label, _, _ in pairs)
    for label, spot, is_marked in pairs:
        text = survey.text(spot)
        if not 0 < len(text) <= VALUE_CHARACTERS or not 0 < len(label) <= LABEL_CHARACTERS:
            continue
        if not is_marked and (labels[label] > 1 or any(map(str.isdigit, label))):
            continue
        kind = type_of(survey, [spot])
        if not _is_said(survey, spot, kind):
            continue
        if not is_marked and kind is ValueType.MONEY and amount_by_label(label) is not AmountIs.PRESENT:
            continue
        if _is_told(label, text, kind) and not (kind is ValueType.DATE and is_of_other_years(survey, text)):
            score = _score_labelled(survey, label, text, kind, is_marked=is_marked)
            is_fee = kind is ValueType.MONEY and score < scores.PRESENT_AMOUNT and is_of_fees(survey, spot)
            yield Found(spot=spot, name=label, type=kind, label=label, score=scores.FIXED if is_fee else score)
    yield from _labelled_within(survey)


def _is_said(survey: Survey, spot: Spot, kind: ValueType) -> bool:
    """Return whether a text says something, unlike `*`, and is no part of what a field is called."""
    has_words = kind is ValueType.STOCK or any(map(str.isalnum, survey.text(spot)))
    return has_words and all(each.tag != "label" for each in (spot, *islice(survey.above(spot), 2)))


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
        if labels[found["label"]] < LEAST_ROWS and not is_other and _is_told(label, text, kind):
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
        case AmountIs.SENDING:
            return scores.FIXED
        case AmountIs.UNSAID:
            is_number = kind in (ValueType.INTEGER, ValueType.NUMBER)
            is_measured = COUNT_LABEL.search(label) or (is_marked and READING.search(text) and has_moment(survey))
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
        if spot.is_out or spot.chars > 2 * VALUE_CHARACTERS + LABEL_CHARACTERS:
            continue
        children = list(islice(survey.children(spot), 3)) if spot.tag != "dt" else []
        if spot.tag == "dt" and spot.end < len(survey.spots) and survey.spots[spot.end].tag == "dd":
            yield as_label(survey.text(spot)), survey.spots[spot.end], True
        elif len(children) == 2 and not spot.own:
            yield as_label(survey.text(children[0])), children[1], _is_label(survey, spot, children[0])
        elif (other := _behind_colon(survey, spot)) is not None:
            yield as_label(spot.own), other, True
        elif len(children) == 1 and 0 < len(spot.own) <= LABEL_CHARACTERS:
            yield as_label(spot.own), children[0], spot.own.endswith((":", "："))


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
