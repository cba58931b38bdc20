"""
The text of a price → the same with each amount as one number.

| text | becomes |
|---|---|
| `1億2,800万`, `1,2 jt`, `$1.2M` | `12800万`, `1200000`, `$1200000` |
| `19⁹⁹`, `19, 99 €`, `35€99`, `24:90 kr` | `19.99`, `19,99 €`, `35,99€`, `24,90 kr` |
| `49 euro en 9 cent`, `89p` in Britain | `49.09 €`, `£0.89` |
| `1만 5천원`, `12万8,000円` | `15000원`, `128000円` |
| `-.95` in Switzerland; `8 € 95` in French and some others | `0.95`; `8,95 €` |
| `49,95 €¹` | `49,95 €`: a footnote |
| `¥88 500ml` | `¥88 ; 500ml` |
| dates, times, percentages, `第3期`, `1+1` | `;` |
"""

from __future__ import annotations

import re
from decimal import Decimal

from watcher.core.wording import worded
from watcher.errors import UnparsableError
from watcher.extract.currencies import NOWHERE, Place
from watcher.extract.lazy_pattern import LazyPattern
from watcher.extract.numbers import quoted
from watcher.extract.price_marks import MAX_MARK_CHARS, Marks

_EURO_AS_POINT = re.compile(r"(?<=\d)€(?:(?=\d\d(?![\d€]| €))| (?=\d\d$))")
PERCENT = re.compile(
    r"(?P<percent>\d{1,3})(?:[.,]\d{1,2})? ?(?:%|percent\b|Prozent\b)|(?P<tenths>\d(?:\.\d)?)折"
    r"|(?<![\d%])(?<!\d )%(?P<behind>\d{1,2})(?![\d.,])"
)
_PERCENT_OFF = LazyPattern(
    rf"(?:{PERCENT.pattern})[- ]?(?:off|discount|rabatt|rabat[u]?|zniżk[ai]|taniej|korting|remise|descuento|dc?to\.?"
    r"|desconto"
    r"|sconto|скидк[аи]|знижк[аи]|отстъпка|popusta?|έκπτωση|nuolaid[aos]+|atlaide|soodustus|alennus|ale|kedvezmény"
    r"|reducere|indirim|giảm(?: giá)?|diskon|potongan|slev[ay]|zľav[ay]|خصم|הנחה|تخفیف|छूट|ছাড়|할인|割引|オフ|ส่วนลด)"
    r"(?![^\W\d_]| ?[:：;])",
    re.IGNORECASE,
)
"""What is said of a percentage is not said of the amount behind it: `20 % Rabatt 39,99 €`."""
_MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_NO_AMOUNT = re.compile(
    r"(?<![\d.,])(?:\d{4}(?:[-/.]\d{1,2}[-/.]\d{1,2}|年\d{1,2}月(?:\d{1,2}日)?)|\d{1,2}([./])\d{1,2}\1\d{4}"
    r"|\d{1,2}月\d{1,2}日|\d{1,2}:\d{2}(?::\d{2})?|\d{1,2}h\d{2})(?![\d€]|[.,]\d)"
    rf"|\b(?:{_MONTHS})[a-z]{{0,6}}\.? \d{{1,2}}, \d{{4}}\b"
    r"|(?<![\d.,])\d(?:[.,]\d{1,2})? (?:out of|of|von|sur|de|su|van|av|из|na) 5"
    r"(?![\d.,€]| ?[^\W\d_]{0,3}[€$£¥₽₴₺₹₩]| (?:kr|zł|[A-Z]))"
    r"|\b(?:Mo|Di|Mi|Do|Fr|Sa|So)\.?,? \d{1,2}\. ?(?:\d{1,2}\.(?!\d)|(?:Jan|Feb|Mär|Apr|Mai|Jun|Jul|Aug"
    r"|Sep|Okt|Nov|Dez))"
    r"|\b1 ?(?:€|EUR|eur[oi]?|USD|\$|£|лв|BGN) ?= ?\d{1,4}[.,]\d{3,6}(?!\d)(?: ?[^\W\d_]{2,4}\b)?"
    r"|(?<![\w.,])\d ?\+ ?\d(?![\w.,])|第\d+[期章回集卷天场届]"
)
_QUANTITY = LazyPattern(r"(?<=\d) (?=\d{3} ?(?:[gt]b|[cm]m|k?g|m?l|mah|k?wh?|pcs|克|毫升|片|抽)\b)", re.IGNORECASE)
_RAISED = LazyPattern(
    r"(?P<number>\d+(?:[.,'’ ]\d+)*)(?P<open>[.,])?(?P<mark> ?(?:[€$£₽₺₴₪₹]|zł|Kč|kr|[Ll]ei|TL|лв|грн|руб)\.?)?"
    r"(?P<gap> ?)(?P<raised>[⁰¹²³⁴-⁹]+)\)?"
)
_IN_THOUSANDS = LazyPattern(
    r"(?<![\d.,])(?:(?P<most>\d{1,4})[만万] ?)?(?P<thousands>\d)[천千](?: ?(?P<hundreds>\d)[백百])?(?= ?[원円元块塊])"
)
_IN_TEN_THOUSANDS = LazyPattern(
    r"(?<![\d.,])(?:(?P<most>\d{1,4}|\d,\d{3})[億亿억] ?)?(?P<tens>\d{1,4}|\d,\d{3})(?:[万萬]|만 ?)"
    r"(?P<rest>\d{1,4}|\d,\d{3})(?= ?[円원元块塊])"
)
"""`12万8,000円` is 128,000."""
_KOREAN_HOMES = LazyPattern(r"(?<![\d.,])(?P<most>\d{1,4})억 (?P<rest>\d{1,4}|\d,\d{3})(?![\d.,]| ?[만원])")
"""`12억 5,000` are 12 hundred million and 5,000 ten thousand."""
_SWISS_CENTS = LazyPattern(r"(?<![\d.,])[-–—]\.(?=\d\d(?!\d))")
_COLON_CENTS = LazyPattern(
    r"(?<![\d:.,])(?P<whole>\d{1,3}(?: \d{3})?):(?P<cents>\d\d)(?= ?(?:kr\b|SEK\b|/ ?(?:st|kg)\b))"
)
_ANY_COLON = LazyPattern(r"(?<![\d:.,])(?P<whole>\d{1,3}(?: \d{3})?):(?P<cents>\d\d)(?![\d:])")
"""Beside one that is cents: `24:90 Jfr 49:80/kg`."""
_FUEL_CENTS = LazyPattern(r"[12][.,]\d\d")
_MARKED = LazyPattern(r"(?:[€$£]|EUR|CHF|USD|GBP|zł|Kč|kr\.?) ?$")
_ANY_RAISED = LazyPattern(r"[⁰¹²³⁴-⁹]+\)?")
_HUNDRED_MILLIONS = LazyPattern(r"(?<![\d.,])(?P<most>\d{1,4})[億亿억] ?(?P<rest>\d{1,4}|\d,\d{3})(?P<unit>[万萬만])")
_SCALES = dict.fromkeys(("tys", "тыс", "тис", "rb", "ribu", "ezer", "k", "هزار", "ألف"), 10**3)
_SCALES |= dict.fromkeys(("lac", "lacs", "lakh", "lakhs", "लाख"), 10**5)
_SCALES |= dict.fromkeys(
    (
        *(
            *("jt", "juta", "millió", "milijuna", "milijun", "milijona", "miliona", "milion", "miliony", "milióny"),
            *("miljonit", "miljons", "miljonai", "miljonas", "miljoonaa", "miljon", "mill", "εκατ", "εκατομμύρια"),
            "triệu",
            "mio",
            "mln",
            "млн",
            "million",
            "millions",
            "millionen",
            "millón",
            "millones",
            "milhão",
        ),
        *("milhões", "milione", "milioni", "miljoen", "miljoner", "millioner", "milyon", "m", "ล้าน", "میلیون", "مليون"),
    ),
    10**6,
)
_SCALES |= dict.fromkeys(("cr", "crore", "crores", "करोड़"), 10**7)
_SCALES |= dict.fromkeys(
    (
        *("mrd", "млрд", "tỷ", "tỉ", "billion", "miliar", "milyar", "miliardo", "miliardi", "milliard", "milliarden"),
        *("milliárd", "miliardy"),
    ),
    10**9,
)
_SCALED = re.compile(
    r"(?<![\d.,])(?:(?P<lower>\d+(?:[.,]\d+)?) ?[-–~] ?)?(?P<number>\d+(?: \d{3})*(?:[.,]\d+)?)"
    rf"(?: ?(?P<word>{'|'.join(sorted((word for word in _SCALES if len(word) > 1), key=len, reverse=True))})"
    r"(?![^\W\d_])\.?"
    r"|(?<=\d)(?P<letter>[kKmM])(?![^\W_])"
    r"| (?P<big>(?-i:M))(?= ?(?:Ft|zł|Kč)(?![^\W\d_])| ?(?:€|EUR|\$|USD)(?![^\W\d_]| ?\d)))",
    re.IGNORECASE,
)
_MIL = LazyPattern(r"(?<=\d) ?mil\b\.?(?! ?\d)", re.IGNORECASE)
_OF_MIL = dict.fromkeys(("pt", "es", "gl", "ca"), " ribu")
_OF_MIL |= dict.fromkeys(("cs", "sk", "ro", "hr", "sr", "bs", "sl"), " juta")
"""`mil` is a thousand in some languages, and short for a million in others."""
_SPOKEN = re.compile(
    r"(?<![\d.,])(?P<whole>\d{1,3}(?:[ .,'’]?\d{3})*)['’]? (?P<mark>€|\$|£|euros?|euroa|eura|eur|евро|ευρώ|dollars?"
    r"|pounds?|kronor|kroner|krónur|kr|zł(?:otych|oty|ote)?"
    r"|korun|koruny|reais|real|pesos?|francs?|franken|руб(?:лей|ля|ль)?|грив(?:ень|ні|ня)|lei|лв|лева|lira)\.?"
    r"(?: ?,| and| und| et| con| com| y| e| en| og| och| ja| i| a| и| і| și| și| και"
    r"| ve)? ['’]?(?P<cents>\d{1,2})['’]? ?(?:cents?|centimes?"
    r"|c[eéê]ntimos?|centesimi|centavos?|senttiä|sentti|cent[óo]w|centy|groszy|grosze|gr|halé\w{1,3}|öre|øre|pence"
    r"|penny|p"
    r"|rappen|копе[ей]\w{1,2}|коп|копі\w{1,3}|bani|стотинки|kuruş|λεπτά|senti|centov)(?![^\W\d_])",
    re.IGNORECASE,
)
_WITH_CENTS_BEHIND = frozenset({"fr", "et", "lv", "lt", "fi", "es", "it", "pt"})
_CENTS_BEHIND_EURO = LazyPattern(r"\A(?P<whole>\d{1,4}) € (?P<cents>\d\d)\Z")
"""Where they are all that is there: otherwise they may be of another number."""
_OF_PENCE = frozenset({"GB", "GG", "GI", "IM", "JE"})
_PENCE = LazyPattern(
    r"(?<![\w.,£])(?P<pence>\d{1,2}(?= ?p(?:ence)?\b)|\d{1,3}(?:\.\d{1,2})?(?= ?p ?(?:/|per\b))) ?p(?:ence)?\b"
)
_PENCE_AND_TENTHS = LazyPattern(r"(?<![\w.,£])(?P<pence>\d{3}\.\d) ?p(?:pl)?\b(?! ?/| per)")
_SIGNS = {"dollar": "$", "pound": "£", "kron": "kr", "krón": "kr", "zł": "zł", "koru": "Kč", "reai": "R$", "real": "R$"}
_SIGNS |= {
    "peso": "$",
    "franc": "Fr",
    "frank": "Fr",
    "руб": "руб",
    "грив": "грн",
    "лев": "лв",
    "lira": "TL",
    "eur": "€",
}
_SIGNS |= {"евр": "€", "ευρ": "€"}
"""Of currencies that are written as words, by how these begin."""
_LOWERED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_CENTS_APART = re.compile(
    r"(?P<whole>\d+(?:[.,'’ ]\d{3})*)(?: (?P<a>[.,]) ?|(?P<b>[.,]) )(?P<cents>\d\d)(?![\d]|[.,]\d)"
)


def with_whole_amounts(text: str, marks: Marks, place: Place = NOWHERE) -> str:
    """Return the text with each amount as one number; UnparsableError where nobody can tell what raised digits"
    " are."""
    text = _SPOKEN.sub(_written, text)
    if "mil" in text and place.language in _OF_MIL:
        text = _MIL.sub(_OF_MIL[place.language], text)
    if "천" in text or "千" in text:
        text = _IN_THOUSANDS.sub(lambda said: _in_units(*said.groups("0")), text)
    if not text.isascii():
        text = _KOREAN_HOMES.sub(r"\g<most>억 \g<rest>만", text)
        text = _IN_TEN_THOUSANDS.sub(_in_units_of_one, text)
        if place.language in _WITH_CENTS_BEHIND:
            text = _CENTS_BEHIND_EURO.sub(r"\g<whole>,\g<cents> €", text)
    if "-." in text or "–." in text:
        text = _SWISS_CENTS.sub("0.", text)
    if ":" in text:
        text = (_ANY_COLON if _COLON_CENTS.search(text) else _COLON_CENTS).sub(r"\g<whole>,\g<cents>", text)
    if place.country in _OF_PENCE:
        text = _PENCE_AND_TENTHS.sub(lambda match: f"£{Decimal(match['pence']) / 100}0", text)
        text = _PENCE.sub(lambda match: f"£{Decimal(match['pence']) / 100}", text)
    line = _SCALED.sub(_unscaled, _HUNDRED_MILLIONS.sub(_in_ten_thousands, _QUANTITY.sub(" ; ", text)))
    line = _with_cents(_with_points(marks.glued.sub(r"\g<0> ", line)), marks)
    return _NO_AMOUNT.sub(";", PERCENT.sub(";", _PERCENT_OFF.sub(";", line) if "%" in line else line))


def _in_units(most: str, thousands: str, hundreds: str) -> str:
    """Return `1만 5천` as 15000."""
    return str(int(most) * 10_000 + int(thousands) * 1_000 + int(hundreds) * 100)


def _in_units_of_one(match: re.Match[str]) -> str:
    """Return `12万8,000` as 128000."""
    most, tens, rest = (int(each.replace(",", "")) for each in match.groups("0"))
    return str(most * 10**8 + tens * 10**4 + rest)


def _written(match: re.Match[str]) -> str:
    """Return `49 euro en 9 cent` as `49.09 €`."""
    said = match["mark"].lower()
    mark = next((sign for begin, sign in _SIGNS.items() if said.startswith(begin)), match["mark"])
    point = "," if "." in match["whole"] else "."
    return f"{match['whole']}{point}{match['cents']:0>2} {mark}"


def _in_ten_thousands(match: re.Match[str]) -> str:
    """Return `1億2,800万` as `12800万`."""
    rest = match["rest"].replace(",", "")
    return f"{int(match['most']) * 10_000 + int(rest)}{match['unit']}" if int(rest) < 10_000 else match[0]


def _unscaled(match: re.Match[str]) -> str:
    """Return `1,2 jt` as `1200000`, and a range as one of such."""
    word = (match["word"] or match["letter"] or match["big"]).lower()
    numbers = [each for each in (match["lower"], match["number"]) if each]
    if any(re.search(r"[.,]\d{3}$", each) for each in numbers):
        raise UnparsableError(
            worded(
                "error_how_much",
                "{text}: nobody can tell how much {amount} is",
                text=quoted(match.string),
                amount=quoted(match[0]),
            )
        )
    scaled = (Decimal(re.sub("[ '’]", "", each).replace(",", ".")) * _SCALES[word] for each in numbers)
    return " - ".join(f"{each.normalize():f}" for each in scaled)


def _with_cents(line: str, marks: Marks) -> str:
    """Return the text with raised digits, and those behind a blank, as cents: `19⁹⁹` and `19, 99 €` are 19.99."""
    if not line.isascii():
        line = " ".join(_ANY_RAISED.sub("", _RAISED.sub(_lowered, line)).split())
    return _CENTS_APART.sub(lambda match: _cents_joined(match, marks), line)


def _lowered(match: re.Match[str]) -> str:
    number, mark, raised = match["number"], match["mark"] or "", match["raised"].translate(_LOWERED)
    tail = f"{match['open'] or ''}{mark}"
    if re.search(r"[.,]\d\d$", number):
        if raised == "9" and not mark:
            if re.match(" ?[€$£]", match.string[match.end() :]) or _MARKED.search(match.string[: match.start()]):
                return f"{number}90"  # 1,74⁹ €, with a decimal more lest it group thousands
            if _FUEL_CENTS.fullmatch(number):
                return f"{number}90"
            raise UnparsableError(
                worded(
                    "error_raised_nine",
                    "{text}: nobody can tell whether the raised 9 is a tenth of a cent",
                    text=quoted(match.string),
                )
            )
        return f"{number}{tail} "  # 49,95 €¹
    if len(raised) == 2 and not (mark and match["gap"]):
        return f"{number}{',' if '.' in number else '.'}{raised}{mark} "
    is_footnote = len(raised) == 1 and raised in "12345" and _MARKED.search(match.string[: match.start()])
    if mark or is_footnote:
        return f"{number}{tail} "  # 49 €¹, € 49¹
    raise UnparsableError(
        worded(
            "error_raised",
            "{text}: nobody can tell what the raised {raised} is; select only the price",
            text=quoted(match.string),
            raised=raised,
        )
    )


def _cents_joined(match: re.Match[str], marks: Marks) -> str:
    line = match.string
    behind = marks.behind.match(line, match.end())
    has_mark = bool(behind and behind[0]) or marks.before.search(
        line, max(0, match.start() - MAX_MARK_CHARS), match.start()
    )
    return f"{match['whole']}{match['a'] or match['b']}{match['cents']}" if has_mark else match[0]


def _with_points(text: str) -> str:
    """Return the text with `35€99` as `35,99€`."""
    if "€" not in text:
        return text
    return re.sub(r"(?<=\d)\x00(\d\d)", r",\1€", _EURO_AS_POINT.sub("\x00", text.replace("\x00", " ")))
