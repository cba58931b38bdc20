"""
Headers of a request that give nothing away.

| list       | who uses it                                 | why                                                 |
|------------|---------------------------------------------|-----------------------------------------------------|
| `READING`  | a watch of the console may send them        | they ask for a page in other words, and no more     |
| `NO_LOGIN` | a page that was asked for with them is kept | they hold no secret; those that are not in `READING`|
|            |                                             | speak of a body, or pass for a page's own script    |
"""

from __future__ import annotations

from typing import Final

READING: Final = frozenset({"accept", "accept-language", "referer"})
"""In lower case, as the other list."""
NO_LOGIN: Final = READING | {"accept-encoding", "content-type", "origin", "x-requested-with"}
"""Any other may be a login: `Authorization`, and keys that each service names in its own way."""
