"""Words in the names of JSON members by which a value, a key, a setting or a thing that is sold is told."""

from __future__ import annotations

import re
from typing import Final

KEYS: Final = re.compile(
    r"(?:^|[._])(?:id|uid|uuid|key|sku|code|slug|number|no|url|link|href|permalink|path)$|[a-z]I[dD]$", re.IGNORECASE
)
TELLING: Final = re.compile(
    r"price|cost|amount|fare|stock|avail|status|state|date|time|title|name|seat|count|quantity|url|link|rating|score"
    r"|value|rate|total|left|remain|salary|location|city|author|价|库存|状态|标题|名",
    re.IGNORECASE,
)
SINGLE: Final = re.compile(
    r"(?:\A|_)(?:(?:un)?avail[a-z]*|state|seats?|left|remain[a-z]*|rates?|counts?|pledged|raised|backers"
    r"|[a-z]*(?:price|stock|status|quantity|total)s?)(?:_|\Z)"
    r"|(?:\A|_)version(?:_(?:name|number|string))?\Z|价|库存|状态"
)
"""Of the name of a value: whole words; a `version` is one at its end, while `version_views` counts."""
INNER: Final = re.compile(r"indicator|description|value|text|label|name|state|status|level|current|latest|message")
"""What an object that is called `status` says by."""
RECORD_MEMBERS: Final = frozenset({"id", "_id", "uuid", "doi", "created", "created_at", "createdAt"})
SETTINGS: Final = re.compile(
    r"config|setting|translation|locale|i18n|feature|flag|menu|nav|footer|header|route|breadcrumb|seo"
    r"|\A[gls]nb(?:\Z|[A-Z_-])|categor|sitemap|topbar|sidebar|banner|cookie|consent|gdpr|polic(?:y|ies)",
    re.IGNORECASE,
)
PRICE: Final = re.compile(r"(?:current|sale|final|unit)?[_-]?price(?:[_-]?value)?|amount", re.IGNORECASE)
STOCK: Final = re.compile(
    r"(?:in)?[_-]?stock(?:[_-]?(?:status|level|count))?|availability|inventory|quantity", re.IGNORECASE
)
OF_STOCK: Final = re.compile(r"stock|avail|quantity|left|seat|inventory|库存")
"""The `none` of another name, as of an incident, is no state of stock."""
THING: Final = re.compile(r"product|item|offer|event|ticket|listing|detail", re.IGNORECASE)
