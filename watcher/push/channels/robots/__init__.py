"""
Robots: group chats take messages by a webhook of their own, which whoever has it may post to.

They need nothing of the operator: an address is the robot's webhook, given by who owns the topic (`push/mirrors.py`).
"""

from __future__ import annotations

from watcher.push.channels.robots.kind import DINGTALK, FEISHU, WECOM

__all__ = ["DINGTALK", "FEISHU", "WECOM"]
