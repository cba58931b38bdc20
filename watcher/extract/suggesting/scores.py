"""
What the score of each kind of candidate begins with, from 0 to 100: where two are as good, the higher one comes first.

What is known of a candidate adds to this or takes from it, where it is found. A list has no score of its own to begin
with: it grows from 0 to 82 with its rows and with what is known of each.
"""

from __future__ import annotations

from typing import Final

# What machines are told
FEED: Final = 95
"""A feed of this very page, or the page itself where it is one; each further one has 8 less."""
PRODUCT: Final = 90
OPEN_GRAPH: Final = 86
JSON_PRODUCT: Final = 78
"""An object of JSON with a price, and a name that says what it is; less by its depth."""
JSON_PRICE: Final = 64
FEED_OF_SITE: Final = 44
"""Of a page deep within; behind what that page shows itself."""
FEED_OF_OTHERS: Final = 42

# Rows; up to 86 for a table
TABLE: Final = 48
"""It has names for its columns, so it is made to be read."""
JSON_ROWS: Final = 44
LEAST_JSON: Final = 46
LEAST_LIST: Final = 28
PRICED_ROWS: Final = 52
"""Each with a button, at least: what they cost comes before any other amount of the page."""
POINTED: Final = 80
"""What somebody points at needs no likelihood."""

# Single values; prices on a page are judged by where they are
WANTED_IN_JSON: Final = 60
"""What shows what somebody looks for."""
JSON_MEMBER: Final = 50
PRESENT_AMOUNT: Final = 62
"""Its label says that it is the bid, the price or the rent now."""
LABELLED: Final = 50
OTHER_AMOUNT: Final = 38
"""Its label says that it is an estimate, a deposit, or the like."""
DATE: Final = 47
COUNT: Final = 46
STATUS: Final = 46
STANDING: Final = 31
"""What stands for itself on the page, as a level of danger; 8 more for each thing more that speaks for it."""
STOCK: Final = 44
"""12 more where its name says so, or a button is off."""
FIXED: Final = 28
"""What seldom changes, as what a thing weighs, or a fee among others; never offered alone."""
