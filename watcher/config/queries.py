"""Expressions that find something on a page: from what is written to a query that will run."""

from __future__ import annotations

import re
from functools import lru_cache

from watcher.config import yaml_advice
from watcher.config.report import Report
from watcher.core.watch import Language, Query
from watcher.extract.queries import check_query

_NAMES = {Language.XPATH: "XPath", Language.JSONPATH: "JSONPath"}
_XPATH_ALONE = re.compile(r"[/@]|\w\(")
"""`h1/text()`, `div[@id]`, `string(…)`."""


def checked(language: Language, expression: str, report: Report, *parts: str, in_row: bool) -> Query:
    """Return the query; a mistake in it goes into the report."""
    query = query_of(language, expression)
    if complaint := _complaint(query, in_row, is_bare=not parts):
        report.add(complaint, *parts)
    return query


@lru_cache(maxsize=20_000)
def query_of(language: Language, expression: str) -> Query:
    """Return a query; equal ones of many watches are one object."""
    return Query(language, expression)


@lru_cache(maxsize=20_000)
def _complaint(query: Query, in_row: bool, *, is_bare: bool) -> str:
    """Return why the query cannot be used; empty when it can. `is_bare`: no key names its language."""
    if curled := yaml_advice.curled_quotes(query.expression):
        return curled
    try:
        check_query(query, in_row=in_row)
    except ValueError as error:
        return _other_language(query, is_bare=is_bare) or str(error)
    return ""


def _other_language(query: Query, *, is_bare: bool) -> str:
    """Return the advice for XPath or JSONPath where CSS was expected; empty when it is neither."""
    meant = _language_meant(query.expression) if query.language is Language.CSS else None
    if meant is None:
        return ""
    written = f"{meant}: {yaml_advice.quoted(query.expression)}"
    return f"this looks like {_NAMES[meant]}, and CSS is wanted; write {f'{{{written}}}' if is_bare else written}"


def _language_meant(expression: str) -> Language | None:
    """Return the language of what is no CSS. Neither `/` nor `$` can begin a selector there."""
    begin = expression.lstrip("(.")[:1]
    if begin == "$":
        return Language.JSONPATH
    if begin == "/" or (_XPATH_ALONE.search(expression) and _is_xpath(expression)):
        return Language.XPATH
    return None


def _is_xpath(expression: str) -> bool:
    try:
        check_query(query_of(Language.XPATH, expression), in_row=False)
    except ValueError:
        return False
    return True
