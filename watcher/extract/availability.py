"""What schema.org says of stock (https://schema.org/ItemAvailability), and what that means."""

from __future__ import annotations

from watcher.core.values import Stock

MEANINGS = {
    "InStock": Stock.IN_STOCK,
    "InStoreOnly": Stock.IN_STOCK,
    "LimitedAvailability": Stock.IN_STOCK,
    "OnlineOnly": Stock.IN_STOCK,
    "PreOrder": Stock.PREORDER,
    "PreSale": Stock.PREORDER,
    "BackOrder": Stock.PREORDER,
    "MadeToOrder": Stock.PREORDER,
    "OutOfStock": Stock.OUT_OF_STOCK,
    "SoldOut": Stock.OUT_OF_STOCK,
    "Discontinued": Stock.OUT_OF_STOCK,
    "Reserved": Stock.OUT_OF_STOCK,
}
WORDS = {word.lower(): word for word in MEANINGS}
"""By the same in lower case, which is how pages write them too."""
