from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from watcher.errors import ConfigError, StoreError
from watcher.push.channels.webpush.keys import keys_of


def _pem(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def test_the_first_start_makes_a_key_that_the_next_ones_use(tmp_path: Path) -> None:
    keys = keys_of(tmp_path)
    assert keys_of(tmp_path).public == keys.public
    assert len(keys.public) == 87
    assert [file.name for file in tmp_path.iterdir()] == ["vapid.pem"]
    assert (tmp_path / "vapid.pem").stat().st_mode & 0o777 == 0o600


def test_starts_at_the_same_time_agree_on_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: keys_of(tmp_path).public, range(8)))
    assert len(found) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["vapid.pem"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        _pem(ec.generate_private_key(ec.SECP384R1())),
        _pem(rsa.generate_private_key(65537, 1024)),
    ],
    ids=["empty", "cut short", "another curve", "RSA"],
)
def test_a_file_that_is_no_key_is_told_and_kept(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "vapid.pem"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(ConfigError, match=r"vapid\.pem is no P-256 private key in PEM; restore it from a backup"):
        keys_of(tmp_path)
    assert path.read_bytes() == content


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
def test_a_key_that_others_can_read_is_not_used(tmp_path: Path, mode: int) -> None:
    keys_of(tmp_path)
    (tmp_path / "vapid.pem").chmod(mode)
    with pytest.raises(ConfigError, match=rf"can be read by others \(mode {mode:04o}\); run `chmod 600 "):
        keys_of(tmp_path)


def test_what_cannot_be_read_or_made_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="No such file or directory"):
        keys_of(tmp_path / "missing")
    (tmp_path / "vapid.pem").symlink_to("nowhere")
    with pytest.raises(StoreError, match="No such file or directory"):
        keys_of(tmp_path)


def test_the_private_key_is_in_no_repr(tmp_path: Path) -> None:
    assert "private" not in repr(keys_of(tmp_path))
