"""How whoever reads a mailbox confirms that messages may be sent there: by a link, good for a day."""

from __future__ import annotations

from typing import Final

from watcher.push.channels.asking import Confirmation
from watcher.push.channels.email.address import mailbox_of, valid_mail_address

CONFIRMATION: Final = Confirmation(
    is_by_link=True,
    most_a_day=3,
    valid=valid_mail_address,
    # No server in use tells names apart by their case, though RFC 5321 §2.4 would let it.
    canonical=str.lower,
    mailbox_of=mailbox_of,
)
