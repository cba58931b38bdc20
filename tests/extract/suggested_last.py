"""Pages of our own about tables that nobody watches, and such as only look like them: cookies, law, sizes."""

# ruff: noqa: E501  markup is easier to read when it is not broken wherever a line is full

from __future__ import annotations

from collections.abc import Sequence

from tests.extract.suggested import FOOTER, NAV, Truth, any_of

_LONG = "<p>We take the protection of your data seriously and tell you here what we keep, for how long, and on which grounds we may do so.</p>"


def _table(header: Sequence[str], rows: Sequence[Sequence[str]], attributes: str = "") -> str:
    head = "".join(f"<th>{cell}</th>" for cell in header)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table{attributes}><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _page(title: str, main: str, language: str = "en", footer: str = FOOTER) -> str:
    return f"<!doctype html><html lang={language}><head><title>{title}</title></head><body>{NAV}<main><h1>{title}</h1>{main}</main>{footer}</body></html>"


_COOKIES_DE = _table(
    ("Name", "Anbieter", "Zweck", "Ablauf", "Typ"),
    [
        ("_ga", "Google", "Unterscheidet Besucher", "2 Jahre", "HTTP"),
        ("_gid", "Google", "Zählt Seitenaufrufe", "1 Tag", "HTTP"),
        ("PHPSESSID", "Eigene Seite", "Behält Ihre Sitzung", "Sitzung", "HTTP"),
        ("fr", "Facebook", "Werbung", "3 Monate", "Pixel"),
    ],
)
_RETENTION = _table(
    ("Category of data", "Legal basis", "Retention period"),
    [
        ("Invoices", "Art. 6 (1) c GDPR", "10 years"),
        ("Applications", "Art. 6 (1) b GDPR", "6 months"),
        ("Log files", "Art. 6 (1) f GDPR", "14 days"),
        ("Newsletter", "Art. 6 (1) a GDPR", "until you withdraw"),
    ],
)
_SIZES = _table(
    ("Size", "EU", "UK", "US", "Chest (cm)", "Waist (cm)"),
    [
        ("XS", "44", "34", "34", "86–90", "74–78"),
        ("S", "46", "36", "36", "91–95", "79–83"),
        ("M", "48", "38", "38", "96–100", "84–88"),
        ("L", "50", "40", "40", "101–105", "89–93"),
        ("XL", "52", "42", "42", "106–110", "94–98"),
    ],
)
_SIZES_ZH = _table(
    ("尺码", "胸围", "腰围", "肩宽"),
    [("S", "88", "72", "42"), ("M", "92", "76", "44"), ("L", "96", "80", "46"), ("XL", "100", "84", "48")],
)
_COOKIE_CARDS = "".join(
    f"<div class=entry><h3>{name}</h3><p>{provider}, kept for {kept}. <a href=https://{provider.lower()}.example/privacy/{name}>Details of {name}</a></p></div>"
    for name, provider, kept in [
        ("_ga", "Google", "2 years"),
        ("fr", "Facebook", "90 days"),
        ("IDE", "Google", "13 months"),
        ("li_at", "LinkedIn", "1 year"),
        ("hjSession", "Hotjar", "30 minutes"),
    ]
)
_DIV_FOOTER = (
    "<div class=page-bottom><div class=site-footer__inner><h4>Branches</h4><ul>"
    + "".join(
        f"<li><a href=/branches/{name}>{name.title()}</a> <span>Mon–Fri {hour}:00–18:00</span></li>"
        for name, hour in [("lyon", 8), ("nantes", 9), ("lille", 10), ("brest", 8)]
    )
    + "</ul></div></div>"
)
_PARTNERS = _table(
    ("Partner", "Country", "What they do for us"),
    [
        ("<a href=https://mailer.example>Mailer</a>", "Ireland", "Sends our letters"),
        ("<a href=https://cloud.example>Cloud</a>", "Germany", "Keeps our files"),
        ("<a href=https://maps.example>Maps</a>", "France", "Shows where we are"),
    ],
)
_VERSIONS = _table(
    ("Version", "In force since", "Changes"),
    [
        ("<a href=/privacy/4>4</a>", "2026-03-01", "Names a new partner"),
        ("<a href=/privacy/3>3</a>", "2025-05-25", "Shorter times"),
        ("<a href=/privacy/2>2</a>", "2023-01-10", "Tells of the shop"),
    ],
)
_BAKERY = _table(
    ("Cookie", "Purpose", "Price"),
    [
        ("Oat and raisin", "Breakfast", "€ 2.20"),
        ("Double chocolate", "Comfort", "€ 2.60"),
        ("Ginger snap", "Tea", "€ 1.90"),
        ("Lemon zest", "Summer", "€ 2.10"),
    ],
)
_GRANTS = _table(
    ("Name", "Provider", "Purpose", "Expiry"),
    [
        ("Small halls", "County council", "Repairs of village halls", "2026-09-30"),
        ("Green roofs", "Ministry of housing", "Planting of flat roofs", "2026-11-15"),
        ("Night buses", "Transport board", "Lines after midnight", "2027-01-31"),
        ("Reading rooms", "Library fund", "Books for schools", "2026-12-01"),
    ],
)
_SIZES_LEFT = _table(
    ("Size", "EU", "Stock", "Price"),
    [
        ("S", "46", "3 left", "£ 79.00"),
        ("M", "48", "12 left", "£ 79.00"),
        ("L", "50", "1 left", "£ 82.00"),
        ("XL", "52", "7 left", "£ 82.00"),
    ],
)
_SHIRT = f"<p class=product-price>€ 39.90</p><button>Add to cart</button><h2>Size guide</h2>{_SIZES}"
_COURSES = _table(
    ("Course", "Category", "Duration", "Type", "Places left"),
    [
        ("<a href=/c/weaving>Weaving</a>", "Crafts", "2 days", "evening", "4"),
        ("<a href=/c/welding>Welding</a>", "Metal", "5 days", "full-time", "0"),
        ("<a href=/c/baking>Baking</a>", "Food", "1 day", "weekend", "11"),
        ("<a href=/c/sewing>Sewing</a>", "Crafts", "3 days", "evening", "2"),
    ],
)
_COOKIE_SHOP = "".join(
    f"<li class=product><a href=/p/{name.lower()}><h3>{name}</h3></a><span class=price>$ {price}</span></li>"
    for name, price in [("Snickerdoodle", "3.50"), ("Shortbread", "2.75"), ("Biscotti", "4.10"), ("Macaroon", "3.95")]
)

LAST_PAGES: Sequence[Truth] = (
    Truth(
        name="cookies in German",
        html=_page("Datenschutz", f"{_LONG * 3}<h2>Welche Cookies setzen wir?</h2>{_COOKIES_DE}", "de"),
    ),
    Truth(
        name="how long data is kept",
        html=_page("Privacy notice", f"{_LONG * 3}<h2>How long we keep it</h2>{_RETENTION}"),
    ),
    Truth(name="partners who get data", html=_page("Privacy Policy", f"{_LONG * 3}<h2>Who gets it</h2>{_PARTNERS}")),
    Truth(name="a guide to sizes", html=_page("Size guide", f"<p>Measure over your underwear.</p>{_SIZES}")),
    Truth(
        name="a guide to sizes in Chinese",
        html=_page("尺码表", f"<p>单位：厘米。请以实际测量为准。</p>{_SIZES_ZH}", "zh"),
    ),
    Truth(
        name="cookies that are no table",
        html=_page("About this site", f"{_LONG * 2}<h2>Cookies we use</h2><div class=list>{_COOKIE_CARDS}</div>"),
    ),
    Truth(name="a footer that is no footer", html=_page("About us", _LONG * 4, footer=_DIV_FOOTER)),
    Truth(
        name="cookies of a bakery",
        html=_page("Our cookies", f"<p>Baked every morning.</p>{_BAKERY}"),
        accepted=any_of(("table",), "Oat and raisin", "€2.20"),
    ),
    Truth(
        name="grants that expire",
        html=_page("Open grants", f"<p>Apply in time.</p>{_GRANTS}"),
        accepted=any_of(("table",), "Small halls", "2026-09-30"),
    ),
    Truth(
        name="sizes that are left",
        html=_page("Wool coat", f"<p>Woven in Wales.</p>{_SIZES_LEFT}"),
        accepted=any_of(("table",), "XL", "£82.00"),
    ),
    Truth(
        name="a shirt with a guide to sizes",
        html=_page("Linen shirt", _SHIRT),
        accepted=any_of(("value",), "price: €39.90"),
        shown="39.90",
    ),
    Truth(
        name="courses with a duration",
        html=_page("Courses", f"<p>All in the old mill.</p>{_COURSES}"),
        accepted=any_of(("table",), "Weaving", "4", "/c/weaving"),
    ),
    Truth(
        name="versions of a policy",
        html=_page("Privacy policy", f"{_LONG}{_VERSIONS}"),
        accepted=any_of(("table",), "2026-03-01", "/privacy/4"),
    ),
    Truth(
        name="a shop of cookies",
        html=_page("Cookies", f"<p>We post them the same day.</p><ul class=products>{_COOKIE_SHOP}</ul>"),
        accepted=any_of(("list",), "Snickerdoodle", "$3.50"),
    ),
)
