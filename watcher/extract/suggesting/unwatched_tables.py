"""
Tables that nobody watches, by what stands in their cells and columns.

| the table | is told by |
|---|---|
| the calendar of a month | seven cells in a row, which count its days |
| a firm's register entry, opening hours | two cells in a row, of different kinds |
| opening hours | rows by the days of a week, with times alone |
| what a calculator computed | a first column that counts by one step, and others that go up or down all the way |
| telephones and addresses | a column of them, and neither prices nor dates nor stock |
| a chronicle | years, a sentence for each, and no link |
| what an article shows | a small part of a page that is mostly sentences; neither prices nor dates nor links |
| what a manual lists | names of columns such as “Parameter” and “Default”, “Problem” and “Remedy”, “per 100 g” |
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from watcher.core.values import ValueType
from watcher.extract.suggesting.rows import Column
from watcher.extract.suggesting.survey import Spot, Survey

Cells = Sequence[Sequence[Spot]]
"""The cells of each row, without the header."""

_DAYS = 7
_DAY = re.compile(r"(\d{1,2})(?!\d)")
_SHARE = 0.9
_MOST = 0.8
_LEAST_COMPUTED = 5
_LEAST_YEARS = 3
_SMALL = 0.25
_SENTENCE_CHARACTERS = 80
_MOSTLY_SENTENCES = 0.4
"""Of the page’s text; tables that are worth watching without dates and links have a third of it and more."""
_CHANGING = frozenset({ValueType.MONEY, ValueType.DATE, ValueType.STOCK})
_REACHED = re.compile(
    r"[\w.+-]{1,60}@[\w-]{1,60}\.\w|\A\W{0,3}(?:tel|fon|phone|fax)?\W{0,3}(?!\d{1,2}[./-]\d{1,2}[./-]\d{2}"
    r"|0[.,])(?:\+\d|0\d|\(0)"
    r"[\d ()/.–-]{5,24}(?: ?(?:ext|x|-)\W?\d{1,5})?\Z",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d[\d.,  ]*")
_CODE = re.compile(r"[^\W\d_]\d")
_YEAR = re.compile(r"(?:1[0-9]|20)\d\d(?:\W{1,3}(?:1[0-9]|20)?\d\d)?")
_TIME = re.compile(
    r"\b\d{1,2}(?:[:.h時时시](?:[0134][05])?)?\s?(?:[ap]\.?m\.?|uhr|h|u|分|분)?(?!\d|[:.]\d)", re.IGNORECASE
)
"""Of opening hours: such as `9`, `9:30`, `18 Uhr`; the tide comes at 12:42."""
_MOST_LETTERS = 20
_DAYS_CHARACTERS = 60
_MOST_WORDS = 2
_WEEKDAY = re.compile(
    r"""
    (?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}|mo|di|mi|do|fr|sa|so|(?:montag|dienstag|mittwoch|donnerstag|freitag
    |samstag|sonnabend|sonntag)s?
    |lun(?:di|es|edì)?|mar(?:di|tes|tedì)?|mer(?:credi|coledì)?|mi[ée]r?(?:coles)?|jeu(?:di)?|jue(?:ves)?|gio(?:vedì)?
    |ven(?:dredi|erdì)?|vie(?:rnes)?
    |sam(?:edi)?|s[áa]b(?:ado|ato)?|dim(?:anche)?|dom(?:ingo|enica)?|(?:segunda|terça|quarta|quinta|sexta)(?:-feira)?
    |(?:maan|dins|woens|donder|vrij|zater|zon)dag|(?:mån|tis|ons|tors|fre|lör|sön)dag(?:ar)?|(?:man|tirs|lør)dag
    |(?:maanantai|tiistai|keskiviikko|torstai|perjantai|lauantai|sunnuntai)
    |poniedziałek|wtorek|środa|czwartek|piątek|sobota|niedziela|pondělí|úterý|středa|čtvrtek|pátek|neděle|hétfő|kedd
    |szerda|csütörtök|péntek|szombat|vasárnap
    |luni|marți|miercuri|joi|vineri|sâmbătă|duminică|Δευτέρα|Τρίτη|Τετάρτη|Πέμπτη|Παρασκευή|Σάββατο|Κυριακή
    |понедельник|вторник|среда|четверг|пятница|суббота|воскресенье|понеділок|вівторок|середа|четвер|п['’]ятниця|субота
    |неділя
    |pazartesi|salı|çarşamba|perşembe|cuma|cumartesi|pazar|senin|selasa|rabu|kamis|jumat|sabtu|minggu|(?:ال)?(?:اثنين
    |ثلاثاء|أربعاء|خميس|جمعة|سبت|أحد)
    |(?:周|星期|週)[一二三四五六日天]|[月火水木金土日](?:曜日?)?|[월화수목금토일](?:요일)?|(?:วัน)?(?:จันทร์|อังคาร|พุธ
    |พฤหัสบดี|ศุกร์|เสาร์|อาทิตย์)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_BETWEEN_DAYS = re.compile(r"\W+|\b(?:to|bis|und|and|et|y|e|à|a|al|au|till|til|до|по|и)\b|至|到|から")

_LISTED = tuple(
    re.compile(words, re.IGNORECASE)
    for words in (
        r"(?:param|argument|attribute?|attribut|option|property|propriété|propiedad|field|flag|type|typ|tipo|default"
        r"|standard(?:wert)?|required"
        r"|pflicht|description|beschreibung|descri|method|header|参数|参数名|类型|默认|必填|必选|说明|パラメータ|型"
        r"|デフォルト|必須|説明|타입|기본값|설명)",
        r"(?:error|status|http)? ?(?:code|fehlercode|código|codice|kod|コード|代码|错误码)\b|meaning|bedeutung"
        r"|signification|significado|significato"
        r"|betekenis|znaczenie|význam|意味|含义|의미|cause\b|reason|ursache",
        r"keys?\b|shortcut|hotkey|taste|tastenkombination|touche|raccourci|atajo|tecla|tasto|scorciatoia|sneltoets"
        r"|快捷键|ショートカット|キー|단축키"
        r"|action\b|aktion|acción|azione|function|funktion|command|befehl|操作|功能|動作|機能",
        r"nutri|nährwert|nutriment|valor(?:es)? nutric|valori nutriz|voedingswaarde|per 100|pro 100|pour 100|por 100"
        r"|100 ?(?:g|ml)\b|portion|serving"
        r"|ration|portie|porzione|daily value|%? ?(?:dv|ri|nrv)\b|tagesbedarf|营养|每100|栄養|あたり|영양",
        r"problem|symptom|störung|fehler\b|fault|issue|panne|problème|avería|problema|guasto|storing|cause\b"
        r"|possible cause|ursache|causa|oorzaak|remedy"
        r"|solution|what to do|abhilfe|lösung|behebung|remède|solución|rimedio|soluzione|oplossing|故障|原因|解决|処置"
        r"|対処|症状|증상|조치",
    )
)
"""Names of columns, two and more of one line of which a manual's table has."""
_LEAST_LISTED = 2


def is_calendar(survey: Survey, rows: Cells) -> bool:
    """Return whether the rows are the weeks of a month: seven cells each, which count its days."""
    weeks = [row for row in rows if len(row) == _DAYS]
    numbers = [
        _DAY.match(survey.text(cell).lstrip()) for row in weeks for cell in row if cell.chars and cell.tag == "td"
    ]
    days = [int(number[1]) for number in numbers if number]
    steps = [later - day for day, later in pairwise(days)]
    return len(days) > _DAYS and len(days) == len(numbers) and steps.count(1) >= _SHARE * len(steps)


def is_of_hours(survey: Survey, rows: Cells) -> bool:
    """Return whether the rows are the days of a week, and tell times or one word alone: `closed`."""
    rows = [row for row in rows if len(row) > 1]
    if not 1 < len(rows) <= _DAYS + 2:
        return False
    days = [survey.text(row[0]) for row in rows]
    others = [survey.text(cell) for row in rows for cell in row[1:] if cell.chars]
    words = {text for text in others if not any(map(str.isdigit, text))}
    besides = (_TIME.sub("", text) for text in others)
    are_times = all(
        sum(map(str.isalpha, text)) <= _MOST_LETTERS and not any(map(str.isdigit, text)) for text in besides if text
    )
    return sum(map(_is_of_days, days)) >= _MOST * len(days) and len(words) <= _MOST_WORDS and are_times


def _is_of_days(text: str) -> bool:
    if len(text) > _DAYS_CHARACTERS:
        return False
    parts = [part for part in _BETWEEN_DAYS.split(text.strip()) if part]
    return 0 < len(parts) <= 4 and all(_WEEKDAY.fullmatch(part) for part in parts)


def is_of_names(columns: Sequence[Column], names: Sequence[str]) -> bool:
    """Return whether the columns are those that manuals list things in, and nothing in them has a price or a day."""
    if _is_changing(columns):
        return False
    told = [name for name in names if name]
    return any(sum(map(bool, map(listed.match, told))) >= _LEAST_LISTED for listed in _LISTED)


def is_directory(columns: Sequence[Column]) -> bool:
    """Return whether a column is of telephones or addresses of mail, and none of prices, days or stock."""
    return not _is_changing(columns) and any(_has_mostly(column, _REACHED) for column in columns)


def is_chronicle(columns: Sequence[Column], *, has_links: bool) -> bool:
    """Return whether the rows are years, each with what happened then."""
    if len(columns) != 2 or has_links or len(columns[0].texts) < _LEAST_YEARS:
        return False
    years = [_YEAR.fullmatch(text.strip()) for text in columns[0].texts]
    return all(years) and columns[1].type is ValueType.TEXT


def is_in_article(survey: Survey, table: Spot, columns: Sequence[Column], *, has_links: bool) -> bool:
    """Return whether a table is a small part of a page that is mostly sentences, with nothing in it that changes."""
    if has_links or _is_changing(columns) or table.chars > _SMALL * survey.content_chars:
        return False
    outside = (spot for spot in survey.spots if not table.place <= spot.place < table.end)
    told = sum(len(spot.own) for spot in outside if not spot.is_out and len(spot.own) > _SENTENCE_CHARACTERS)
    return told >= _MOSTLY_SENTENCES * survey.content_chars


def is_computed(columns: Sequence[Column]) -> bool:
    """Return whether figures alone stand in the rows; the first count by one step, the others only rise or fall."""
    figures = [[_figure(text) for text in column.texts] for column in columns]
    if len(figures) < 2 or len(figures[0]) < _LEAST_COMPUTED or any(None in column for column in figures):
        return False
    first, *others = ([number for number in column if number is not None] for column in figures)
    steps = {later - earlier for earlier, later in pairwise(first)}
    return len(steps) == 1 and steps != {0.0} and not 1900 <= first[0] <= 2100 and all(map(_is_monotone, others))


def _figure(text: str) -> float | None:
    found = () if _CODE.search(text) else _NUMBER.findall(text)
    digits = re.sub(r"\D", "", found[0]) if len(found) == 1 else ""
    return float(digits) if digits else None


def _is_monotone(numbers: Sequence[float]) -> bool:
    steps = [later - earlier for earlier, later in pairwise(numbers)]
    return all(step >= 0 for step in steps) or all(step <= 0 for step in steps)


def _has_mostly(column: Column, pattern: re.Pattern[str]) -> bool:
    filled = [text for text in column.texts if text]
    return sum(pattern.search(text) is not None for text in filled) >= _MOST * len(filled)


def _is_changing(columns: Sequence[Column]) -> bool:
    return any(column.type in _CHANGING for column in columns)
