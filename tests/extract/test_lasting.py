"""Which names people gave, and which machines made: the table of `lasting.py`, and more of each row."""

from __future__ import annotations

import re

import pytest

from watcher.extract.lasting import is_lasting, stem_of

GIVEN = re.findall(
    r"\S+",
    """
    price product-title a-price-whole ctl00_Main_lblPrice productPrice mainContent price--current current-price
    wp-block-post-title entry-content priceBlock angebotspreis Geschichtsschreibung jiage shangpin
    MuiTypography-root mw-content-text firstHeading infobox ytd-video-primary-info-renderer section-title
    nav-bar lblPrice prdPrc clock heading-h2 toTop iPhone kno-ecr-pt a-offscreen priceToPay
    corePriceDisplay_desktop_feature_div x-price-primary prc-dsc product__price price-item--regular
    woocommerce-Price-amount entry-summary stock_status vector-toc-text gh-header-title markdown-body
    js-issue-title storylink topictitle breadcrumb elementor-heading-title kurs-titel verfuegbarkeit
    artikelnummer disponibilite dostupnost nalichie kucun gonggao zwgk newslist con_main mod-price J_price
    tb-rmb-num summary-price-wrap skuPrice content-wrap ctl00_ContentPlaceHolder1_lblPrice views-field-title
    chakra-text ant-table-cell el-table__cell mat-column-name navbar-brand list-group-item price-new
    oe_currency_value h-card u-url vcard vevent fin-streamer instrument-price-last pm25 co2 html5-video 价格
    x-price _price
    """,
)
BY_TOOLS = re.findall(
    r"\S+",
    """
    css-1q2w3e sc-bdVaJa hKzPqR LrzXr yuRUbf VwiC3b svelte-1a2b3c _ngcontent-c12 jss12 ember123 :r1: x1lliihq
    qxzvk astro-J7PV25F6 Price_value__3xYz1 Price__Value-sc-1abc-0 elementor-element-3f2a1b
    yui_3_17_2_1_1600000000000_123 ng-star-inserted f9f8e7d6c css-1dbjc4n r-1awozwy sc-1f8f4a93-0 kzdHUm iHXQjB
    jsx-2871293847 ProductCard-module__price--1aB2c _2kHMtA _30jeq3 yRaY8j DM5Hxd c-lsVtKp x1i10hfl xe8uvvx
    ng-tns-c123-4 ng-untouched mat-input-3 headlessui-menu-button-1 react-select-2-input w-node-abc123
    framer-1a2b3c comp-kx2z9a swiper-wrapper-a1b2c3
    """,
)
HOW_IT_LOOKS = re.findall(
    r"\S+",
    """
    mt-4 -mt-2 col-md-6 d-flex d-md-none text-center text-gray-500 bg-gray-100 u-hidden w-full md:w-1/2 p-0 px-3
    justify-content-between items-center flex-col font-bold text-sm rounded-lg pull-left clearfix row container
    sr-only mb-lg-4 grid-cols-3 uppercase text-muted w-50 leading-tight text-2xl font-semibold shadow-sm
    border-b border-gray-200 h-screen gap-x-4 space-y-2 col-span-2 z-50 cursor-pointer overflow-hidden truncate
    d-md-block align-items-center mb-3 fw-bold fs-5 btn-sm btn-primary position-relative img-fluid
    visually-hidden hidden-xs center-block pa3 dib flex-wrap
    """,
)
STATES = re.findall(
    r"\S+",
    """
    active is-open has-error lazyloaded tab--selected in-stock sold-out odd first last hidden
    swiper-slide-active no-js loading isActive has-children fadeInUp aos-init out-of-stock on-sale nav--open
    menu-open slick-current tab__item--active views-row-first
    """,
)
COUNTERS = ["item-12", "post-4711", "tab3", "slide_2", "product-price-12345", "page-id-7", "view-dom-id-1234"]


@pytest.mark.parametrize("name", GIVEN)
def test_what_people_gave_lasts(name: str) -> None:
    assert is_lasting(name)


@pytest.mark.parametrize("name", [*BY_TOOLS, *HOW_IT_LOOKS, *STATES, *COUNTERS, "", "a b", "1a", "x" * 100])
def test_what_machines_made_or_may_pass_does_not(name: str) -> None:
    assert not is_lasting(name)


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("Price_value__3xYz1", "Price_value__"),
        ("Price__Value-sc-1abc-0", "Price__Value-sc-"),
        ("css-1abc-PriceValue", "-PriceValue"),
        ("css-1q2w3e", None),
        ("price", None),
        ("mt-4", None),
    ],
)
def test_the_part_that_people_gave_is_the_stem(name: str, stem: str | None) -> None:
    assert stem_of(name) == stem
