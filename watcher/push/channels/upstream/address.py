"""UIDs of the people who follow an application there."""

from __future__ import annotations

import re
from typing import Final

from watcher.errors import InvalidRequestError

_UID: Final = re.compile(r"UID_[A-Za-z0-9]{1,100}")


def valid_uid(text: str) -> str:
    """
    Return the UID of somebody who follows the application there, without the white space around it.

    Raises:
        InvalidRequestError: it is none.
    """
    if not _UID.fullmatch(text.strip()):
        raise InvalidRequestError("it is UID_ and letters and digits after it", field="uid")
    return text.strip()
