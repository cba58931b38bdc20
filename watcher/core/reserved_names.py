"""
Names that an account may not have, because people would take it for the operator's.

A name is compared as it looks: without case, marks, invisible characters and spaces, a letter of another script or a
digit as the Latin letter that it resembles (confusables of Unicode TS 39, as far as these names need them).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_NAMES: Final = frozenset({"operator", "operators", "admin", "admins", "administrator", "administrators", "sysadmin"})
_CHINESE: Final = re.compile("运营者|营运者|管理员|站长")
"""Within other words, too, for nothing parts words in Chinese."""
_LOOKALIKES: Final = str.maketrans(
    "аαɑᴀ4@ԁɗᴅđеєεҽᴇ3іιıɪןlⅼ1|!мμᴍпηνɴոоοօσᴏø0〇рρᴘгʀᴦѕꜱ5$тτᴛ7уүυγʏ運營員長",
    "aaaaaaddddeeeeeeiiiiiiiiiimmmnnnnnooooooooppprrrssssttttyyyyy运营员长",
)


def is_reserved(name: str) -> bool:
    """Return whether somebody could read this name as the operator's."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    seen = "".join(each for each in plain if unicodedata.category(each)[0] not in "MC").translate(_LOOKALIKES)
    words = re.findall("[a-z]+", seen)
    letters, close = "".join(words), "".join(each for each in seen if each.isalnum())
    return not _NAMES.isdisjoint([*words, letters, letters.replace("rn", "m")]) or bool(_CHINESE.search(close))
