"""The picker: a page as the watcher fetches it, on which the operator points at what a new watch reads."""
