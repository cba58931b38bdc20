"""What stands around the pages of our own, and how a page and its places are named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from watcher.core.values import ValueType


class Place(Struct, frozen=True):
    """A single value that a person would watch: a selector as people write it, and its type."""

    css: str
    type: ValueType = ValueType.TEXT


class Rows(Struct, frozen=True):
    """A list that a person would watch: selectors as people write them, of its rows, and within a row."""

    css: str
    key: str
    fields: Mapping[str, Place]


class Template(Struct, frozen=True, kw_only=True):
    """A page of our own, with its marks (`tree.py`), and what is watched there."""

    name: str
    source: str
    places: Mapping[str, Place | Rows]


TEXT, MONEY, INTEGER, DATE, STOCK = (
    ValueType.TEXT,
    ValueType.MONEY,
    ValueType.INTEGER,
    ValueType.DATE,
    ValueType.STOCK,
)


def plain(language: str, title: str, main: str, *, links: Sequence[str], foot: str) -> str:
    """Return a page with a header of links and a footer, in HTML5's words."""
    items = "".join(f'<li><a href="/{number}">{link}</a></li>' for number, link in enumerate(links))
    return (
        f'<html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>'
        '<link rel="stylesheet" href="/style.css"></head><body>'
        f'<header class="site-header"><a class="logo" href="/">{title.rpartition("|")[2]}</a>'
        f'<nav class="main-nav"><ul>{items}</ul></nav></header>'
        f'<main id="content" class="content">{main}</main>'
        f'<footer class="site-footer"><ul>{items}</ul><p x-w="{foot} 2027">{foot}</p></footer></body></html>'
    )


def boxes(language: str, title: str, main: str, *, links: Sequence[str], foot: str) -> str:
    """Return a page of nothing but `div`s with ids, as they were written for years."""
    items = "".join(f'<a href="/{number}.html" class="navlink">{link}</a>' for number, link in enumerate(links))
    return (
        f'<html lang="{language}"><head><meta charset="utf-8"><title>{title}</title></head><body>'
        f'<div id="wrap"><div id="head"><h2>{title}</h2><div class="search"><input name="q"></div></div>'
        f'<div id="nav">{items}</div><div id="page" class="clearfix"><div id="left" class="col">{main}</div>'
        f'<div id="right" class="col side"><h4>{links[-1]}</h4><p>{items}</p></div></div>'
        f'<div id="foot"><p x-w="{foot}!">{foot}</p></div></div></body></html>'
    )


def application(language: str, title: str, main: str, *, links: Sequence[str], foot: str) -> str:
    """Return a page as a framework renders it: hashed classes, and a box within a box."""
    items = "".join(
        f'<a class="NavLink_link__x9Kq2 css-1h8fj3" href="/{number}"><span>{link}</span></a>'
        for number, link in enumerate(links)
    )
    return (
        f'<html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>'
        '<script src="/_next/static/chunks/main-8c2f1a9d.js"></script></head><body><div id="__next">'
        f'<div class="Layout_root__b3Xv1"><div class="Header_bar__Qp2Z7 css-9k2mz1">{items}</div>'
        f'<div class="Layout_main__yT5s8 css-0z7q4d">{main}</div>'
        f'<div class="Footer_root__m1Nc4"><span class="css-7d3kq1" x-w="{foot}.">{foot}</span></div></div></div>'
        "</body></html>"
    )
