"""Alarms: what stops a whole channel, and only the operator can mend."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from watcher.core.channels import ChannelName
from watcher.core.phrases import Phrases, fill
from watcher.core.push import TopicDraft
from watcher.core.watch import ADMIN_TOPIC
from watcher.push.draft import make_draft
from watcher.push.ids import hash_token


class Alarm(Struct, frozen=True, kw_only=True):
    """Why a channel refuses everything. The same reason on the same day is the same alarm."""

    channel: ChannelName
    reason: str
    day: date

    def draft_in(self, phrases: Phrases) -> TopicDraft:
        """Return the alarm as a message to the watcher's `admin` topic; a repeat is told once, after a restart too."""
        return TopicDraft(
            idempotency_key=f"channel {self.channel} {self.day} {hash_token(self.reason)[:16]}",
            topic=ADMIN_TOPIC,
            draft=make_draft(
                fill(phrases.channel_refuses_means, reason=self.reason),
                summary=fill(phrases.channel_refuses, channel=self.channel),
            ),
        )
