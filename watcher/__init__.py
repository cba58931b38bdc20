"""Watch pages, and tell the people who scanned a topic's QR code when they change."""

__version__ = "0.1.0"
__distribution__ = "pagewatcher"
"""The name on PyPI, by which `pagewatcher.py` knows that this package was not overwritten by another distribution."""
