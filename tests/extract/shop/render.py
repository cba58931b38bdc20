# mypy: ignore-errors
"""
Renders pages of django-oscar, in each of its languages, with what its database says of their stock.

Run by `make shop` in the shop's own environment, where nothing of watcher is installed: `python render.py DIRECTORY`.
Each page is a file of the directory, and `pages.json` there lists them: language, product, whether the database has it
to sell, and the file.
"""

import json
import logging
import sys
from decimal import Decimal
from pathlib import Path

import babel.localedata
import django
import oscar
from django.conf import settings
from django.core.management import call_command
from oscar import defaults

LOCALES = Path(oscar.__file__).parent / "locale"
OSCAR_APPS = (
    "oscar.config.Shop",
    "oscar.apps.analytics.apps.AnalyticsConfig",
    "oscar.apps.checkout.apps.CheckoutConfig",
    "oscar.apps.address.apps.AddressConfig",
    "oscar.apps.shipping.apps.ShippingConfig",
    "oscar.apps.catalogue.apps.CatalogueConfig",
    "oscar.apps.catalogue.reviews.apps.CatalogueReviewsConfig",
    "oscar.apps.communication.apps.CommunicationConfig",
    "oscar.apps.partner.apps.PartnerConfig",
    "oscar.apps.basket.apps.BasketConfig",
    "oscar.apps.payment.apps.PaymentConfig",
    "oscar.apps.offer.apps.OfferConfig",
    "oscar.apps.order.apps.OrderConfig",
    "oscar.apps.customer.apps.CustomerConfig",
    "oscar.apps.search.apps.SearchConfig",
    "oscar.apps.voucher.apps.VoucherConfig",
    "oscar.apps.wishlists.apps.WishlistsConfig",
    "oscar.apps.dashboard.apps.DashboardConfig",
    "oscar.apps.dashboard.reports.apps.ReportsDashboardConfig",
    "oscar.apps.dashboard.users.apps.UsersDashboardConfig",
    "oscar.apps.dashboard.orders.apps.OrdersDashboardConfig",
    "oscar.apps.dashboard.catalogue.apps.CatalogueDashboardConfig",
    "oscar.apps.dashboard.offers.apps.OffersDashboardConfig",
    "oscar.apps.dashboard.partners.apps.PartnersDashboardConfig",
    "oscar.apps.dashboard.pages.apps.PagesDashboardConfig",
    "oscar.apps.dashboard.ranges.apps.RangesDashboardConfig",
    "oscar.apps.dashboard.reviews.apps.ReviewsDashboardConfig",
    "oscar.apps.dashboard.vouchers.apps.VouchersDashboardConfig",
    "oscar.apps.dashboard.communications.apps.CommunicationsDashboardConfig",
    "oscar.apps.dashboard.shipping.apps.ShippingDashboardConfig",
)


def main(directory: Path) -> None:
    """Render all pages into the directory."""
    logging.disable()  # sorl logs a traceback for each of the goods, none of which has a picture
    languages = [name.name.replace("_", "-").lower() for name in sorted(LOCALES.iterdir()) if name.is_dir()]
    configure(languages)
    from django.utils.translation import check_for_language, to_locale

    products = stock_the_shop()
    pages = [
        page
        for language in languages
        if check_for_language(language) and babel.localedata.exists(to_locale(language))  # it writes the prices
        for page in rendered(language, products, directory)
    ]
    (directory / "pages.json").write_text(json.dumps(pages, ensure_ascii=False, indent=1))
    count = len({page["language"] for page in pages})
    print(f"{len(pages)} pages of django-oscar {oscar.get_version()} in {count} languages and variants")


def configure(languages: list[str]) -> None:
    """Set up a shop with an empty database in memory."""
    settings.configure(
        **{name: getattr(defaults, name) for name in dir(defaults) if name.startswith("OSCAR")},
        SECRET_KEY="shop",
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__,
        SITE_ID=1,
        USE_I18N=True,
        STATIC_URL="/static/",
        LANGUAGE_CODE="en",
        LANGUAGES=[(language, language) for language in languages],
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:", "ATOMIC_REQUESTS": True}},
        HAYSTACK_CONNECTIONS={"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}},
        INSTALLED_APPS=[
            *("django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "django.contrib.sites"),
            *("django.contrib.messages", "django.contrib.staticfiles", "django.contrib.flatpages"),
            *OSCAR_APPS,
            *("widget_tweaks", "haystack", "treebeard", "sorl.thumbnail", "django_tables2"),
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.locale.LocaleMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "oscar.apps.basket.middleware.BasketMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                        "oscar.apps.search.context_processors.search_form",
                        "oscar.apps.checkout.context_processors.checkout",
                        "oscar.apps.communication.notifications.context_processors.notifications",
                        "oscar.core.context_processors.metadata",
                    ]
                },
            }
        ],
    )
    django.setup()
    call_command("migrate", verbosity=0)


def stock_the_shop() -> list:
    """Put one of each kind on sale: some in stock, one left, a kind that is not counted, none left, all allocated."""
    from oscar.core.loading import get_model

    kind = get_model("catalogue", "ProductClass").objects.create(name="Goods")
    uncounted = get_model("catalogue", "ProductClass").objects.create(name="Files", track_stock=False)
    partner = get_model("partner", "Partner").objects.create(name="P")
    rows = ((kind, 5, 0), (kind, 1, 0), (uncounted, None, 0), (kind, 0, 0), (kind, 3, 3))
    products = []
    for number, (of_kind, count, allocated) in enumerate(rows):
        product = get_model("catalogue", "Product").objects.create(product_class=of_kind, title=f"X{number}")
        get_model("partner", "StockRecord").objects.create(
            product=product,
            partner=partner,
            partner_sku=str(number),
            price=Decimal("9.99"),
            num_in_stock=count,
            num_allocated=allocated,
        )
        products.append(product)
    return products


def rendered(language: str, products: list, directory: Path) -> list:
    """Render the page of each product, which also lists those seen before; return them with the truth."""
    from django.test import Client

    client, pages = Client(headers={"accept-language": language}), []
    for product in products:
        product.refresh_from_db()
        record = product.stockrecords.get()
        is_in_stock = not product.get_product_class().track_stock or record.net_stock_level > 0
        name = f"{language}.{product.title}.html"
        answer = client.get(product.get_absolute_url())
        assert answer.status_code == 200, answer
        (directory / name).write_bytes(answer.content)
        pages.append({"language": language, "title": product.title, "is_in_stock": is_in_stock, "file": name})
    return pages


def __getattr__(name: str) -> list:
    """Return the shop's routes, once it is set up."""
    if name != "urlpatterns":
        raise AttributeError(name)
    from django.apps import apps
    from django.urls import include, path

    return [path("", include(apps.get_app_config("oscar").urls[0]))]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
