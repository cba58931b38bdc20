"""Redesigns by others: the same content under many themes of Sphinx, and in the versions of a shop."""
