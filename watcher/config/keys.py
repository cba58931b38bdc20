"""
How a mapping of the file is read: its keys, what each may hold, and all mistakes in it at once.

A `Model` declares its keys, a `Kind` says how the value of one is read and how JSON Schema describes it: one
declaration serves the loader, the messages and the schema.

pydantic did this before. A pass of `watcher check` is started each minute, and importing pydantic and building its
validators for these models took 135 ms of CPU, as long as all of aiohttp; this takes 3 ms.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from enum import StrEnum
from typing import Any, ClassVar, Final, Generic, Self, TypeAlias, TypeVar, cast, overload

from msgspec import Struct
from msgspec.structs import replace

from watcher.config.document import KeyPath

_T = TypeVar("_T")
_D = TypeVar("_D")
_E = TypeVar("_E", bound=StrEnum)
_M = TypeVar("_M", bound="Model")

Schema: TypeAlias = "Mapping[str, Any] | type[Model] | type[StrEnum]"
"""JSON Schema; a class stands for the definition of that name, at any depth."""

NOTHING: Final[Mapping[str, Any]] = {}
"""The default of mappings, which nobody may change."""
_REQUIRED: Final = object()


class Kind(Struct, Generic[_T], frozen=True):
    """
    What a key may hold.

    Attributes:
        read: returns the value that is meant. Raises ValueError with a sentence, or MistakenError for its parts.
    """

    read: Callable[[object], _T]
    schema: Schema


class MissingKeyError(ValueError):
    """A key that must be there is not."""


class UnknownKeyError(ValueError):
    """The model has no such key."""

    def __init__(self, model: type[Model]) -> None:
        super().__init__(model)
        self.model = model


class NoMappingError(ValueError):
    """The value is none; `model` is what it should be, or None where names stand for keys."""

    def __init__(self, value: object, model: type[Model] | None = None) -> None:
        super().__init__(value, model)
        self.value = value
        self.model = model


class NotAmongError(ValueError):
    """The value is none of the words that may stand there."""

    def __init__(self, value: object, words: Iterable[str]) -> None:
        super().__init__(value, words)
        self.value = value
        self.words = [*words]


class MistakenError(ValueError):
    """
    Parts of a mapping or a list are wrong.

    Attributes:
        parts: where each stands, from here, and what is wrong; sentences are made of the first ones only (`explain`).
    """

    def __init__(self, parts: list[tuple[KeyPath, ValueError]]) -> None:
        super().__init__(parts)
        self.parts = parts


def _below(part: str | int, error: ValueError) -> list[tuple[KeyPath, ValueError]]:
    """Return what is wrong with a part, as its whole sees it."""
    if isinstance(error, MistakenError):
        return [((part, *path), wrong) for path, wrong in error.parts]
    return [((part,), error)]


class Key(Struct, frozen=True, kw_only=True):
    """
    A key of a model.

    Attributes:
        name: in the file; empty until `Model` has named it, where it is the attribute's.
        attribute: what the model calls it.
        default: when the key is left out.
        written: how the default would be written, for JSON Schema; None when that is not told.
    """

    kind: Kind[Any]
    default: object
    written: object = None
    name: str = ""
    attribute: str = ""

    @property
    def is_required(self) -> bool:
        """Whether it cannot be left out."""
        return self.default is _REQUIRED


@overload
def may_be(kind: Kind[_T], *, name: str = ...) -> _T | None: ...
@overload
def may_be(kind: Kind[_T], default: _D, *, name: str = ..., written: object = ...) -> _T | _D: ...
def may_be(kind: Kind[Any], default: Any = None, *, name: str = "", written: object = None) -> Any:
    """
    Declare a key that may be left out.

    Args:
        default: must not be changed by anybody, for all models share it.
        name: in the file, where Python has no such name; else as the attribute.
        written: how the default is written in the file.
    """
    return Key(kind=kind, default=default, name=name, written=written)


def must_be(kind: Kind[_T]) -> _T:
    """Declare a key that must be there."""
    return cast("_T", Key(kind=kind, default=_REQUIRED))


class Model:
    """
    A mapping of the file. What stands under a key, as text, is its description in JSON Schema.

    An attribute whose key was left out is the class's, and so the default; `vars` has what was given.
    """

    keys: ClassVar[Mapping[str, Key]] = {}
    """By their names in the file, those of a base first."""
    required: ClassVar[tuple[str, ...]] = ()
    one_of: ClassVar[tuple[str, ...]] = ()
    """Keys of which JSON Schema wants one; which, the loader says itself."""
    other_keys: ClassVar[Kind[Any] | None] = None
    """What may stand under any other key; it is in `others`. None: there are no others."""
    others: Mapping[str, Any] = NOTHING

    def __init_subclass__(cls) -> None:
        own: dict[str, Key] = {}
        for attribute, declared in list(vars(cls).items()):
            if isinstance(declared, Key):
                name = declared.name or attribute
                own[name] = replace(declared, name=name, attribute=attribute)
                setattr(cls, attribute, declared.default)
        cls.keys = {**cls.keys, **own}
        cls.required = tuple(name for name, key in cls.keys.items() if key.is_required)

    @classmethod
    def own_keys_first(cls) -> list[str]:
        """Return the names of the keys, those that the model shares with others last."""
        return sorted(cls.keys, key=lambda name: cls.keys[name].attribute not in cls.__annotations__)

    @classmethod
    def read(cls, value: object) -> Self:
        """Return the model of a mapping. Raises NoMappingError, MistakenError."""
        if not isinstance(value, dict):
            raise NoMappingError(value, cls)
        model = cls()
        wrong: list[tuple[KeyPath, ValueError]] = []
        for name, part in value.items():
            try:
                model._take(name, part)
            except ValueError as error:
                wrong += _below(name, error)
        wrong += [((name,), MissingKeyError()) for name in cls.required if name not in value]
        if wrong:
            raise MistakenError(wrong)
        return model

    def _take(self, name: str, part: object) -> None:
        known = self.keys.get(name)
        if known is not None:
            vars(self)[known.attribute] = known.kind.read(part)
        elif self.other_keys is not None:
            self.others = {**self.others, name: self.other_keys.read(part)}
        else:
            raise UnknownKeyError(type(self))

    @property
    def given(self) -> Set[str]:
        """The attributes whose keys were given."""
        return vars(self).keys()

    def replaced(self, update: Mapping[str, object]) -> Self:
        """Return a copy with these attributes, which count as given."""
        copy = type(self)()
        vars(copy).update(vars(self), **update)
        return copy


def described(kind: Kind[_T], schema: Schema) -> Kind[_T]:
    """Return the same kind, described otherwise."""
    return Kind(kind.read, schema)


def mapping_of(kind: Kind[_T]) -> Kind[Mapping[str, _T]]:
    """Return the kind of mappings of any names to such values."""

    def read(value: object) -> Mapping[str, _T]:
        if not isinstance(value, dict):
            raise NoMappingError(value)
        return dict(_parts(kind, value.items()))

    return Kind(read, {"type": "object", "additionalProperties": kind.schema})


def list_of(kind: Kind[_T]) -> Kind[tuple[_T, ...]]:
    """Return the kind of lists of such values; one may stand for a list of one."""

    def read(value: object) -> tuple[_T, ...]:
        parts = value if isinstance(value, list) else [value]
        if not parts:
            raise ValueError("must not be an empty list")
        return tuple(part for _, part in _parts(kind, enumerate(parts)))

    return Kind(read, any_of(kind.schema, {"type": "array", "items": kind.schema}))


def any_of(*schemas: Schema) -> Schema:
    """Return the schema of what any of these takes."""
    flat: list[Schema] = []
    for schema in schemas:
        flat += schema["anyOf"] if isinstance(schema, Mapping) and schema.keys() == {"anyOf"} else [schema]
    return {"anyOf": flat}


def _parts(kind: Kind[_T], parts: Iterable[tuple[Any, object]]) -> list[tuple[Any, _T]]:
    found: list[tuple[Any, _T]] = []
    wrong: list[tuple[KeyPath, ValueError]] = []
    for name, part in parts:
        try:
            found.append((name, kind.read(part)))
        except ValueError as error:
            wrong += _below(name, error)
    if wrong:
        raise MistakenError(wrong)
    return found


def word(*words: str) -> Kind[str]:
    """Return the kind of these words."""

    def read(value: object) -> str:
        if isinstance(value, str) and value in words:
            return value
        raise NotAmongError(value, words)

    return Kind(read, {"type": "string", "enum": [*words]} if len(words) > 1 else {"type": "string", "const": words[0]})


def member_of(words: type[_E]) -> Kind[_E]:
    """Return the kind of an enum's members."""
    known = [member.value for member in words]

    def read(value: object) -> _E:
        if isinstance(value, str) and value in known:
            return words(value)
        raise NotAmongError(value, known)

    return Kind(read, words)


def model_of(model: type[_M]) -> Kind[_M]:
    """Return the kind of a model's mappings."""
    return Kind(model.read, model)
