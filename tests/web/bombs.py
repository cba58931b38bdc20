"""Compressed bodies that are tiny and decompress to 40 MB."""

from __future__ import annotations

import gzip
import sys
import zlib
from functools import cache
from typing import Final

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

CODINGS: Final = ("br", "zstd", "gzip", "deflate")


@cache
def bomb(coding: str) -> bytes:
    """Return one."""
    zeros = bytes(40_000_000)
    match coding:
        case "br":
            return bytes(brotli.compress(zeros, quality=3))
        case "zstd":
            return bytes(zstd.compress(zeros))
        case "gzip":
            return gzip.compress(zeros)
        case "deflate":
            return zlib.compress(zeros)
        case _:
            raise ValueError(coding)
