"""
What a page suggests to watch: the body of a watch for each thing that is found on it, ready to be written down.

The page is surveyed once (`survey.py`); each kind of candidate has a module of its own. `reading.py` reads every one of
them as a check would, so what a candidate says it finds is what a watch will find.
"""

from __future__ import annotations

from watcher.extract.suggesting.candidate import Candidate, Kind, Suggestions
from watcher.extract.suggesting.suggest import suggest

__all__ = ["Candidate", "Kind", "Suggestions", "suggest"]
