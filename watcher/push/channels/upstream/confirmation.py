"""How the owner of a UID confirms that messages may be sent there: by a code of 6 digits, good for a day."""

from __future__ import annotations

from typing import Final

from watcher.push.channels.asking import Confirmation
from watcher.push.channels.upstream.address import valid_uid

CONFIRMATION: Final = Confirmation(is_by_link=False, most_a_day=6, valid=valid_uid, canonical=str, mailbox_of=str)
