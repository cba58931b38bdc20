"""
The filters of urlwatch and webchanges, one after the other → `extract`, `exclude` and `ignore_text`.

| filter                                            | here                                                             |
|---------------------------------------------------|------------------------------------------------------------------|
| `css`, `xpath`, `element-by-…`                    | `extract`, every match (`pick: all`); `exclude` cuts out         |
| `css` within `css`                                | one selector, the second below the first                         |
| `jq`                                              | `extract: {jsonpath: …}`, if it is a plain path                  |
| `re.findall`                                      | `regex`, its first match                                         |
| `grep`, `keep_lines_containing`                   | `ignore_text` cuts out the lines that do not match               |
| `grepi`, `delete_lines_containing`                | `ignore_text` cuts out the lines that match                      |
| `between`                                         | `ignore_text` cuts out what is not between                       |
| `re.sub`                                          | `ignore_text` cuts out what it replaces                          |
| `html2text`, `strip`, `striplines`, `format-json`, | done always: what is compared is a text in lines                |
| `format-xml`, `beautify`, `reverse`, `sha1sum`, … |                                                                  |
| `sort`, `remove-duplicate-lines`, …               | nothing: order counts here, and so does a line that is repeated  |
| `pdf2text`, `ocr`, `shellpipe`, `execute`         | impossible                                                       |
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from watcher.config.importing import patterns
from watcher.config.importing.conversion import Conversion, whole
from watcher.config.importing.job_keys import has_markup
from watcher.config.importing.json_paths import of_jq
from watcher.core.values import Json

_DEFAULT_OPTIONS: Final[Mapping[str, str]] = {
    "css": "selector",
    "xpath": "path",
    "element-by-id": "id",
    "element-by-class": "class",
    "element-by-style": "style",
    "element-by-tag": "tag",
    "html2text": "method",
    "csv2text": "format_message",
    "format-json": "indentation",
    "jsontoyaml": "indentation",
    "pretty-xml": "indentation",
    "beautify": "indent",
    "grep": "re",
    "grepi": "re",
    "keep_lines_containing": "text",
    "delete_lines_containing": "text",
    "strip": "chars",
    "re.sub": "pattern",
    "re.findall": "pattern",
    "sort": "separator",
    "reverse": "separator",
    "remove-duplicate-lines": "separator",
    "remove_repeated": "separator",
    "shellpipe": "command",
    "execute": "command",
    "jq": "query",
    "pdf2text": "password",
    "pypdf": "password",
    "ocr": "language",
}
"""What a filter means that is written with a single value."""
_TEXT_FROM_XPATH: Final = re.compile(r".*(?:/text\(\)|/@[\w:-]+|\)\s*)\Z", re.DOTALL)
_NOT_IN_WORD: Final = re.compile(r"[^\w.-]")
_ID: Final = re.compile(r"#[A-Za-z][\w-]*")
_PLAIN_NAME: Final = re.compile(r"-?[A-Za-z_][\w-]*")
_REFERENCE: Final = re.compile(r"\\(?:\d|g<)")
_FIRST_GROUP: Final = re.compile(r"\\(?:1|g<1>)")


def steps(filters: Json) -> Iterable[tuple[str, dict[str, Json]]]:
    """Return each filter with its options; one text may name several, as urlwatch had it before (`css:#a,strip`)."""
    if isinstance(filters, str):
        filters = [_old_step(part) for part in filters.split(",")]
    for item in filters if isinstance(filters, list) else [filters]:
        match item:
            case str():
                yield item.strip(), {}
            case dict():
                for kind, options in item.items():
                    yield kind, _options(kind, options)
            case _:
                yield str(item), {}


def _old_step(text: str) -> Json:
    kind, colon, option = text.partition(":")
    return {kind.strip(): option} if colon else kind


def _options(kind: str, options: Json) -> dict[str, Json]:
    if isinstance(options, dict):
        return options
    return {} if options is None else {_DEFAULT_OPTIONS.get(kind, "value"): options}


class Chain:
    """The filters of one job, taken over in their order."""

    def __init__(self, conversion: Conversion, key: str) -> None:
        """`key`: as the tool calls all of them."""
        self._conversion = conversion
        self._key = key
        self._selector: dict[str, Json] = {}
        self._maker = key
        self._cuts: list[str] = []
        self._is_text = False
        self._is_markup = True

    def run(self, filters: Json) -> None:
        """Take all filters over."""
        for kind, options in steps(filters):
            known = _FILTERS.get(kind)
            at = f"{self._key}.{kind if known else _NOT_IN_WORD.split(kind)[0]}"  # what follows may be a secret
            if known is None:
                self._conversion.unfinished(at, "no such filter is documented; see what it was for")
                self._name_all(at, options)
                continue
            known(self, at, options)

    def finish(self, *, only: str | None) -> None:
        """
        Set what is extracted.

        Args:
            only: `added` or `removed`, where nothing else is told.
        """
        if self._selector and self._is_markup:
            self._conversion.near(self._maker, "its text is compared; a change of its markup alone is none")
        if only and self._as_list(only):
            return
        if self._selector:
            self._conversion.put("extract", _short(self._selector), of=self._maker)
        if self._cuts:
            self._conversion.put("ignore_text", self._cuts[0] if len(self._cuts) == 1 else [*self._cuts], of=self._key)

    @property
    def is_whole_page(self) -> bool:
        """Whether nothing narrows the page down to a part."""
        return not self._selector

    @property
    def is_markup(self) -> bool:
        """Whether the tool compared markup, and not its text."""
        return self._is_markup

    def _as_list(self, only: str) -> bool:
        """Write the elements as rows of a list, each with its text as its key; return whether that was possible."""
        language = next((name for name in ("css", "xpath") if name in self._selector), None)
        if language is None or self._cuts or "regex" in self._selector:
            return False
        own: Json = {"xpath": "."}
        items: dict[str, Json] = {language: self._selector[language], "key": own}
        if only == "added":
            items["rolling"] = True
        self._conversion.put("items", items, of=self._maker)
        self._conversion.put("notify_when", only, of=self._maker)
        return True

    def select(self, at: str, options: dict[str, Json]) -> None:
        """Take over `css` or `xpath`."""
        language = at.rpartition(".")[2]
        expression = str(options.get(_DEFAULT_OPTIONS[language], ""))
        if language == "css":
            expression = expression.replace(":contains(", ":-soup-contains(")
        if self._is_text or (self._cuts and not self._selector):
            self._conversion.near(f"{at}.order", "the filters before it are applied to its text, and not to the markup")
        if language == "xpath" and _TEXT_FROM_XPATH.fullmatch(expression):
            self._is_markup = False
        if self._selector and language == "css" and expression.strip() in ("body", "html", "*"):
            self._conversion.mapped(at, "not needed: it is all of what was selected before")
        elif self._selector and not (language == "css" and "css" in self._selector):
            self._conversion.unfinished(at, "a selector within another one: write both as one selector")
        else:
            before = self._selector.get("css")
            expression = _within(str(before), expression) if before else expression
            self._found(at, {language: self._sliced(at, language, expression, options), "pick": "all"})
            if language == "css" and options.get("maxitems") == 1 and not options.get("skip"):
                self._selector["pick"] = "first"
        self._selection_options(at, language, options)

    def _found(self, at: str, selector: dict[str, Json]) -> None:
        self._selector, self._maker = selector, at
        self._conversion.mapped(at, f"`extract`, by `{next(iter(selector))}`")

    def _sliced(self, at: str, language: str, expression: str, options: dict[str, Json]) -> str:
        skip, most = (_number(options.get(name)) for name in ("skip", "maxitems"))
        if language == "css" or not (skip or most):
            if skip or most > 1:
                self._conversion.unfinished(
                    f"{at}.{'skip' if skip else 'maxitems'}", "every match is read; narrow it down"
                )
            return expression
        end = f" and position() <= {skip + most}" if most else ""
        return f"({expression})[position() > {skip}{end}]"

    def _selection_options(self, at: str, language: str, options: dict[str, Json]) -> None:
        for name, value in options.items():
            key = f"{at}.{name}"
            match name:
                case "selector" | "path" | "method":
                    self._conversion.mapped(key, "the page says whether it is XML" if name == "method" else "")
                case "exclude":
                    self._exclude(key, language, str(value))
                case "skip" | "maxitems":
                    self._note_once(key, "the positions of the matches")
                case "sort":
                    self._conversion.near(key, "matches that change places are told")
                case "namespaces":
                    self._conversion.near(key, "prefixes are those that the page writes")
                case _:
                    self._conversion.unfinished(key, "no such option is documented; see what it was for")

    def _note_once(self, key: str, how: str) -> None:
        if not self._conversion.is_noted(key):
            self._conversion.mapped(key, how)

    def _exclude(self, key: str, language: str, expression: str) -> None:
        known = self._conversion.body.get("exclude")
        new: Json = {"xpath": expression} if language == "xpath" else expression
        self._conversion.put("exclude", new if known is None else [*_listed(known), new], of=key)
        self._conversion.mapped(key, "`exclude`")

    def element(self, at: str, options: dict[str, Json]) -> None:
        """Take over `element-by-id` and its like."""
        kind = at.rpartition("-")[2]
        value = str(next(iter(options.values()), ""))
        is_plain = bool(_PLAIN_NAME.fullmatch(value))
        css = {
            "id": f"#{value}" if is_plain else f"[id={_quoted(value)}]",
            "class": f".{value}" if is_plain else f"[class={_quoted(value)}]",
            "style": f"[style={_quoted(value)}]",
            "tag": value,
        }[kind]
        if self._selector and "css" not in self._selector:
            self._conversion.unfinished(at, "a selector within another one: write both as one selector")
        else:
            before = self._selector.get("css")
            self._found(at, {"css": _within(str(before), css) if before else css, "pick": "all"})
        self._name_all(at, options)

    def query(self, at: str, options: dict[str, Json]) -> None:
        """Take over `jq`."""
        query = str(options.get("query", ""))
        path = of_jq(query)
        self._is_markup = False
        if path is None or self._selector:
            self._conversion.unfinished(at, f"write `{query}` as `extract: {{jsonpath: …}}`")
        elif path == "$":
            self._conversion.mapped(at, "all of the JSON is compared")
        else:
            self._found(at, {"jsonpath": path, "pick": "all"})
        self._name_all(at, options)

    def to_text(self, at: str, options: dict[str, Json]) -> None:
        """Take over `html2text`."""
        self._is_markup = False
        if options.get("method") in ("html2text", "pyhtml2text", "lynx") or (
            at.startswith("filters.") and "method" not in options
        ):
            self._conversion.near(at, "the text of the page; where its links lead is no part of that")
        else:
            self._conversion.mapped(at, "not needed: what is compared is a text always")
        self._is_text = True
        for name in options:
            self._conversion.mapped(f"{at}.{name}", "not needed: there is one way to read a text")

    def settled(self, at: str, options: dict[str, Json]) -> None:
        """Take over what is done always."""
        if at.endswith((".format-json", ".jsontoyaml")):
            self._is_markup = False
        if at.endswith(".strip") and "chars" in options:
            self._conversion.near(at, "blanks alone are cut off at the ends")
        else:
            self._conversion.mapped(at, _SETTLED[at.partition(".")[2]])
        for name in options:
            self._conversion.mapped(f"{at}.{name}", "not needed")

    def loose(self, at: str, options: dict[str, Json]) -> None:
        """Take over what is nearly done."""
        self._conversion.near(at, _LOOSE[at.partition(".")[2]])
        self._name_all(at, options)

    def hopeless(self, at: str, options: dict[str, Json]) -> None:
        """Note what is not possible."""
        self._is_markup = False
        self._conversion.impossible(at, _HOPELESS[at.partition(".")[2]])
        for name in options:
            self._conversion.impossible(f"{at}.{name}", "as its filter")

    def lines(self, at: str, options: dict[str, Json]) -> None:
        """Take over the filters that keep or remove lines."""
        keeps = at.endswith((".grep", ".keep_lines_containing"))
        cut = patterns.lines_without if keeps else patterns.lines_with
        for name, value in options.items():
            pattern = str(value) if name == "re" else patterns.of_text(str(value), ignores_case=False)
            self._cuts.append(cut(pattern))
            self._conversion.mapped(f"{at}.{name}")
            if keeps and self._is_dead(at, pattern):
                return
        told = "the other lines are" if keeps else "these lines are"
        if self._is_markup and has_markup(str(self._conversion.body.get("url", ""))):
            self._conversion.near(
                at, "`ignore_text`: it is applied to the lines of the text, and not to those of the markup"
            )
        else:
            self._conversion.mapped(at, f"`ignore_text`: {told} shown, and not compared")

    def between(self, at: str, options: dict[str, Json]) -> None:
        """Take over `between`."""
        for name, cut in (("start", patterns.up_to_line), ("end", patterns.from_line)):
            if name in options:
                self._cuts.append(cut(str(options[name])))
                self._conversion.mapped(f"{at}.{name}")
        self._conversion.near(
            at, "`ignore_text` cuts out the rest; where the first line is missing, all of it is compared"
        )

    def replace(self, at: str, options: dict[str, Json]) -> None:
        """Take over `re.sub`."""
        pattern, new = str(options.get("pattern", "")), str(options.get("repl", "") or "")
        is_group = bool(_FIRST_GROUP.fullmatch(new)) and pattern.startswith((".*", "^.*"))
        if is_group and not self._cuts:  # `regex` comes before `ignore_text`
            self._narrow(at, pattern, "`regex` reads its first group, once")
        elif _REFERENCE.search(new):
            self._conversion.unfinished(
                at, f"it writes `{new}` in place of what it finds; `regex` can read a part instead"
            )
        else:
            self._cuts.append(pattern)
            if new:
                self._conversion.near(at, "`ignore_text` cuts out what it finds, before texts are compared")
            else:
                self._conversion.mapped(at, "`ignore_text`")
        if self._is_markup and "<" in pattern:
            self._conversion.near(f"{at}.markup", "it is applied to the text, which has no markup")
        self._name_all(at, options)

    def find(self, at: str, options: dict[str, Json]) -> None:
        """Take over `re.findall`."""
        pattern, new = str(options.get("pattern", "")), options.get("repl")
        if self._is_dead(at, pattern):
            pass
        elif self._cuts or "regex" in self._selector:
            self._cuts.append(patterns.all_but([pattern]))
            self._conversion.near(at, "`ignore_text` cuts out all but what it finds")
        elif new is None or _FIRST_GROUP.fullmatch(str(new)):
            self._narrow(at, pattern, "`regex`, the first match alone")
        else:
            self._conversion.unfinished(at, f"it writes `{new}` for what it finds; `regex` reads the first group")
        self._name_all(at, options)

    def _is_dead(self, at: str, pattern: str) -> bool:
        """Return whether nothing would ever be left of a page, of whose markup nothing is read; that is noted."""
        is_dead = (
            self._is_markup and patterns.wants_markup(pattern) and has_markup(str(self._conversion.body.get("url")))
        )
        if is_dead:
            self._conversion.unfinished(
                at, "it is for markup, and nothing in the text is: name the element (`extract`)"
            )
        return is_dead

    def _narrow(self, at: str, pattern: str, how: str) -> None:
        self._selector = {**self._selector, "regex": pattern, "optional": True}
        self._maker, self._is_markup = at, False
        self._conversion.near(at, how)

    def _name_all(self, at: str, options: dict[str, Json]) -> None:
        for name in options:
            self._note_once(f"{at}.{name}", "as its filter")


def _short(selector: dict[str, Json]) -> Json:
    css = selector.get("css")
    return css if selector.keys() == {"css", "pick"} and isinstance(css, str) and _ID.fullmatch(css) else {**selector}


def _within(outer: str, inner: str) -> str:
    def grouped(css: str) -> str:
        return f":is({css})" if "," in css else css

    return f"{grouped(outer)} {grouped(inner)}"


def _quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _number(value: Json) -> int:
    return 0 if isinstance(value, bool) else whole(value)


def _listed(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [value]


_SETTLED: Final = {
    "strip": "not needed: done always",
    "striplines": "not needed: done always",
    "format-json": "not needed: JSON is compared value by value",
    "jsontoyaml": "not needed: JSON is compared value by value",
    "pretty-xml": "not needed: a text is compared",
    "format-xml": "not needed: a text is compared",
    "beautify": "not needed: a text is compared",
    "absolute_links": "not needed: links are no part of a text",
    "reverse": "not needed: the order of the page is kept",
    "sha1sum": "not needed: the text itself is compared, and shown",
    "sha256sum": "not needed: the text itself is compared, and shown",
}
_ORDER: Final = "order counts: lines that change places are told"
_LOOSE: Final = {
    "sort": _ORDER,
    "remove-duplicate-lines": "a line counts as often as it is there",
    "remove_repeated": "a line counts as often as it is there",
    "hexdump": "the text itself is compared, and shown",
    "ascii85": "the text itself is compared; what is no text is an error",
    "base64": "the text itself is compared; what is no text is an error",
    "csv2text": "the lines of the CSV are compared as they are",
    "ical2text": "the lines of the calendar are compared as they are",
}
_HOPELESS: Final = {
    "pdf2text": "no PDF is read",
    "pypdf": "no PDF is read",
    "ocr": "no pictures are read",
    "shellpipe": "no commands are run",
    "execute": "no commands are run",
}
_Filter = Callable[[Chain, str, dict[str, Json]], None]
_FILTERS: Final[Mapping[str, _Filter]] = {
    "css": Chain.select,
    "xpath": Chain.select,
    **dict.fromkeys(("element-by-id", "element-by-class", "element-by-style", "element-by-tag"), Chain.element),
    "jq": Chain.query,
    "html2text": Chain.to_text,
    **dict.fromkeys(("grep", "grepi", "keep_lines_containing", "delete_lines_containing"), Chain.lines),
    "between": Chain.between,
    "re.sub": Chain.replace,
    "re.findall": Chain.find,
    **dict.fromkeys(_SETTLED, Chain.settled),
    **dict.fromkeys(_LOOSE, Chain.loose),
    **dict.fromkeys(_HOPELESS, Chain.hopeless),
}
KINDS: Final = frozenset(_FILTERS)
"""The filters that are known."""
