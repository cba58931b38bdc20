"""A number as people write it, with a currency, separators or 万 → the digits that watches.yaml takes."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from math import prod

_TIMES = {
    "十": 10,
    "百": 100,
    "千": 1_000,
    "万": 10_000,
    "萬": 10_000,
    "亿": 10**8,
    "億": 10**8,
    "k": 1_000,
    "K": 1_000,
}
_CODES = "USD|EUR|GBP|CNY|RMB|JPY|HKD|TWD|SGD|KRW|AUD|CAD|NZD|CHF|SEK|NOK|DKK|PLN|CZK|HUF|TRY|RUB|INR|BRL|MXN|THB"
_CURRENCY = (
    rf"(?:{_CODES}|(?:US|HK|NT|A|C|S)?\$|[€£¥₩₽₹₺₴₫฿₱₪]|kr|Kr|Fr\.?|zł|Kč|Ft|[Ee]uros?|人民币|块钱?|円|圓|圆"
    "|(?:美|欧|日|韩|港|澳|加)?元|英镑|港币|新台币)"
)
_COUNTED = "[个件名人张本份次位台条种家间辆]"
_NUMBER = (  # compiled when a number is written wrong, for it takes 1 ms
    rf"(?a:(?P<sign>[-+]?)(?:{_CURRENCY} ?)?(?P<digits>\d{{1,3}}(?:[,_' ]\d{{3}})+|\d{{1,15}})"
    rf"(?P<decimals>\.\d{{1,4}})? ?(?P<times>[{''.join(_TIMES)}]{{0,2}}) ?(?:{_CURRENCY}|{_COUNTED})?)"
)


def plain_number(text: str) -> str | None:
    """
    Return the number alone: `12000` for `1.2万元`, `1299.00` for `¥1,299.00`.

    None for a text with anything that is no known currency or unit: a proposal that is wrong by a thousand is worse
    than none.
    """
    match = re.fullmatch(_NUMBER, unicodedata.normalize("NFKC", text).strip())
    if match is None:
        return None
    written = match["sign"] + re.sub(r"\D", "", match["digits"]) + (match["decimals"] or "")
    if not match["times"]:
        return written
    value = f"{Decimal(written) * prod(_TIMES[each] for each in match['times']):f}"
    return value.rstrip("0").rstrip(".") if "." in value else value
