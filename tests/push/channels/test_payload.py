from __future__ import annotations

import json

import pytest

from tests.push.builders import NOON
from tests.push.channels.notices import a_notification
from watcher.push.channels.webpush.payload import MAX_BYTES, collapse_tag, cut_bytes, payload, short_payload

_LINK = "https://push.example/" + "x" * 979


def test_what_a_browser_is_told() -> None:
    notification = a_notification("Dune 12.00 → 8.50", item_id=7, collapse_key="dune")
    assert json.loads(payload(notification)) == {
        "web_push": 8030,
        "notification": {
            "title": "Deals",
            "body": "Dune 12.00 → 8.50",
            "navigate": "https://push.example/m/abc",
            "lang": "en",
            "dir": "auto",
            "silent": False,
            "tag": collapse_tag(notification),
        },
        "d": {"id": 7, "topic": "Deals", "ts": int(NOON.timestamp() * 1000)},
    }


def test_a_message_to_users_only_is_titled_with_its_application() -> None:
    assert json.loads(payload(a_notification(topic=None)))["notification"]["title"] == "Shop"


@pytest.mark.parametrize("character", ["x", "价", "😀", '"', "\\", "\u0001", "\ud800", "\n"])
def test_the_longest_texts_fit(character: str) -> None:
    notification = a_notification(character * 100, topic=character * 500, link=_LINK)
    assert len(_LINK) == 1_000
    assert len(payload(notification)) < MAX_BYTES
    assert len(short_payload(notification)) <= 400 + len(_LINK)
    assert json.loads(short_payload(notification))["notification"]["navigate"] == _LINK


@pytest.mark.parametrize(
    ("text", "most", "expected"),
    [
        ("abcdef", 6, "abcdef"),
        ("abcdef", 5, "ab…"),
        ("价格下跌", 12, "价格下跌"),
        ("价格下跌", 11, "价格…"),
        ("😀😀", 7, "😀…"),
        ("😀😀", 6, "…"),
        ('""""', 7, '""…'),
        ("abcd", 3, "…"),
    ],
)
def test_a_text_is_cut_between_characters(text: str, most: int, expected: str) -> None:
    assert cut_bytes(text, most) == expected


def test_notifications_of_one_key_replace_each_other_and_others_do_not() -> None:
    same = [collapse_tag(a_notification(item_id=number, collapse_key="价" * 100)) for number in (1, 2)]
    alone = [collapse_tag(a_notification(item_id=number)) for number in (1, 2, 2)]
    assert same[0] == same[1]
    assert alone[0] != alone[1] == alone[2]
    assert {len(tag) for tag in same + alone} == {32}
