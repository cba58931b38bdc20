"""
What to write instead: advice for texts that mean something else in YAML than in CSS, prices and hours.

Everything here looks at one line of the file and returns a sentence. Who calls it gives at most MOST_CHARACTERS of
that line: some of the expressions take the square of them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from watcher.config.number_advice import plain_number

MOST_CHARACTERS = 500
_KEY_AND_VALUE = re.compile(r"""^[\s-]*+(?P<key>[^\s:'"{\[]++):\s+(?P<value>\S.*)$""")
_KEY = re.compile(r"""[\s-]*+(?:[^\s:'"{\[#]++|"[^"]*+"|'[^']*+')\s*+:(?:\s|$)""")
_UNREAD_KEY = re.compile(r"[\s-]*(?P<key>[^\W\d][\w.-]*)(?P<colon>：\s*|:(?!//)(?=[^\s:]))(?P<value>.*)$")
_BRACKETED = re.compile(r"(?:(?P<key>[\w-]+):\s+)?(?P<value>[^\s{,:\[]++\[[^\]]*+\][^,}]*+)")
_BLOCK = re.compile(r"[|>][-+0-9]{0,2}\s*(?:#.*)?$")
_SHOWN_CHARACTERS = 100
_CHINESE_UNITS = {"天": "d", "日": "d", "小时": "h", "分钟": "m", "分": "m", "秒钟": "s", "秒": "s"}
_CURLED = "“”„‟‘’‚«»「」＂＇"
_BOOLEAN_WORDS = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}


def of_syntax(problem: str, line: str, column: int, *, opened_in: int | None) -> str:
    """
    Return what is wrong where the parser gave up, and what to write.

    Args:
        problem: libyaml's words.
        line: the line where it gave up, and `column` in it, counting from 0.
        opened_in: the line in which the unfinished thing began, when that is another one.
    """
    here = line[column : column + 1]
    if here == "\t" or "tab character" in problem:
        return "a tab cannot indent in YAML; use spaces"
    if here == "@":
        value = _value_at(line, column)
        return f"`@` cannot begin a text in YAML; `attr: {value[1:]}` reads an attribute, and a text needs quotes"
    if "cannot start any token" in problem:
        return f"`{here}` cannot begin a text in YAML; write {_rewritten(line, column)}"
    if "expected comment or line break" in problem:
        begin = max(line.rfind(">", 0, column), line.rfind("|", 0, column))
        return f"`{line[begin : begin + 1]}` begins a block of text in YAML; write {_rewritten(line, begin)}"
    if "scanning an alias" in problem or "alphabetic or numeric character" in problem:
        begin = max(line.rfind("*", 0, column + 1), line.rfind("&", 0, column + 1), 0)
        return f"`{line[begin : begin + 1]}` begins an alias in YAML; write {_rewritten(line, begin)}"
    if "nesting depth" in problem:
        return "the nesting is far too deep"
    if "unknown escape" in problem:
        return f"a backslash in double quotes begins an escape; write {_in_single_quotes(line, column)}"
    if "mapping values are not allowed" in problem:
        return _of_second_colon(line, column)
    if "',' or '}'" in problem or "',' or ']'" in problem:
        return _of_unclosed(line, column, opened_in)
    begun = f" (begun in line {opened_in})" if opened_in else ""
    return f"not valid YAML here: {problem}{begun}; mind the indentation and the quotes"


def swallowed_by_comment(line: str, key: str, column: int) -> tuple[int, str] | None:
    """
    Return where `#` made a comment of the value of `key`, and what to write; None when it did not.

    `key: #price` is meant as a value; `key:  # a price` is a comment, as the space tells.

    Args:
        column: of the key, counting from 0, as is the one returned.
    """
    after = column + len(key)
    match = re.match(r"""['"]?\s*:\s+(#\S.*)""", line[after:])
    if not match:
        return None
    return after + match.start(1), _comment(key, match[1].rstrip())


def swallowed_in_braces(line: str) -> tuple[int, str] | None:
    """Return the same for a `#` that made a comment of the rest of a `{}`, its end included; columns from 0."""
    match = re.search(r"[{,]\s*([\w-]+):\s+(#[^\s}][^,}]*)", line)
    return (match.start(2), _comment(match[1], match[2].rstrip())) if match else None


def placeholder(name: str) -> str:
    """Return the advice for `{each}` and `{today}` without quotes, which are mappings; empty for another word."""
    if not re.fullmatch(r"each(?:\.[\w-]+)?|today[+:-]?.{0,30}", name):
        return ""
    return f'`{{` begins a mapping in YAML; write "{{{name}}}", with all of the text in the quotes'


def split_by_comma(before: Mapping[str, object], name: str) -> str | None:
    """
    Return the advice for a lone word inside `{}`, which a comma cut off the value before it.

    Args:
        before: the entries that stand before it, in order.
    """
    key, value = next(reversed(list(before.items())), ("", None))
    if value is None or isinstance(value, dict | list | bool):
        return None
    if written := plain_number(f"{value},{name}"):
        return f"a comma ends a value in YAML; write `{key}: {written}`"
    if isinstance(value, int):
        decimal = f"{value}.{name}" if re.fullmatch(r"[0-9]{1,2}", name) else f"{value}"
        return f"a comma ends a value in YAML; write a number as `{key}: {decimal}`"
    return f"a comma ends a value inside {{}}; write `{key}: {quoted(f'{value}, {name}')}`"


def odd_key(line: str) -> str:
    """Return the advice for a key that is no text: nearly always a template without quotes."""
    begin = line.find("{{")
    if begin >= 0 and "}}" in line[begin:]:
        text = line[begin:].strip()
        while text.endswith("}") and text.count("}") > text.count("{"):  # those that close the mapping around it
            text = text[:-1].rstrip()
        return f"`{{{{` begins a mapping in YAML; write {quoted(text)}"
    return "a key must be text"


def curled_quotes(text: str) -> str:
    """Return the advice for a text in the quotes of a text processor; empty for another one."""
    if not (len(text) > 1 and text[0] in _CURLED and text[-1] in _CURLED):
        return ""
    return f"{text[0]} and {text[-1]} are no quotes in YAML; write {quoted(text[1:-1])}"


def unread_key(line: str) -> tuple[int, str] | None:
    """
    Return where a key ends in no colon of YAML, and what to write; columns from 0. None: it has no such key.

    Such are `key：value`, with the colon of a Chinese or Japanese keyboard, and `key:value`, but not `https://…`.
    """
    match = _UNREAD_KEY.match(line)
    if match is None:
        return None
    value = match["value"].rstrip()
    is_whole = len(value) <= _SHOWN_CHARACTERS and "：" not in value
    written = f"`{match['key']}: {value if is_whole else '…'}".rstrip() + "`"
    wrong = "`：` is no colon in YAML" if match["colon"].startswith("：") else "a space is missing after the colon"
    return match.start("colon"), f"{wrong}; write {written}"


def is_key(line: str) -> bool:
    """Return whether a line begins with a key, as YAML reads it."""
    return _KEY.match(line) is not None


def begins_block(line: str) -> bool:
    """Return whether the lines below may be a block of text."""
    return _BLOCK.search(line) is not None


def glued(key: str) -> str:
    """Return the advice for a key with the beginning of its value glued to it, as `price:{below`; empty for another."""
    match = re.fullmatch(r"([\w.-]+):([{\[\"']).*", key)
    return f"a space is missing after the colon; write `{match[1]}: {match[2]}…`" if match else ""


def wide_characters(text: str) -> str:
    """Return the advice for digits and letters of a Chinese or Japanese keyboard; empty for another text."""
    narrow = unicodedata.normalize("NFKC", text).strip()
    if narrow == text or not narrow.isascii():
        return ""
    return f": these are full-width characters; write {narrow}"


def chinese_unit(text: str) -> str:
    """Return the advice for a duration with its unit in Chinese, as `5分钟`; empty for another text."""
    match = re.fullmatch(r"(\d+) ?个?(天|日|小时|分钟|分|秒钟|秒)", unicodedata.normalize("NFKC", text))
    return f": write {match[1]}{_CHINESE_UNITS[match[2]]}" if match else ""


def wide_dash(key: str) -> str:
    """Return the advice for a key that begins with a dash of a Chinese keyboard or a text processor; else empty."""
    match = re.fullmatch(r"([－–—])\s*(.+)", key)
    return f"`{match[1]}` is no dash in YAML; write `- {match[2]}`" if match else ""


def odd_name(key: str) -> str:
    """Return the advice for a key that YAML read otherwise than it was meant; empty for any other."""
    if key.isidentifier():  # as most keys are: none of these has a space, a colon or a dash
        return ""
    return odd_space(key) or glued(key) or wide_dash(key)


def odd_space(text: str) -> str:
    """Return the advice for a line or key that begins with a space that is none in YAML; empty for another one."""
    if not text[:1].isspace() or text[0] in " \n\t":
        return ""
    return f"U+{ord(text[0]):04X} is no space in YAML; indent with spaces"


def boolean_word(text: str) -> str:
    """Return the advice for `yes`, `no`, `on` and `off`, which are text here; empty for another text."""
    meant = _BOOLEAN_WORDS.get(text.lower())
    return f": write {meant}" if meant else ""


def bare_list(source: str) -> str:
    """Return the advice for an attribute selector that became a list."""
    return f": `[` begins a list in YAML; write {quoted(source)}"


def quoted(text: str) -> str:
    """Return the text in the quotes that keep it as it is."""
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def _comment(key: str, value: str) -> str:
    return f"`#` starts a comment in YAML; write `{key}: {quoted(value)}`"


def _rewritten(line: str, begin: int) -> str:
    """Return the value that begins there, quoted, with its key when it stands on the same line."""
    value = _value_at(line, begin)
    if value.startswith(">"):
        value = f":scope {value}"  # CSS wants to know whose child
    key = re.search(r"([\w-]+):\s+$", line[:begin])
    return f"`{key[1]}: {quoted(value)}`" if key else quoted(value)


def _value_at(line: str, begin: int) -> str:
    is_flow = "{" in line[:begin] or "[" in line[:begin]
    return re.split(r"[,}]" if is_flow else r"\s#", line[begin:])[0].strip()


def _in_single_quotes(line: str, column: int) -> str:
    begin = max(line.rfind('"', 0, column), 0)
    text = re.match(r'"([^"]*)"?', line[begin:])
    return "'" + (text[1] if text else line[begin:]).replace("'", "''") + "'"


def _of_second_colon(line: str, column: int) -> str:
    whole = _KEY_AND_VALUE.match(line)
    if whole and column > whole.start("value"):
        return f"a text with `: ` in it needs quotes; write `{whole['key']}: {quoted(whole['value'])}`"
    return "this line is indented deeper than the one it continues; give the keys of one mapping the same indentation"


def _of_unclosed(line: str, column: int, opened_in: int | None) -> str:
    for bracketed in _BRACKETED.finditer(line):
        if bracketed.start("value") <= column <= bracketed.end():
            key = f"{bracketed['key']}: " if bracketed["key"] else ""
            return f"`[` begins a list inside {{}}; write `{key}{quoted(bracketed['value'].strip())}`"
    if (opened := re.search(r"[{\[]", line)) and "，" in line[opened.start() :]:
        return "`，` is no comma in YAML; write `,` and a space"
    where = f" of line {opened_in}" if opened_in else ""
    return f"the `{{` or `[`{where} is not closed, or a comma is missing before this"
