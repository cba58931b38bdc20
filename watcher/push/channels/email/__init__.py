"""Notifications by mail, through an SMTP server of the operator's."""
