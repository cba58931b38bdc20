"""
Where a value of JSON stands. Of the signs of an element (`signs`) a member has its name as its label, the texts beside
it as its row, the names beside it as what is before, and those of the objects that it is in as what is above.

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
from watcher.extract.signs import ABOVE_MARKS, BEFORE_MARKS, ROW_MARKS, Sign, closeness, share, text_marks, weighed

_MEMBER = re.compile(r"""(.*[^.])(?:\.([^\W\d]\w*)|\['([^'\\]+)'\]|\["([^"\\]+)"\])""")
_NAME = re.compile(r"[^\W\d]\w*")
_MOST_BESIDE = 40
_MOST_CHARACTERS = 400
_MOST_ROWS = 1_000
_SHOWN_CHARACTERS = 60


def json_witnesses(body: JsonBody, values: Values, usual: Witnesses) -> Witnesses:
    """Return the witnesses of the single values that JSONPaths find; of the others the ones before."""
    found = {name: _witness_at(body, selector.query) for name, selector in values.selectors.items()}
    return {**usual, **{name: witness for name, witness in found.items() if witness is not None}}


def witness_of_member(names: Sequence[str], members: Mapping[str, Json]) -> Witness:
    """Return the witness of a member. `names`: of the objects that it is in, and its own; `members`: all beside it."""
    beside = [(name, value) for name, value in islice(members.items(), _MOST_BESIDE) if name != names[-1]]
    texts = (value[:_MOST_CHARACTERS] for _, value in beside if isinstance(value, str))
    return Witness(
        label=Label(bounded_label(names[-1]), "", 1),
        path="",
        row=text_marks(texts, ROW_MARKS),
        before=text_marks((name for name, _ in beside), BEFORE_MARKS),
        above=text_marks(reversed(names[:-1]), ABOVE_MARKS),
    )


def json_proposals(body: JsonBody, reader: Reader, values: Values, usual: Usual) -> Iterator[Proposal]:
    """Yield where the single values may stand that are lost. Raises SlowPageError."""
    for name, selector in values.selectors.items():
        known, query = unpacked(usual.witnesses).get(name), selector.query
        if not isinstance(known, Witness) or query is None or query.language is not Language.JSONPATH:
            continue
        if all(reader.value_of(node, selector) is None for node in reader.nodes(query)):
            then = usual.rows.get(SINGLE, {}).get(name)
            places = sorted(_places(body, reader, selector, known, then), key=lambda place: -place.score)
            label, last = known.label.text if known.label else "", cut(one_line(show(then)), _SHOWN_CHARACTERS)
            yield Proposal(name=name, label=label, last=last, places=tuple(places[:MOST_PLACES]))


def _places(body: JsonBody, reader: Reader, selector: Selector, known: Witness, then: Value) -> Iterator[NewPlace]:
    from watcher.extract.suggesting.json_found import ArrayNumber, is_simple, nodes_in, path_of  # 40 ms, and seldom

    within = dict(nodes_in(body.root, most_rows=_MOST_ROWS))
    for path, node in within.items():
        if reader.budget.is_spent:
            raise SlowPageError("the page takes too long to look for what is lost")
        members = within[path[:-1]] if path else None
        value = reader.value_of(JsonNode(node), selector) if is_simple(node) else None
        if value is None or not isinstance(members, dict):
            continue
        now = witness_of_member([step for step in path if not isinstance(step, ArrayNumber)], members)
        signs: dict[Sign, float | None] = {
            "label": _of_names(known, now),
            "row": share(known.row, now.row),
            "before": share(known.before, now.before),
            "above": share(known.above, now.above),
            "value": closeness(then, value),
        }
        if (score := weighed(signs)) >= LEAST:
            yield NewPlace(selector=path_of(path), text=cut(one_line(json_text(node)), _SHOWN_CHARACTERS), score=score)


def _of_names(usual: Witness, now: Witness) -> float:
    """Return how much alike two names are: `cents` is part of `priceCents`."""
    name, other = (each.label.text.casefold() if each.label else "" for each in (usual, now))
    return 1.0 if name == other else 0.5 if name in other or other in name else 0.0


def _witness_at(body: JsonBody, query: Query | None) -> Witness | None:
    """Return the witness of the one member that a path ends at; None of other paths."""
    is_path = query is not None and query.language is Language.JSONPATH
    path = _MEMBER.fullmatch(normalized_jsonpath(query.expression)) if query is not None and is_path else None
    found = body.select(Query(Language.JSONPATH, path[1])) if path is not None else ()
    members = found[0].value if len(found) == 1 and isinstance(found[0], JsonNode) else None
    name = next(filter(None, path.groups()[1:])) if path is not None else ""
    if path is None or not isinstance(members, dict) or name not in members:
        return None
    return witness_of_member((*_NAME.findall(path[1]), name), members)
