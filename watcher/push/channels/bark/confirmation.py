"""How the owner of a device confirms that messages may be sent there: by a code of 6 digits, good for a day."""

from __future__ import annotations

from typing import Final

from watcher.push.channels.asking import Confirmation
from watcher.push.channels.bark.address import valid_device

CONFIRMATION: Final = Confirmation(is_by_link=False, most_a_day=6, valid=valid_device, canonical=str, mailbox_of=str)
