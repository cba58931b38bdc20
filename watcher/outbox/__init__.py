"""Saved message → published message, at least once; the push service drops the repeats."""
