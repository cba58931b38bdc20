"""
The operator's password as it is stored: Argon2id, in the PHC format.

One is computed at a time, whoever asks: each takes 19 MiB and some 50 ms of one core (OWASP's Password Storage Cheat
Sheet: m=19456, t=2, p=1), so that a flood of guesses costs no more than that. Those that wait cost a few bytes, and
who may wait is for the caller to bound.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final, TypeVar

MIN_PASSWORD_CHARS: Final = 12
MAX_PASSWORD_CHARS: Final = 1_000
_MEMORY_KIB: Final = 19_456
_ITERATIONS: Final = 2
_SALT_BYTES: Final = 16
_HASH_BYTES: Final = 32
_T = TypeVar("_T")


class PasswordHasher:
    """Computes on a thread of its own, made at the first use."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="passwords")

    async def hash(self, password: str) -> str:
        """Return what is stored in the password's place."""
        return await self._compute(partial(_hash, _bytes(password)))

    async def is_right(self, password: str, stored: str | None) -> bool:
        """Return whether it is the stored one. Takes as long when none is stored."""
        return await self._compute(partial(_is_right, _bytes(password), stored))

    def close(self) -> None:
        """Let go of the thread, without waiting for what it computes."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _compute(self, work: Callable[[], _T]) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)


def _hash(password: bytes) -> str:
    # Most commands hash nothing, and this costs 10 ms to import.
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    kdf = Argon2id(
        salt=secrets.token_bytes(_SALT_BYTES),
        length=_HASH_BYTES,
        iterations=_ITERATIONS,
        lanes=1,
        memory_cost=_MEMORY_KIB,
    )
    return kdf.derive_phc_encoded(password)


def _is_right(password: bytes, stored: str | None) -> bool:
    from cryptography.exceptions import InvalidKey
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    if stored is None:
        _hash(password)
        return False
    try:
        Argon2id.verify_phc_encoded(password, stored)
    except InvalidKey:
        return False
    return True


def _bytes(password: str) -> bytes:
    return password.encode(errors="surrogatepass")
