from __future__ import annotations

import base64
import warnings
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.push.emulators.wechat import ACCOUNT, AES_KEY
from watcher.push.channels.wechat.crypto import Seal, is_signed, signature
from watcher.push.channels.wechat.envelope import read_envelope

SALT = b"0123456789abcdef"
SEAL = Seal(AES_KEY, ACCOUNT.app_id)
XML = "<xml><Content><![CDATA[开始 🎫]]></Content></xml>"


@pytest.fixture
def wechatpy() -> Any:
    """The oracle; it is old, and its import warns."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from wechatpy.crypto import WeChatCrypto  # type: ignore[import-untyped]

        return WeChatCrypto(ACCOUNT.token, AES_KEY, ACCOUNT.app_id)


def test_the_order_of_what_is_signed_does_not_matter() -> None:
    assert signature("b", "a", "c") == signature("c", "b", "a") == "a9993e364706816aba3e25717850c26c9cd0d89d"


@pytest.mark.parametrize("claimed", ["", "A9993E364706816ABA3E25717850C26C9CD0D89D", "签名", "\ud800", "0" * 40])
def test_another_signature_is_refused(claimed: str) -> None:
    assert not is_signed(claimed, "a", "b", "c")


@pytest.mark.parametrize("length", range(70))
def test_wechatpy_opens_what_we_close(wechatpy: Any, length: int) -> None:
    xml = "x" * length + XML
    sealed = SEAL.close(xml.encode(), salt=SALT)
    signed = signature(ACCOUNT.token, "1700000000", "nonce", sealed)
    outer = f"<xml><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
    assert wechatpy.decrypt_message(outer, signed, "1700000000", "nonce") == xml


@pytest.mark.parametrize("length", range(70))
def test_we_open_what_wechatpy_closes(wechatpy: Any, length: int) -> None:
    xml = "x" * length + XML
    outer = read_envelope(wechatpy.encrypt_message(xml, "nonce", "1700000000").encode())
    assert outer is not None
    assert is_signed(outer["MsgSignature"], ACCOUNT.token, "1700000000", "nonce", outer["Encrypt"])
    assert SEAL.open(outer["Encrypt"]) == xml.encode()


def test_what_another_account_sealed_is_refused() -> None:
    assert SEAL.open(Seal(AES_KEY, "wxffffffffffffffff").close(XML.encode(), salt=SALT)) is None
    assert SEAL.open(Seal(AES_KEY[::-1], ACCOUNT.app_id).close(XML.encode(), salt=SALT)) is None


def test_a_sealed_text_with_any_byte_changed_or_cut_off_is_never_an_error() -> None:
    sealed = base64.b64decode(SEAL.close(XML.encode(), salt=SALT))
    for at in range(len(sealed)):
        changed = sealed[:at] + bytes([sealed[at] ^ 0x55]) + sealed[at + 1 :]
        assert SEAL.open(base64.b64encode(changed).decode()) != XML.encode() or at < 16
        assert SEAL.open(base64.b64encode(sealed[:at]).decode()) is None


@given(st.binary(max_size=200) | st.text(max_size=200))
def test_anything_at_all_is_opened_without_an_error(noise: bytes | str) -> None:
    sealed = noise if isinstance(noise, str) else base64.b64encode(noise).decode()
    assert SEAL.open(sealed) is None


def test_padding_that_is_none_is_refused() -> None:
    xml = b"<xml>" + b"x" * 21
    sealed = bytearray(base64.b64decode(SEAL.close(xml, salt=SALT)))
    assert SEAL.open(base64.b64encode(sealed).decode()) == xml
    # 32 bytes of padding: two blocks of AES, of which the first is garbled and the last byte as it was.
    sealed[-32] ^= 1
    assert SEAL.open(base64.b64encode(sealed).decode()) is None
