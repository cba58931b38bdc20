"""What is cut out of what is logged."""

from __future__ import annotations

import pytest

from watcher.core.masking import masked, masked_path

SLUG = "abcdefghijklmnopqrstuvwxyz01"
CODE = SLUG * 2 + "23456789"


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        (f"/m/{SLUG}", "/m/***"),
        (f"//m/{SLUG}/mute", "//m/***/mute"),
        ("/m/mistyped", "/m/***"),
        (f"/api/message/{SLUG}", "/api/message/***"),
        (f"/t/{SLUG}/qr.svg", "/t/***/qr.svg"),
        (f"/a/{SLUG}/leave", "/a/***/leave"),
        (f"/q/{SLUG}", "/q/***"),
        (f"/try/{CODE}", "/try/***"),
        (f"/feed/{SLUG}/atom.xml", "/feed/***/atom.xml"),
        (f"/api/qrcode/{CODE}.jpg", "/api/qrcode/***"),
        ("/claim/x", "/claim/***"),
        ("/confirm/x", "/confirm/***"),
        ("/api/send/message/SPT_x/the text of a message, /with more", "/api/send/message/SPT_***"),
        ("//api/send/message/SPT_x/two\nlines", "//api/send/message/SPT_***"),
        ("/api/v1/topics/3", "/api/v1/topics/3"),
        ("/inbox/events", "/inbox/events"),
        ("/try", "/try"),
        ("/", "/"),
    ],
)
def test_a_path_of_ours_is_shown_without_what_it_opens(path: str, shown: str) -> None:
    assert masked_path(path) == shown


def test_a_link_is_masked_wherever_it_stands_and_other_peoples_pages_are_not() -> None:
    assert masked(f"see https://push.example/m/{SLUG}.") == "see https://push.example/m/***."
    assert masked("https://shop.example/m/red-shoes is a wall") == "https://shop.example/m/red-shoes is a wall"
