"""The doctor's look at mail: whether the SMTP server lets us in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from watcher.core.findings import Check, Finding, wrong
from watcher.errors import ConfigError
from watcher.push.channels.email.settings import mail_settings, named
from watcher.push.channels.looks import GUIDE, answered
from watcher.push.channels.offered import Deployment

CHECK: Final = Check.MAIL


async def look(deployment: Deployment, *, seconds: float) -> Sequence[Finding]:
    """Log in, and send nothing."""
    url, sender = named(deployment.environ)
    if not url and not sender:
        return []
    from watcher.push.channels.email.channel import EmailChannel

    if not (url and sender):
        return [wrong(CHECK, "WATCHER_SMTP_URL and WATCHER_MAIL_FROM belong together", "set both, or neither")]
    try:
        account = mail_settings(url, sender)
    except ConfigError as error:
        return [wrong(CHECK, str(error), GUIDE)]
    channel = EmailChannel(account, "", send_seconds=seconds)
    login = "takes our login" if account.user else "lets us in"
    return [answered(CHECK, f"{account.host} {login}", await channel.try_login())]
