"""
Styles of a page that ask for nothing: what they would fetch is taken out, what they say of looks stays.

| taken out | for |
|---|---|
| `url(…)`, `src(…)`, `image(…)`, `image-set(…)`, `cross-fade(…)`, `element(…)` | pictures and fonts |
| `@import`, `@namespace`, `@font-face`, `@charset` | other files |
| `expression(…)`, `-moz-binding`, `behavior` | scripts of old browsers |
| escapes of letters and digits (`u\\72l(…)`), `</`, `<!` | what would be the above, or the end of the element |

A name that is taken out is written as another one, never deleted: what stands around it cannot become what was there.
Escapes of signs stay (`.md\\:flex`), for names of classes have them.
"""

from __future__ import annotations

import re
from typing import Final

_MOST_CHARACTERS: Final = 400_000
_ESCAPED: Final = re.compile(r"\\(?:[0-9a-fA-F]{1,6}\s?|[\r\n\f]|(?=\w)|\Z)")
_FETCHING: Final = re.compile(
    r"(?:url(?:-prefix)?|src|image|(?:-webkit-)?image-set|(?:-webkit-)?cross-fade|-webkit-canvas|(?:-moz-)?element"
    r"|expression|domain|document|progid:[\w.]*|(?:-webkit-)?paint)\s*\(",
    re.IGNORECASE,
)
_AT_RULE: Final = re.compile(r"@\s*(?:import|namespace|font-face|charset|document|-moz-document)", re.IGNORECASE)
_BINDING: Final = re.compile(r"(?:-moz-binding|behaviou?r)(?=\s*:)", re.IGNORECASE)
_MARKUP: Final = re.compile(r"<(?=[/!?a-zA-Z])")


def harmless_css(text: str) -> str:
    """Return a sheet, or the declarations of one element, without what fetches; of over 400,000 characters nothing."""
    if len(text) > _MOST_CHARACTERS:
        return ""
    text = _ESCAPED.sub("_", text.replace("\0", ""))
    text = _FETCHING.sub("none-of(", text)
    text = _AT_RULE.sub("@none-of", text)
    return _MARKUP.sub("< ", _BINDING.sub("none-of", text))
