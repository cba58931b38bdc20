"""Watch pages, and tell the people who scanned a topic's QR code when they change."""

__version__ = "0.1.0"
