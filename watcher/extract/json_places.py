"""
Where a value of JSON stands. Of the signs of an element (`signs`) a member has the words of its name as its own, the
texts beside it as its row, the names beside it as what is before, and those of the objects around as what is above.

A path finds what it finds, so this doubts nothing: once the path is gone it leads to the members that are most like it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from watcher.core.page_profile import Usual
from watcher.core.proposal import LEAST, MOST_PLACES, NewPlace, Proposal
from watcher.core.values import SINGLE, Json, Value, show
from watcher.core.watch import Language, Query, Selector, Values
from watcher.core.witness import Label, Witness, Witnesses, bounded_label, unpacked
from watcher.core.words import cut, one_line
from watcher.errors import SlowPageError
from watcher.extract.body import JsonBody
from watcher.extract.json_values import JsonNode, json_text
from watcher.extract.jsonpath import normalized_jsonpath
from watcher.extract.reader import Reader
from watcher.extract.signs import ABOVE_MARKS, BEFORE_MARKS, ROW_MARKS, closeness, shares, text_marks, weighed

_MEMBER = re.compile(r"""(?<!\.)(?:\.([^\W\d]\w*)|\['([^'\\]+)'\]|\["([^"\\]+)"\])\Z""")
_WORD = re.compile(r"[^\W\d_][^\W\d_A-Z]+|[A-Z]+")
_NAME = re.compile(r"[^\W\d]\w*")
_MOST_BESIDE = 40
_MOST_CHARACTERS = 400
_MOST_ROWS = 1_000
_SHOWN_CHARACTERS = 60


def json_witnesses(body: JsonBody, values: Values, usual: Witnesses, *, is_due: bool) -> Witnesses:
    """Return the witnesses of the single values that JSONPaths find: new ones where they are due, or lacking."""
    asked = {name: each.query for name, each in values.selectors.items() if is_due or name not in usual}
    found = {name: _witness_at(body, query) for name, query in asked.items()}
    return {**usual, **{name: witness for name, witness in found.items() if witness is not None}}


def json_proposals(body: JsonBody, reader: Reader, values: Values, usual: Usual) -> Iterator[Proposal]:
    """Yield where the single values may stand that are lost. Raises SlowPageError."""
    for name, selector in values.selectors.items():
        known, query = unpacked(usual.witnesses).get(name), selector.query
        if not isinstance(known, Witness) or query is None or query.language is not Language.JSONPATH:
            continue
        if all(reader.value_of(node, selector) is None for node in reader.nodes(query)):
            then = usual.rows.get(SINGLE, {}).get(name)
            places = sorted(_places(body, reader, selector, known, then), key=lambda place: -place.score)[:MOST_PLACES]
            label, last = known.label.text if known.label else "", cut(one_line(show(then)), _SHOWN_CHARACTERS)
            yield Proposal(name=name, label=label, last=last, places=tuple(places))


def _places(body: JsonBody, reader: Reader, selector: Selector, known: Witness, then: Value) -> Iterator[NewPlace]:
    from watcher.extract.suggesting.json_found import ArrayNumber, is_simple, nodes_in, path_of  # 40 ms, and seldom

    within = dict(nodes_in(body.root, most_rows=_MOST_ROWS))
    for path, node in within.items():
        if reader.budget.is_spent:
            raise SlowPageError("the page takes too long to look for what is lost")
        members = within[path[:-1]]
        value = reader.value_of(JsonNode(node), selector) if is_simple(node) and isinstance(members, dict) else None
        if value is None or not isinstance(members, dict):
            continue
        now = _witness_of([step for step in path if not isinstance(step, ArrayNumber)], members)
        score = weighed({**shares(known, now, "own", "row", "before", "above"), "value": closeness(then, value)})
        if score >= LEAST:
            yield NewPlace(selector=path_of(path), text=cut(one_line(json_text(node)), _SHOWN_CHARACTERS), score=score)


def _witness_at(body: JsonBody, query: Query | None) -> Witness | None:
    """Return the witness of the one member that a path ends at; None of other paths."""
    if query is None or query.language is not Language.JSONPATH:
        return None
    path = normalized_jsonpath(query.expression)
    if (member := _MEMBER.search(path, 1)) is None:
        return None
    above, name = path[: member.start()], member[1] or member[2] or member[3]
    found = [node.value for node in body.select(Query(Language.JSONPATH, above)) if isinstance(node, JsonNode)]
    if len(found) != 1 or not isinstance(found[0], dict) or name not in found[0]:
        return None
    return _witness_of([*_NAME.findall(above), name], found[0])


def _witness_of(names: Sequence[str], members: Mapping[str, Json]) -> Witness:
    """Return the witness of a member. `names`: of the objects that it is in, and its own; `members`: all beside it."""
    beside = [(name, value) for name, value in islice(members.items(), _MOST_BESIDE) if name != names[-1]]
    texts = (value[:_MOST_CHARACTERS] for _, value in beside if isinstance(value, str))
    return Witness(
        label=Label(bounded_label(names[-1]), "", 1),
        path="",
        own=text_marks(_WORD.findall(names[-1]), ROW_MARKS),
        row=text_marks(texts, ROW_MARKS),
        before=text_marks((name for name, _ in beside), BEFORE_MARKS),
        above=text_marks(reversed(names[:-1]), ABOVE_MARKS),
    )
