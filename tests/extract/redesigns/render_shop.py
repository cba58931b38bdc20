# mypy: ignore-errors
"""
Renders the page of a product of django-oscar, before and after its price and stock changed.

Run by `make redesigns` in an environment for each version: `python render_shop.py DIRECTORY`. The pages are files of
the directory, VERSION.before.html and VERSION.after.html, and `values.json` there holds what they show. The product
has two others beside it, which the shop recommends, and which were looked at before.
"""

import importlib.util
import json
import logging
import sys
from decimal import Decimal
from pathlib import Path

import oscar

sys.path.insert(0, str(Path(__file__).parents[1] / "shop"))
import render as shop

VALUES = {"price": ("£31.70", "£29.45"), "stock": ("In stock (47 available)", "In stock (38 available)")}
KEPT = {"title": "Dune desk lamp", "code": "4006381333931"}


def main(directory: Path) -> None:
    """Render both pages into the directory."""
    logging.disable()
    directory.mkdir(parents=True, exist_ok=True)
    shop.OSCAR_APPS = tuple(name for name in shop.OSCAR_APPS if is_there(name))
    shop.configure(["en"])
    from django.test import Client

    main_product, others = stocked()
    version = ".".join(oscar.get_version().split(".")[:2])
    client = Client(headers={"accept-language": "en"}) if version > "4" else Client(HTTP_ACCEPT_LANGUAGE="en")
    for other in others:
        assert client.get(other.get_absolute_url()).status_code == 200
    for name, price, count in (("before", "31.70", 47), ("after", "29.45", 38)):
        record = main_product.stockrecords.get()
        priced(record, price)
        record.num_in_stock = count
        record.save()
        answer = client.get(main_product.get_absolute_url())
        assert answer.status_code == 200, answer
        (directory / f"{version}.{name}.html").write_bytes(answer.content)
    values = {**VALUES, **{place: (value, value) for place, value in KEPT.items()}}
    (directory / "values.json").write_text(json.dumps(values, ensure_ascii=False, indent=1))
    print(f"django-oscar {oscar.get_version()}")


def is_there(application: str) -> bool:
    """Return whether this version has an application."""
    try:
        return importlib.util.find_spec(application.rpartition(".")[0]) is not None
    except ImportError:
        return False


def priced(record, price: str) -> None:
    """Set the price of a product, as this version calls it."""
    setattr(record, "price" if hasattr(record, "price") else "price_excl_tax", Decimal(price))


def stocked() -> tuple:
    """Put the product and two others on sale, which the shop recommends beside it; return it, and those."""
    from oscar.core.loading import get_model

    kind = get_model("catalogue", "ProductClass").objects.create(name="Lamps")
    partner = get_model("partner", "Partner").objects.create(name="P")
    products = []
    rows = ((KEPT["title"], KEPT["code"], "31.70", 47), ("Atlas", "1112", "88.80", 6), ("Emil", "1113", "149.10", 2))
    for title, code, price, count in rows:
        model, record = get_model("catalogue", "Product"), get_model("partner", "StockRecord")
        product = model.objects.create(product_class=kind, title=title, upc=code, description="A lamp.")
        stock = record(product=product, partner=partner, partner_sku=code, num_in_stock=count)
        priced(stock, price)
        stock.save()
        products.append(product)
    first, *others = products
    for other in others:
        get_model("catalogue", "ProductRecommendation").objects.create(primary=first, recommendation=other)
    return first, others


if __name__ == "__main__":
    main(Path(sys.argv[1]))
