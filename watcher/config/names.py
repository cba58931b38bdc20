"""The names that the operator gives to watches, topics, values and tags."""

from __future__ import annotations

import re

from watcher.config.report import Report

NAME = re.compile(r"\w[\w.-]{0,99}")
WRONG_NAME = "must be a name of letters, digits, `-`, `_` and `.`, at most 100"


def check_name(name: str, report: Report) -> None:
    """Report a name that is none."""
    if not NAME.fullmatch(name):
        report.add(WRONG_NAME, at_key=True)
