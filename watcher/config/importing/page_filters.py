"""
What changedetection.io reads of a page, and when it tells → `extract`, `exclude`, `ignore_text`, `notify_when`.

| there                                     | here                                                             |
|-------------------------------------------|------------------------------------------------------------------|
| `include_filters`: CSS, XPath, JSON, jq   | `extract`; of several languages a value each                     |
| `subtractive_selectors`                   | `exclude`                                                        |
| `extract_text`                            | `regex`, its first match, a value each                           |
| `ignore_text`, `extract_lines_containing` | `ignore_text`, which cuts whole lines out of what is compared    |
| `trigger_text`, `conditions`,             | an entry of `notify_when`: the text changes, and is so           |
| `text_should_not_be_present`              |                                                                  |
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from watcher.config.importing import patterns
from watcher.config.importing.conversion import Conversion, mapping
from watcher.config.importing.json_paths import of_jq
from watcher.core.values import Json

_NUMBERS: Final = {">": "above", "<": "below"}


class PageFilters:
    """The filters of one watch, with those of its groups and of all."""

    def __init__(self, conversion: Conversion, lists: Mapping[str, Sequence[str]]) -> None:
        """`lists`: by the names that they have there."""
        self._conversion = conversion
        self._lists = lists
        self._values: dict[str, Json] = {}

    def read(self) -> None:
        """Set what is read of the page and what of it is compared."""
        selectors = self._selectors(self._lists["include_filters"])
        expressions = [self._expression(text) for text in self._lists["extract_text"]]
        cuts = self._cuts()
        if expressions and cuts:  # `regex` comes before `ignore_text`
            self._conversion.near("extract_text", "`ignore_text` cuts out all but what it finds; the text is shown")
            cuts.append(patterns.all_but(expressions))
            expressions = []
        if cuts:
            self._conversion.put("ignore_text", cuts[0] if len(cuts) == 1 else [*cuts], of="ignore_text")
        if expressions:
            self._conversion.near("extract_text", "`regex`, the first match of each")
            found: list[dict[str, Json]] = [
                {**selector, "regex": pattern, "optional": True}
                for selector in selectors or [{}]
                for pattern in expressions
            ]
            selectors = found
        if len(selectors) == 1:
            self._conversion.put("extract", selectors[0], of="extract_text" if expressions else "include_filters")
            self._values = {"value": selectors[0]}
        elif selectors:
            self._values = {f"part_{number}": selector for number, selector in enumerate(selectors, 1)}
            self._conversion.put("extract", self._values, of="extract_text" if expressions else "include_filters")
        self._excluded()

    def _selectors(self, filters: Sequence[str]) -> list[dict[str, Json]]:
        """Return a selector for each language; several of CSS or of XPath are one."""
        by_language: dict[str, list[str]] = {}
        key = "include_filters"
        for text in filters:
            language, expression = _read(text)
            if language == "jq":
                path = of_jq(expression)
                if path is None:
                    self._conversion.unfinished(key, f"write `{text}` as `jsonpath`")
                    continue
                language, expression = "jsonpath", path
            by_language.setdefault(language, []).append(expression)
        found: list[dict[str, Json]] = []
        for language, expressions in by_language.items():
            if language == "jsonpath":
                found += [{language: each, "pick": "all"} for each in expressions if each != "$"]
            else:
                found.append({language: (", " if language == "css" else " | ").join(expressions), "pick": "all"})
        if filters:
            self._conversion.mapped(key, f"`extract`, by {', '.join(f'`{name}`' for name in by_language) or 'hand'}")
        return found

    @staticmethod
    def _expression(text: str) -> str:
        return patterns.slashed(text) or patterns.of_text(text, ignores_case=True)

    def _cuts(self) -> list[str]:
        """Return what cuts out the lines that are not compared."""
        ignored = self._lists["ignore_text"]
        over_lines = [text for text in ignored if patterns.spans_lines(text)]
        cuts = [
            self._expression(text) if text in over_lines else patterns.lines_with(self._expression(text))
            for text in ignored
        ]
        if over_lines:
            self._conversion.near(
                "ignore_text", "`ignore_text`; an expression over several lines cuts out its match alone"
            )
        elif cuts:
            self._conversion.mapped("ignore_text", "`ignore_text` of whole lines")
        if wanted := self._lists["extract_lines_containing"]:
            pattern = patterns.any_of([patterns.of_text(text, ignores_case=True) for text in wanted])
            cuts.append(patterns.lines_without(pattern))
            self._conversion.mapped(
                "extract_lines_containing", "`ignore_text`: the other lines are shown, and not compared"
            )
        return cuts

    def _excluded(self) -> None:
        found: list[Json] = []
        for text in self._lists["subtractive_selectors"]:
            language, expression = _read(text)
            found.append(expression if language == "css" else {"xpath": expression})
        if found:
            self._conversion.put("exclude", found[0] if len(found) == 1 else found, of="subtractive_selectors")
            self._conversion.mapped("subtractive_selectors", "`exclude`")

    def tell(self, conditions: Json, logic: str) -> None:
        """Set when it is told, where that is not at every change."""
        needed = [self._expression(text) for text in self._lists["trigger_text"]]
        banned = [self._expression(text) for text in self._lists["text_should_not_be_present"]]
        key = next((name for name in ("trigger_text", "text_should_not_be_present") if self._lists[name]), "conditions")
        wanted = [patterns.any_of(needed)] if needed else []
        entries: list[dict[str, Json]] = []
        usable = [each for each in map(mapping, conditions if isinstance(conditions, list) else []) if _is_rule(each)]
        if logic.upper() == "ANY" and len(usable) > 1:
            entries += [self._entry([each], wanted, banned) for each in usable]
        elif usable or wanted or banned:
            entries.append(self._entry(usable, wanted, banned))
        self._note(usable)
        if not entries:
            return
        if len(self._values) > 1:
            self._conversion.unfinished(key, "several values are read; say of which it is meant")
            return
        self._conversion.put("notify_when", [*entries], of=key)

    def _entry(self, rules: Sequence[Mapping[str, Json]], wanted: list[str], banned: list[str]) -> dict[str, Json]:
        """Return an entry in which all of this must hold."""
        more_wanted, more_banned, test = self._split(rules)
        return {**test, **self._texts([*wanted, *more_wanted], [*banned, *more_banned])}

    def _texts(self, wanted: list[str], banned: list[str]) -> dict[str, Json]:
        """Return the condition on the text: it changes, and is so."""
        conditions: dict[str, Json] = {"changes": True}
        plain = self._lists["trigger_text"]
        without = self._lists["text_should_not_be_present"]
        if wanted and not banned and len(wanted) == 1 and plain and not any(map(patterns.slashed, plain)):
            conditions["contains"] = [*plain] if len(plain) > 1 else plain[0]
        elif banned and not wanted and len(banned) == len(without) and not any(map(patterns.slashed, without)):
            conditions["not_contains"] = [*without] if len(without) > 1 else without[0]
        elif wanted or banned:
            conditions["matches"] = patterns.guard(wanted, banned)
        return {"value": conditions if len(conditions) > 1 else "changes"}

    def _note(self, usable: Sequence[Mapping[str, Json]]) -> None:
        for key in ("trigger_text", "text_should_not_be_present"):
            if self._lists[key]:
                self._conversion.near(
                    key, "told when the text changes and is so; each change counts, not that since it last was so"
                )
        if usable and not self._conversion.is_noted("conditions"):
            self._conversion.near("conditions", "`notify_when`: the text changes, and is so; each change counts")

    def _split(self, rules: Sequence[Mapping[str, Json]]) -> tuple[list[str], list[str], dict[str, Json]]:
        """Return which expressions must match, and which must not; and conditions on a number."""
        wanted: list[str] = []
        banned: list[str] = []
        test: dict[str, Json] = {}
        for rule in rules:
            operator, value = str(rule["operator"]), str(rule["value"])
            is_number = rule["field"] == "extracted_number"
            if is_number and operator in _NUMBERS and (number := _number(value)) is not None:
                test["number"] = {**mapping(test.get("number")), _NUMBERS[operator]: number}
                self._add_number()
            elif not is_number and rule["field"] == "page_filtered_text" and (read := _pattern(operator, value)):
                (banned if read[1] else wanted).append(read[0])
            else:
                self._conversion.unfinished(
                    "conditions", f"write `{rule['field']} {operator} {value}` in `notify_when`"
                )
        return wanted, banned, test

    def _add_number(self) -> None:
        """Read the text as a number, too."""
        selector = dict(mapping(self._values.get("value")))
        if not selector:
            self._conversion.unfinished("conditions", "say with `css` which number of the page is meant")
            return
        selector["pick"] = "first"
        self._values = {"value": self._values["value"]}
        self._conversion.put(
            "extract", {"value": self._values["value"], "number": {**selector, "type": "number"}}, of="conditions"
        )


def _read(text: str) -> tuple[str, str]:
    """Return the language of a filter, and the expression."""
    text = text.strip()
    for prefix, language in (
        *(("xpath1:", "xpath"), ("xpath:", "xpath"), ("json:", "jsonpath"), ("jqraw:", "jq"), ("jq:", "jq")),
    ):
        if text.startswith(prefix):
            return language, text.removeprefix(prefix).strip()
    return ("xpath", text) if text.startswith("/") else ("css", text)


def _is_rule(rule: Mapping[str, Json]) -> bool:
    """Return whether a condition is filled in."""
    return all(rule.get(name) not in (None, "", False, "None") for name in ("operator", "field", "value"))


def _pattern(operator: str, value: str) -> tuple[str, bool] | None:
    """Return the expression of a condition on a text, and whether it must not match."""
    text = patterns.of_text(value, ignores_case=False)
    match operator:
        case "in":
            return text, False
        case "!in":
            return text, True
        case "contains_regex":
            return f"(?i:{value})", False
        case "!contains_regex":
            return f"(?i:{value})", True
        case "starts_with":
            return rf"(?i:\A\s*{text})", False
        case "ends_with":
            return rf"(?i:{text}\s*\Z)", False
        case "==":
            return rf"\A{text}\Z", False
        case "!=":
            return rf"\A{text}\Z", True
        case _:
            return None


def _number(value: str) -> int | float | None:
    try:
        number = float(value)
    except ValueError:
        return None
    return int(number) if number.is_integer() else number
