"""
Send a message by the client that openapi-python-client made of our document: `push_client`, beside nothing of ours.

It is run by `fuzz`, as a program in an environment of its own: BASE TOKEN APP TOPIC.
"""

from __future__ import annotations

import sys

# mypy and ruff see neither what is made while `make fuzz` runs, nor what it is made of.
from push_client import AuthenticatedClient  # type: ignore[import-not-found]
from push_client.api.messages import list_messages, send_message  # type: ignore[import-not-found]
from push_client.api.topics import show_topic  # type: ignore[import-not-found]
from push_client.models import (  # type: ignore[import-not-found]
    ListMessagesOrder,
    ListMessagesState,
    MessageDraft,
    MessageDraftContentType,
    Problem,
    Sent,
)


def main(base: str, token: str, app_id: int, topic_id: int) -> None:
    """Send, repeat, look for it, and be refused. Raises AssertionError where anything is not as it should be."""
    client = AuthenticatedClient(base_url=base, token=token, raise_on_unexpected_status=True)
    draft = MessageDraft(
        content="**db1** is backed up",
        content_type=MessageDraftContentType.MARKDOWN,
        app_id=app_id,
        topic_ids=[topic_id],
    )
    sent, again = [send_message.sync(client=client, body=draft, idempotency_key="backup-1") for _ in range(2)]
    assert isinstance(sent, Sent), sent
    assert again == sent
    assert [target.is_sent for target in sent.targets] == [True]
    found = list_messages.sync(client=client, topic=topic_id, order=ListMessagesOrder.NEWEST)
    assert [message.id for message in found.items][:1] == [sent.message_id]
    failed = list_messages.sync(client=client, topic=topic_id, state=ListMessagesState.FAILED)
    assert failed.items == []
    missing = show_topic.sync(999, client=client)
    assert isinstance(missing, Problem), missing
    assert missing.type_ == "urn:problem-type:watcher:not-found"
    print(f"sent message {sent.message_id} by the client that was made of the document")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
