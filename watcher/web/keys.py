"""Where each request finds what the web side is told once, and whose it is."""

from __future__ import annotations

from aiohttp import web

from watcher.core.push import Device, Subscriber
from watcher.core.settings import Settings
from watcher.push.channels.offered import Channels
from watcher.push.service import PushService

SERVICE = web.AppKey("service", PushService)
SETTINGS = web.AppKey("settings", Settings)
CHANNELS = web.AppKey("channels", Channels)
SUBSCRIBER = web.RequestKey("subscriber", Subscriber)
"""Whose device is asking; set on routes of the role `device`."""
DEVICE = web.RequestKey("device", Device)
"""Which device is asking; set where it is one that we know, once `subscriber_of` was called."""
