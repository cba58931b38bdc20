"""The doctor's look at mail: whether the SMTP server lets us in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from watcher.core.findings import Check, Finding, wrong
from watcher.core.wording import said_by, worded
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
        text = worded("doctor_mail_half", "WATCHER_SMTP_URL and WATCHER_MAIL_FROM belong together")
        return [wrong(CHECK, text, worded("doctor_set_both", "set both, or neither"))]
    try:
        account = mail_settings(url, sender)
    except ConfigError as error:
        return [wrong(CHECK, said_by(error), GUIDE)]
    channel = EmailChannel(account, "", send_seconds=seconds)
    if account.user:
        good = worded("doctor_mail_login", "{host} takes our login", host=account.host)
    else:
        good = worded("doctor_mail", "{host} lets us in", host=account.host)
    return [answered(CHECK, good, await channel.try_login())]
