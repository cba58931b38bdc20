"""Watches that are made and changed in the console: a form for the common case, and YAML for the rest."""
