"""Expressions that find something on a page: from what is written to a query that will run."""

from __future__ import annotations

from functools import lru_cache

from watcher.config.report import Report
from watcher.core.watch import Language, Query
from watcher.extract.queries import check_query


def checked(language: Language, expression: str, report: Report, *parts: str, in_row: bool) -> Query:
    """Return the query; a mistake in it goes into the report."""
    query = query_of(language, expression)
    if complaint := _complaint(query, in_row):
        report.add(complaint, *parts)
    return query


@lru_cache(maxsize=20_000)
def query_of(language: Language, expression: str) -> Query:
    """Return a query; equal ones of many watches are one object."""
    return Query(language, expression)


@lru_cache(maxsize=20_000)
def _complaint(query: Query, in_row: bool) -> str:
    try:
        check_query(query, in_row=in_row)
    except ValueError as error:
        return str(error)
    return ""
