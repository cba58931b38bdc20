"""Notifications through the hosted WxPusher, or another server that speaks its API."""
