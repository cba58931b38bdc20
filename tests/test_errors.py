"""The tree of errors is the one that its module draws, with the kinds that scripts read."""

import inspect
import re

import watcher.errors
from watcher.errors import CheckError, WatcherError

BRANCH = re.compile(r"^    (?P<depth>[│ ]*)(?:[├└]── )?(?P<name>\w+Error)(?: +(?P<words>.*))?$", re.MULTILINE)


def drawn() -> dict[str, tuple[str | None, str]]:
    """Return, by the name of each error in the drawing, its parent's and what stands beside it."""
    above: list[str] = []
    found = {}
    for branch in BRANCH.finditer(watcher.errors.__doc__ or ""):
        depth = 0 if branch["name"] == "WatcherError" else len(branch["depth"]) // 4 + 1
        above[depth:] = [branch["name"]]
        found[branch["name"]] = (above[depth - 1] if depth else None, branch["words"] or "")
    return found


def test_every_error_is_drawn_below_its_parent() -> None:
    classes = [each for each in vars(watcher.errors).values() if inspect.isclass(each)]
    errors = [each for each in classes if issubclass(each, WatcherError)]
    parents = {each.__name__: None if each is WatcherError else each.__mro__[1].__name__ for each in errors}
    assert {name: parent for name, (parent, _) in drawn().items()} == parents


def test_each_leaf_of_a_failed_check_is_drawn_with_its_kind() -> None:
    tree = drawn()
    leaves = [getattr(watcher.errors, name) for name in tree.keys() - {parent for parent, _ in tree.values()}]
    failures = [leaf for leaf in leaves if issubclass(leaf, CheckError)]
    assert {leaf: tree[leaf.__name__][1].split()[0] for leaf in failures} == {leaf: leaf.kind for leaf in failures}
