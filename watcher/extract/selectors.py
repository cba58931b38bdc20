"""
CSS selectors: whether one is valid, and which engine answers it.

soupsieve is the judge of both: what it refuses is refused, and a selector runs on turbohtml only where the
two are known to agree (a property test holds them together). By far the most selectors are plain: `PLAIN`
below is a subset of that common ground, so they need no soupsieve, whose import costs as much as a pass
over a hundred pages.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import accumulate

_NAME = r"-?[^\W\d][\w-]*"
_VALUE = rf"""(?:"[^"\\\x00-\x1f]*"|'[^'\\\x00-\x1f]*'|{_NAME})"""
_ATTRIBUTE = rf"\[[ ]*{_NAME}[ ]*(?:[~^$*|]?=[ ]*{_VALUE}[ ]*(?:[ ][is])?[ ]*)?\]"
_COUNT = r"(?:odd|even|[+-]?[0-9]{1,6}|[+-]?[0-9]{0,6}n(?:[ ]*[+-][ ]*[0-9]{1,6})?)"  # turbohtml's overflow at 2³¹
_NTH = rf":nth-(?:last-)?(?:child|of-type)\([ ]*{_COUNT}[ ]*\)"
_POSITION = r":(?:first|last|only)-(?:child|of-type)"
_SIMPLE = rf"(?:\#{_NAME}|\.{_NAME}|{_ATTRIBUTE}|{_NTH}|{_POSITION})"
_COMPOUND = rf"(?=[^ >+~,])(?:{_NAME}|\*)?{_SIMPLE}*"  # not empty, for only what is left out follows it
_PLAIN = re.compile(rf"{_COMPOUND}(?:(?:[ ]*[>+~,][ ]*|[ ]+){_COMPOUND})*")

# Everything else that both engines read alike, in any order: whether it is a selector is for soupsieve to say. Escapes,
# comments, namespaces, `&`, `!=` and names in capitals are not among it.
_SPACE = r"[ \t\r\n\f]"
_OPENING = rf":(?:not|is|where|has)\({_SPACE}*|:nth-(?:last-)?child\([ ]*{_COUNT}{_SPACE}+of{_SPACE}+"
_TOKEN = rf"{_SIMPLE}|{_NAME}|\*|:scope|{_OPENING}|{_SPACE}*[>+~,]{_SPACE}*|{_SPACE}*\)|{_SPACE}+"
_READ_ALIKE = rf"(?:{_TOKEN})++"  # compiled, which takes 2 ms, when a selector is not plain
# `Document.select` rewrites the word.
_SCOPE_IN_STRING = re.compile(r"""=[ ]*(?:"[^"]*:scope|'[^']*:scope)""")

# In quirks mode (a page without a doctype) turbohtml compares classes and ids without case, as browsers do;
# soupsieve never does. Strings come first, so that what looks like a class in them is passed over.
_CLASS_OR_ID = re.compile(r""""[^"]*"|'[^']*'|\#(?P<id>(?:[-\w]|[^\x00-\x7f])+)|\.(?P<cls>(?:[-\w]|[^\x00-\x7f])+)""")
# Attributes of SVG and MathML that a parser gives capitals (HTML §13.2.6.1): soupsieve finds them, turbohtml never.
_CAPITAL_ATTRIBUTES = frozenset(
    re.findall(
        r"\w+",
        """
        attributename attributetype basefrequency baseprofile calcmode clippathunits definitionurl diffuseconstant
        edgemode filterunits glyphref gradienttransform gradientunits kernelmatrix kernelunitlength keypoints
        keysplines keytimes lengthadjust limitingconeangle markerheight markerunits markerwidth maskcontentunits
        maskunits numoctaves pathlength patterncontentunits patterntransform patternunits pointsatx pointsaty
        pointsatz preservealpha preserveaspectratio primitiveunits refx refy repeatcount repeatdur requiredextensions
        requiredfeatures specularconstant specularexponent spreadmethod startoffset stddeviation stitchtiles
        surfacescale systemlanguage tablevalues targetx targety textlength viewbox viewtarget xchannelselector
        ychannelselector zoomandpan
        """,
    )
)
_ATTRIBUTE_NAME = re.compile(rf"\[[ ]*({_NAME})")
_LOOKS_ON = re.compile(":(?:nth-last|last|only)-")
# 19,000 elements side by side take turbohtml 0.3 to 4 s.
_SQUARED = re.compile(r":has\(.*(?::has\(|~(?!=).*~(?!=))|[ ]of[ ]|:nth-last-.*~(?!=)|~(?!=).*:nth-last-")
_MOST_NESTED = 20
"""Brackets within brackets. soupsieve calls itself for each, and 50 have taken up what Python lets a program."""
_SHOWN = 40
_KEPT = 300_000
"""Selectors whose decision is kept: three for each of 100,000 watches. Some are made of what pages say, without end."""


def check_selector(css: str) -> None:
    """Check that a watch may use the selector. Raises ValueError with the reason in one line."""
    _decided(css)  # at load, so that no page waits for it


def is_native(css: str) -> bool:
    """Return whether turbohtml answers the selector; else Beautiful Soup does. Raises ValueError when it is invalid."""
    return native(css) is not None


def is_squared(css: str) -> bool:
    """Return whether a native selector may take time with the square of the page's elements."""
    return _SQUARED.search(css) is not None


def native(css: str) -> str | None:
    """
    Return the selector as turbohtml must be asked of a page of HTML to answer like soupsieve, or None when it cannot.

    Native are type, class, id, attributes, combinators, `:nth-*`, `:first-…`, `:last-…` and `:only-…`, and
    `:not`, `:is`, `:where`, `:has` and `:scope` over these. Decided on soupsieve's parse, once per selector and
    never per page.

    Raises:
        ValueError: the selector is invalid.
    """
    return _decided(css)[0]


def native_in_xml(css: str) -> str | None:
    """Return the same for a page of XML, where every attribute is written as it stands."""
    return _decided(css)[1]


@lru_cache(maxsize=_KEPT)
def _decided(css: str) -> tuple[str | None, str | None]:
    if not _is_plain(css):
        if max(accumulate((sign == "(") - (sign == ")") for sign in css), default=0) > _MOST_NESTED:
            raise ValueError(f"{css[:_SHOWN]!r}… nests more than {_MOST_NESTED} brackets")
        from watcher.extract.soup_selectors import compiled, is_read_alike  # 60 ms

        if not (is_read_alike(compiled(css).selectors) and _is_made_of_common_parts(css)):
            return None, None
    translated = as_native(css)
    has_capitals = any(name.lower() in _CAPITAL_ATTRIBUTES for name in _ATTRIBUTE_NAME.findall(css))
    return None if has_capitals else translated, translated


def looks_back(css: str) -> bool:
    """
    Return whether an element matches by itself, by what it is in and by what is before it alone.

    Of plain selectors that is so but for `:last-…`, `:only-…` and `:nth-last-…`. Others are not looked at further.
    """
    return _is_plain(css) and _LOOKS_ON.search(css) is None


def as_native(css: str) -> str:
    """Return a selector that turbohtml is known to answer rightly as it must be asked of it; nothing is cached."""
    return _CLASS_OR_ID.sub(_with_case, css)


def _is_plain(css: str) -> bool:
    return _PLAIN.fullmatch(css) is not None and ":scope" not in css


def _is_made_of_common_parts(css: str) -> bool:
    return re.fullmatch(_READ_ALIKE, css) is not None and not _SCOPE_IN_STRING.search(css)


def _with_case(match: re.Match[str]) -> str:
    """Return a class or an id as a comparison of an attribute, which is made with case in every mode."""
    if match["id"]:
        return f'[id="{match["id"]}"]'
    return f'[class~="{match["cls"]}"]' if match["cls"] else match[0]
