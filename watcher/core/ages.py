"""Lengths of time in texts, in some thirty languages, and how long ago something was: `39 minutes ago`, `5 分钟前`."""

from __future__ import annotations

import re
from typing import Final

TIME: Final = (
    r"\A ?(?:days?|hours?|hrs?|h\b|min|sec|weeks?|months?|years?|tage?n?\b|stunde|woche|monat|jahr|jours?|heures?"
    r"|semain|mois|ans?\b|días?|horas?|seman|mes(?:es)?\b|años?|giorn|or[ae]\b|settiman|mesi|ann[io]|dias?|anos?|dagen"
    r"|dag\b|uur|wek|maand|jaar|dagar|timm|dage|dager|timer|uke|päiv|tunti|viikko|kuukau|dni\b|dzień|godz|tygodn|miesi"
    r"|dn[íů]|hodin|týdn|měsíc|nap\b|óra|hét\b|zile|săpt|luni|ημέρ|μέρ|ώρ|дн|день|час|недел|месяц|мин|годин|тижн|gün"
    r"|saat|hafta|hari|jam\b|minggu|ngày|giờ|tuần|天|日|小时|時間|分|秒|周|週|个月|ヶ月|か月|年|일|시간|분|주|개월|년"
    r"|วัน|ชั่วโมง|يوم|أيام|ساع|ימים|שעות|%|％)"
)
"""Behind a number: what says that it is a length of time."""
AGO: Final = tuple(
    f"(?i){pattern}"
    for pattern in (
        r"\d+ ?\w+ ago|just now|(?:a|an|one) (?:few )?\w+ ago|yesterday",
        r"\d+ ?(?:秒|分|小|天|日|周|个月|年)\w{0,2}前|刚刚|昨天",
        r"\d+ ?(?:秒|分|小|天|日|週|個月|年)\w{0,2}前|剛剛|昨天",
        r"\d+ ?(?:秒|分|時間|日)前|たった今|昨日",
        r"\d+ ?(?:초|분|시간|일) ?전|방금|어제",
        r"vor \w+ \w+|gerade eben|gestern",
        r"il y a \w+ \w+|à l’instant|hier",
        r"hace \w+ \w+|ahora mismo|ayer",
        r"há \w+ \w+|agora mesmo|ontem",
        r"\w+ \w+ fa|poco fa|ieri",
        r"(?:\d+ )?\w+ назад|только что|вчера",
    )
)
"""For a moment that a page tells by how long ago it was, one expression a language."""
_MOST_CHARACTERS = 2_000


def is_age(text: str) -> bool:
    """Return whether a text tells a moment by how long ago it was, in numbers: `39 minutes ago, 159 comments`."""
    found = (re.search(pattern, text[:_MOST_CHARACTERS]) for pattern in AGO)
    numbers = ((match[0], re.search(r"\d+", match[0])) for match in found if match)
    return any(number is not None and re.search(TIME, said[number.end() :], re.IGNORECASE) for said, number in numbers)
