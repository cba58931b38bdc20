"""docs/webhooks.md tells the truth: its example knows what is ours from what is not."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from watcher.push.background.callback_sender import webhook_signature
from watcher.push.ids import new_webhook_secret

GUIDE: Final = (Path(__file__).parents[1] / "docs" / "webhooks.md").read_text(encoding="utf-8")
BODY: Final = b'{"type":"test"}'


def test_the_example_takes_what_is_ours_and_new_and_nothing_else() -> None:
    [code] = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)
    is_genuine = names["is_webhook_genuine"]
    new, old = new_webhook_secret(), new_webhook_secret()
    now = datetime.fromtimestamp(time.time(), UTC)

    def ask(secret: str, body: bytes, *, at: datetime = now, name: str = "msg_1") -> bool:
        headers = webhook_signature("msg_1", BODY, key=new, old_key=old, at=at)
        timestamp, signatures = headers["webhook-timestamp"], headers["webhook-signature"]
        return bool(is_genuine(secret, name, timestamp, signatures, body))

    assert ask(new, BODY)
    assert ask(old, BODY)
    assert not ask(new_webhook_secret(), BODY)
    assert not ask(new, BODY + b" ")
    assert not ask(new, BODY, name="msg_2")
    assert not ask(new, BODY, at=now - timedelta(minutes=6))
