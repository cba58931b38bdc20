from __future__ import annotations

from base64 import urlsafe_b64decode

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.push.channels.webpush.encryption import CURVE, MAX_PLAINTEXT_BYTES, encoded_point, encrypt, is_point
from watcher.push.channels.webpush.keys import base64url

_HEAD_BYTES = 16 + 4 + 1 + 65
_TAG_BYTES = 16
_EPHEMERAL = ec.derive_private_key(1234, CURVE)
_BROWSER = ec.derive_private_key(5678, CURVE)


def _raw(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _encrypt(plaintext: bytes) -> bytes:
    p256dh = encoded_point(_BROWSER.public_key())
    return encrypt(plaintext, p256dh=p256dh, auth=b"a" * 16, ephemeral=_EPHEMERAL, salt=b"s" * 16)


def test_the_example_of_rfc_8291() -> None:
    """Appendix A."""
    private = int.from_bytes(_raw("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), "big")
    body = encrypt(
        b"When I grow up, I want to be a watermelon",
        p256dh=_raw("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"),
        auth=_raw("BTBZMqHH6r4Tts7J_aSIgg"),
        ephemeral=ec.derive_private_key(private, CURVE),
        salt=_raw("DGv6ra1nlYgDCS1FRnbzlw"),
        multiple=1,
    )
    assert base64url(body) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A"
        "_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


@given(plaintext=st.binary(max_size=MAX_PLAINTEXT_BYTES), auth=st.binary(min_size=16, max_size=16))
@settings(max_examples=50, deadline=None)
def test_the_browser_reads_whatever_was_encrypted(plaintext: bytes, auth: bytes) -> None:
    body = encrypt(
        plaintext,
        p256dh=encoded_point(_BROWSER.public_key()),
        auth=auth,
        ephemeral=ec.generate_private_key(CURVE),
        salt=auth[::-1],
    )
    assert len(body) <= 4_096
    assert http_ece.decrypt(body, private_key=_BROWSER, auth_secret=auth, version="aes128gcm") == plaintext


@pytest.mark.parametrize(
    ("plaintext_bytes", "record_bytes"),
    [(0, 256), (1, 256), (255, 256), (256, 512), (2_000, 2_048), (3_839, 3_840), (3_840, 3_994), (3_993, 3_994)],
)
def test_the_length_tells_only_a_multiple_of_256(plaintext_bytes: int, record_bytes: int) -> None:
    assert len(_encrypt(b"x" * plaintext_bytes)) == _HEAD_BYTES + record_bytes + _TAG_BYTES


def test_what_no_push_service_need_take_is_not_made() -> None:
    with pytest.raises(ValueError, match="3994 bytes of plaintext; a push message takes 3993"):
        _encrypt(b"x" * 3_994)


@pytest.mark.parametrize(
    ("encoded", "expected"),
    [
        (encoded_point(_BROWSER.public_key()), True),
        (b"", False),
        (b"\x04" + b"\x01" * 64, False),
        (b"\x05" + encoded_point(_BROWSER.public_key())[1:], False),
        (encoded_point(_BROWSER.public_key()) + b"\x00", False),
        (b"\x00", False),
        (b"\x02" + encoded_point(_BROWSER.public_key())[1:33], False),
    ],
    ids=["a point", "empty", "off the curve", "another form", "too long", "infinity", "compressed"],
)
def test_a_point_is_one_of_the_curve_in_65_bytes(encoded: bytes, expected: bool) -> None:
    assert is_point(encoded) is expected
