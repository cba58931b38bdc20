"""What the doctor says of several channels in the same words."""

from __future__ import annotations

from typing import Final

from watcher.core.channels import ChannelName, SendResult, Sent
from watcher.core.findings import Check, Finding, fine, wrong
from watcher.core.wording import worded

GUIDE: Final = worded("doctor_channels_guide", "docs/channels.md lists the settings")
_MEND: Final = worded("doctor_mend_channel", "mend the settings, or this machine's way to it; {guide}", guide=GUIDE)


def answered(check: Check | ChannelName, good: str, answer: SendResult) -> Finding:
    """Return what a relay's answer to a try means; `good`: what to say if the relay accepted the try."""
    if isinstance(answer, Sent):
        return fine(check, good)
    return wrong(check, answer.reason, _MEND)
