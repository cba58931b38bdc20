"""
Which ids, classes and values of attributes people gave, and so are likely to stay; pure, by the name alone.

| name | what it is |
|---|---|
| `price`, `product-title`, `a-price-whole`, `ctl00_Main_lblPrice` | given by people: lasting |
| `css-1q2w3e`, `sc-bdVaJa`, `hKzPqR`, `svelte-1a2b3c`, `_ngcontent-c12`, `jss12`, `ember123`, `:r1:` | made by a tool |
| `Price_value__3xYz1` | made by a tool of what people gave: `Price_value__` is its stem, and lasting |
| `mt-4`, `col-md-6`, `d-flex`, `text-center`, `bg-gray-100`, `u-hidden` | says how it looks: utility classes |
| `active`, `is-open`, `has-error`, `lazyloaded`, `tab--selected`, `in-stock`, `odd` | says what state it is in |
| `item-12`, `post-4711`, `tab3`, `9f8e7d6c` | counts, or numbers a thing, a session or a release |
"""

from __future__ import annotations

import re
from functools import lru_cache

MAX_CHARS = 80
"""What is longer, nobody wrote by hand."""

_NAME = re.compile(r"-?[^\W\d][\w-]*|_+[^\W\d][\w-]*")
_SEGMENT = re.compile(r"[^-_]+")
_HUMP = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")

_MADE = re.compile(
    "|".join(
        (
            r"(?:css|sc|svelte)-\w+",
            r"(?:jsx|jss|astro|emotion|framer|comp|style|stylex|mantine|goober|linaria|scoped)-(?=\w*\d)\w+",
            r"_?ng-?(?:tns|content|host|star|trigger)\b.*|_ng\w+-.*|ng-[a-z-]+",
            r"(?:ember|jss|mui-)\d+|ext-gen.*|yui_.*|radix-.*|headlessui-.*|react-aria.*|elementor-element-\w+",
            r"w-node-.*|tw-.*|__?(?:className|variable)_.*",
        )
    )
)
"""What tools make in whole."""
_TOOLS = frozenset({"css", "sc", "jsx", "jss", "svelte", "astro", "emotion", "style", "styles", "module", "comp", "ui"})
"""What tools begin with: no stem."""
_MICROFORMAT = re.compile(
    r"(?:h|p|u|dt|e)-(?:[a-z]+-)?(?:card|entry|event|product|item|review|url|photo|email|name|content)"
)

STATE_WORDS = frozenset(
    re.findall(
        r"\S+",
        """
        active inactive selected current open opened closed expanded collapsed collapse collapsing show shown
        showing visible invisible hidden hide disabled enabled loading loaded lazy lazyload lazyloaded lazyloading
        focus focused hover hovered checked unchecked in out fade animated animate sticky stuck pinned initialized
        init ready first last odd even new sale js no-js touch dark light available unavailable in-stock instock
        out-of-stock outofstock sold-out soldout low-stock preorder pre-order backorder empty filled error success
        pending done busy on off current-item js-loaded wow on-sale onsale sale-badge alternate alt sold highlight
        highlighted featured unread read free full hot cheap best
        """,
    )
)
"""A name that is one of these says a state, or a place in a row."""
_STATE = re.compile(
    "|".join(
        (
            r"(?:is|has|was|not|no|are|can|should)[-_].+|(?:is|has)[A-Z]\w+",
            r"aos-.*|animate__.*|(?:fade|slide|zoom)(?:In|Out)\w*",
            r".+[-_](?:active|inactive|selected|opened|closed|collapsed|expanded|hidden|visible|disabled|loaded|loading"
            r"|focused|checked|initialized|instock|outofstock|in-stock|out-of-stock|sold-out|soldout)",
            r".+--(?:open|first|last|odd|even|show)",
            r"(?:.+[-_])?(?:row|item|col|column|slide|menu|nav|tab|page|step|modal|dropdown|slick|swiper)[-_]"
            r"(?:open|current|first|last|odd|even|show)",
        )
    )
)

_SIZE = r"(?:xs|sm|md|lg|xl|xxl|[2-9]xl)"
_COLOUR = (
    r"(?:slate|gray|grey|zinc|neutral|stone|red|orange|amber|yellow|lime|green|emerald|teal|cyan|sky|blue|indigo|violet"
    r"|purple|fuchsia|pink|rose|black|white|primary|secondary|tertiary|success|danger|warning|info|light|dark|muted|body"
    r"|transparent|current|inherit)"
)
_SIDE = r"(?:left|right|center|centre|middle|top|bottom|start|end|justify|none|both)"
_UTILITY = re.compile(
    "|".join(
        (
            # mt-4, -mx-auto, p_2, mb-lg-4
            rf"-?[mp][trblxyse]?[-_]?(?:\d+|auto|px)(?:rem|px|em)?|-?[mp][trblxyse]?-{_SIZE}(?:-\w+)?",
            # w-full, gap-x-4, font-bold, rounded-lg, border-gray-200
            r"(?:w|h|z|gap|space|size|inset|order|opacity|leading|tracking|rounded|border|shadow|font|fw|fs|lh|duration"
            r"|delay|ease|scale|rotate|columns|ring|basis|grow|shrink|line-clamp|aspect|stroke|min|max|gx|gy|g|vh|vw)"
            r"(?:-(?:[xytrbl]|[a-z]{2}|col|row|w|h))*-"
            rf"(?:\d+|{_SIZE}|auto|full|screen|none|min|max|fit|px|base|{_COLOUR}|bold|bolder|semibold|medium|normal|light"
            r"|thin|black|mono|sans|serif|italic|tight|snug|wide|loose|square|video|pill|circle|dashed)(?:-\d+)?",
            r"border-(?:[xytrblse]|top|bottom|left|right|start|end)|position-(?:relative|absolute|fixed|sticky|static)",
            # text-gray-500, bg-light, btn-primary, btn-sm
            r"(?:text|bg|fill|border|ring|from|to|via|divide|outline|link|badge|alert|table|btn|placeholder|decoration)-"
            rf"(?:{_COLOUR}(?:-\w+)?|{_SIZE})|img-(?:fluid|responsive|thumbnail|rounded|circle)",
            # text-center, float-md-left, justify-content-between, flex-wrap
            r"(?:text|align|float|pull|push|items|self|place|object|origin|content|justify|valign)"
            rf"(?:-{_SIZE})?-(?:self-|items-|content-)?(?:{_SIDE}|stretch|baseline|between|around|evenly|flex-start|flex-end"
            rf"|{_SIZE})|text-(?:base|wrap|nowrap|ellipsis)|object-(?:cover|contain|fill)",
            # col-md-6, d-none, d-md-flex, offset-2, hidden-xs, row-cols-2
            rf"(?:col|cols|row|offset|push|pull|span|grid|container|hidden|visible|show|hide|d|order|flex)(?:-{_SIZE})?"
            rf"(?:-(?:\d+|{_SIZE}|up|down|auto|only|none|block|inline|flex|grid|table|inline-block|inline-flex|cell|cols"
            r"|span-\d+|cols-\w+|start-\w+|end-\w+|fluid|row|column|col|wrap|nowrap|fill|grow-\d|shrink-\d|reverse"
            r"|row-reverse|column-reverse))+",
            r"(?:u|util|utility|is-size|has-text|has-background)-.+",
            r"(?:cursor|select|pointer-events|overflow(?:-[xy])?|whitespace|break|transition|flex)-\w+|[wh]-\w{1,6}",
            r"list-(?:none|disc|decimal|inside|outside|inline|inline-item|unstyled)",
            r"flex|grid|block|inline|inline-block|inline-flex|relative|absolute|fixed|static|container|container-fluid|row"
            r"|col|column|columns|clearfix|clear|clr|cf|left|right|center|centered|center-block|top|bottom|middle|pull-left"
            r"|pull-right|uppercase|lowercase|capitalize|italic|underline|truncate|bold|small|large|big|medium|thin|sr-only"
            r"|visually-hidden|screen-reader-text|not-italic|no-underline|antialiased|group|peer|prose|rounded|shadow|border"
            r"|outline|transition|transform|lead|full|half|grow|shrink|dib|fl|fr|tc|tl|tr",
            r"(?!pm25|pm10|co2|h2o|no2|so2|mp[34])[a-z]{1,3}\d{1,2}",  # f4, pa3; h1
        )
    )
)

_DIGITS_OF_WORDS = re.compile(
    r"h[1-6]|html5|mp[34]|b2[bc]|[23]d|[48]k|[345]g|i18n|a11y|l10n|ctl00|p2p|o2o|pm25|pm10|co2|h2o|no2|so2",
    re.IGNORECASE,
)
_NUMBERED_WORD = re.compile(r"[A-Za-z]{6,}\d")
"""Before other words: `ContentPlaceHolder1` of `ctl00_ContentPlaceHolder1_lblPrice`."""
_SHORT = frozenset(
    re.findall(
        r"\S+",
        """
        a an as at by de do go hd hp id if in is it la le my no of ok on or pc qa so to tv ui uk up us vr we ad ai
        ar add all amt app art avg bar bid big box btn buy cat cfg chk cms col cta ctl css cur day ddl doc ebay end
        ext fax faq fav for frm get grp gtm has hdr hot hr html http ico ids img inc inp ios job js key lbl len lg
        li lnk log low map max md min mod mp msg nav net new nbr not now num off old one opt out pdf pdp pic pin pkg
        plp pnl pop pos prc prd pre qty rad ref rel rpt row rss rte rte sec set sku sm src sub sum sup svg tab tag
        tbl tel the tit tmp top tot two txt ul url usd usr val vcard via vat vip web win wp www xml xs you zip
        """,
    )
)
"""Short words and short forms that people write into names: no sign of a machine."""
_UNLIKELY = frozenset(
    re.findall(
        r"\S+",
        """
        bk bq bx bz cb cf cg cj cp cv cx dx fb fj fk fp fq fv fx fz gb gc gj gk gp gq gv gx gz hj hk hq hv hx hz jb
        jc jd jf jg jh jk jl jm jn jp jq jr js jt jv jw jx jy jz kc kj kq kv kx kz lx lq mj mq mx mz nx pj pq pv px
        pz qb qc qd qe qf qg qh qj qk ql qm qn qo qp qq qr qs qt qv qw qx qy qz rx sx tq tx uq vb vc vd vf vg vh vj
        vk vm vn vp vq vt vw vx vz wc wg wj wq wv wx wz xb xd xg xj xk xl xm xn xq xr xs xv xw xz yj yq yv yx yz zb
        zc zd zf zj zk zm zn zp zq zr zs zt zv zx
        """,
    )
)
"""Pairs of letters that hardly a word has, in the languages that are written with them."""
_VOWEL = re.compile(r"[aeiouyäöüéèêàáíóúâîôûåøæœ]|[^\x00-\x7f]", re.IGNORECASE)
_LEAST_STEM = 4


@lru_cache(maxsize=4_000)
def is_lasting(name: str) -> bool:
    """
    Return whether people gave this id, class or value of an attribute, to what it is and not to how it is just now.

    Names without a form that an identifier has (blanks, a colon, a digit first) are none.
    """
    if len(name) > MAX_CHARS or not _NAME.fullmatch(name):
        return False
    if _MICROFORMAT.fullmatch(name):
        return True
    *first, last = _segments(name)
    return not (
        _MADE.fullmatch(name)
        or is_passing(name)
        or _is_made(last)
        or any(_is_made(each) and not _NUMBERED_WORD.fullmatch(each) for each in first)
    )


def is_passing(name: str) -> bool:
    """Return whether the name says how an element looks, what state it is in, or where in a row it stands."""
    word = name.lower()
    return bool(word in STATE_WORDS or _STATE.fullmatch(name) or _UTILITY.fullmatch(name))


@lru_cache(maxsize=4_000)
def stem_of(name: str) -> str | None:
    """Return the part of a name that people gave and a tool made longer: `Price_value__` of `Price_value__3xYz1`."""
    if len(name) > MAX_CHARS or not _NAME.fullmatch(name) or is_passing(name):
        return None
    made = [segment for segment in _SEGMENT.finditer(name) if _is_made(segment[0])]
    if not made:
        return None
    head, tail = name[: made[0].start()], name[made[-1].end() :]
    return next((part for part in (head, tail) if _is_stem(part)), None)


def _is_stem(part: str) -> bool:
    words = [segment for segment in _segments(part.lower()) if segment not in _TOOLS]
    return sum(map(len, words)) >= _LEAST_STEM and not is_passing(part.strip("-_"))


def _segments(name: str) -> list[str]:
    return _SEGMENT.findall(name)


def _is_made(segment: str) -> bool:
    """Return whether a machine made this part of a name, between hyphens."""
    if segment.isdigit():
        return True
    if any(letter.isdigit() for letter in segment):
        return not _DIGITS_OF_WORDS.fullmatch(segment)
    return _is_random(segment)


def _is_random(letters: str) -> bool:
    """Return whether the letters are none of words: `hKzPqR`, `qxzvk`."""
    if not letters.isascii() or letters.lower() in _SHORT:
        return False
    humps = _HUMP.findall(letters)
    if len(humps) == 1:
        return len(letters) >= 5 and _is_unspeakable(letters.lower()) and not _is_joined(letters.lower())
    odd = sum(hump.lower() not in _SHORT and (len(hump) < 3 or not _VOWEL.search(hump)) for hump in humps)
    return odd * 2 > len(humps) or any(_is_unspeakable(hump.lower()) for hump in humps if len(hump) >= 5)


def _is_joined(letters: str) -> bool:
    """Return whether these are two short words: `navbar`."""
    return any(letters[:at] in _SHORT and letters[at:] in _SHORT for at in range(2, len(letters) - 1))


def _is_unspeakable(letters: str) -> bool:
    pairs = sum(letters[at : at + 2] in _UNLIKELY for at in range(len(letters) - 1))
    return pairs >= 2 or (pairs >= 1 and len(letters) <= 6) or not _VOWEL.search(letters)
