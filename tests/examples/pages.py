"""The pages of docs/examples.md, as they are from one look to the next."""

from __future__ import annotations

import json
from collections.abc import Sequence


def book(price: str) -> str:
    """A book, its old price and its new one."""
    return f"<h1>Dune</h1><p>List price <s>£14.00</s></p><p class=price>£{price} incl. VAT</p>"


def trains(rows: dict[str, str]) -> str:
    """A timetable: train → how its second class can be booked."""
    body = "".join(
        f"<tr><td class=number>{number}<td class=leaves>09:00<td class=second>{second}"
        for number, second in rows.items()
    )
    return f"<h1>SHH → BJP, 2026-12-24</h1><table id=trains><thead><tr><th>Train<tbody>{body}</table>"


def courses(rows: dict[str, int], *, following: str | None = None) -> str:
    """One page of courses: code → free seats; and the link to the next page."""
    body = "".join(
        f"<tr><td class=code>{code}<td class=title>Course {code}<td class=seats>{seats}" for code, seats in rows.items()
    )
    link = f"<a class=next href='{following}'>Next</a>" if following else ""
    return f"<table class=courses><tbody>{body}</table>{link}"


def card(cents: int, state: int) -> str:
    """A shop's JSON."""
    return json.dumps({"id": 5090, "offer": {"cents": cents, "state": state, "currency": "EUR"}})


def feed(titles: Sequence[str]) -> str:
    """An RSS feed, the newest entry first."""
    items = "".join(
        f"<item><title>{title}</title><link>https://blog.example/{number}</link><guid>{title}</guid></item>"
        for number, title in enumerate(titles)
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Blog</title>{items}</channel></rss>'
