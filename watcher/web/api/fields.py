"""
The fields of a request, from JSON or from a query, as WxPusher's clients really write them.

Who sends is looked at first, and what else the body says only then: until the token is known, nothing is made of the
rest. What is made of it afterwards stops at the first thing that is wrong, and no list is looked at that is too long.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Annotated, Final, TypeAlias, TypeVar

import msgspec
from aiohttp import web
from msgspec import Raw, Struct
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    FailFast,
    ValidationError,
    model_validator,
)
from pydantic.alias_generators import to_camel

from watcher.core.values import Json
from watcher.errors import InvalidRequestError, RefusedError
from watcher.push.sending import MAX_SPTS, MAX_TOPICS, MAX_UIDS

_EMPTY: tuple[Json, ...] = (None, "", [])
_MAX_TOKEN_BYTES: Final = 1_000
_MOST_EXPLAINED: Final = 65_536
"""Bytes of a body of which it is said exactly what is wrong with it."""
_MOST_ITEMS: Final = {"uids": MAX_UIDS, "topicIds": MAX_TOPICS, "sptList": MAX_SPTS}
_QUOTED = re.compile(r'"(?:\\.|[^"\\])*+(?:"|\\?\Z)', re.DOTALL)  # possessive: linear on hostile text
INTEGER = re.compile(r"-?[0-9]{1,18}", re.ASCII)
_INT64 = 2**63


def _integer(value: Json) -> Json:
    """
    Take `"103"` and `103.0` for 103; what else is no integer is refused by the model.

    Old clients send the first, and languages that know one kind of number (Lua) the second.
    """
    if isinstance(value, str) and INTEGER.fullmatch(value.strip()):
        return int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not -_INT64 <= value < _INT64:
        raise ValueError("out of range; an integer has 64 bits")
    return value


def _sound_text(value: Json) -> Json:
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise ValueError("has half a surrogate pair in it, which is no text") from error
    return value


def _without_empty(value: Json) -> Json:
    """Leave out of a list what `"UID_x, ".split(",")` puts there, and the blanks around the others."""
    if not isinstance(value, list):
        return value
    trimmed = (each.strip() if isinstance(each, str) else each for each in value)
    return [each for each in trimmed if each not in (None, "")]


Integer: TypeAlias = Annotated[int, BeforeValidator(_integer)]
Text: TypeAlias = Annotated[str, BeforeValidator(_sound_text)]
Integers: TypeAlias = Annotated[list[Integer], FailFast(), BeforeValidator(_without_empty)]
Texts: TypeAlias = Annotated[list[Text], FailFast(), BeforeValidator(_without_empty)]


class Fields(BaseModel):
    """
    What a request asks for. Only forms are checked here; limits belong to the push service.

    `null`, `""`, `[]` and an absent key mean the same, and the first two do in lists as well;
    unknown fields are passed over.
    """

    model_config = ConfigDict(strict=True, frozen=True, alias_generator=to_camel, extra="ignore")

    @model_validator(mode="before")
    @classmethod
    def _drop_empty(cls, fields: Mapping[str, Json]) -> dict[str, Json]:
        return {key: value for key, value in fields.items() if value not in _EMPTY}


_Fields = TypeVar("_Fields", bound=Fields)


_Scalar: TypeAlias = str | int | float | bool | None


_ABSENT: Final = Raw(b"")


class _Parts(Struct, rename="camel"):
    """Where in a body each field stands, as it is written; what stands elsewhere is passed over."""

    app_token: Raw = _ABSENT
    content: Raw = _ABSENT
    summary: Raw = _ABSENT
    content_type: Raw = _ABSENT
    url: Raw = _ABSENT
    topic_ids: Raw = _ABSENT
    uids: Raw = _ABSENT
    spt: Raw = _ABSENT
    spt_list: Raw = _ABSENT
    extra: Raw = _ABSENT
    valid_time: Raw = _ABSENT


_NAMES: Final = {field.name: field.encode_name for field in msgspec.structs.fields(_Parts)}
_parts: Final = msgspec.json.Decoder(_Parts)
_loose: Final = msgspec.json.Decoder(_Scalar | list[_Scalar])


@cache
def _names_of(model: type[Fields]) -> Sequence[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


class Body:
    """A JSON body, of which a field is made when it is asked for. What it raises, a PushError, names the field."""

    def __init__(self, body: bytes) -> None:
        """Raises InvalidRequestError when the body is no JSON object."""
        body = body.removeprefix(b"\xef\xbb\xbf")
        self._known: Mapping[str, Json] | None = None
        try:
            parts = _parts.decode(body)
        except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
            self._known = _as_python_reads_it(body, error)
        else:
            self._parts = {_NAMES[name]: bytes(part) for name, part in msgspec.structs.asdict(parts).items()}

    def token(self, name: str) -> str:
        """Return a field that says who sends; empty where it is absent, or longer than any token."""
        if self._known is None and len(self._parts[name]) > _MAX_TOKEN_BYTES:
            return ""
        value = self._value(name)
        if value in _EMPTY:
            return ""
        if not isinstance(value, str):
            raise InvalidRequestError("Input should be a valid string", field=name)
        try:
            return str(_sound_text(value))
        except ValueError as error:
            raise InvalidRequestError(str(error), field=name) from error

    def fields(self, model: type[_Fields], *, most_bytes: int | None = None) -> _Fields:
        """
        Return what the body says.

        Args:
            most_bytes: of each field; for those that say who sends.
        """
        values = {name: _without_empty(self._value(name, most_bytes)) for name in _names_of(model)}
        for name, value in values.items():
            most = _MOST_ITEMS.get(name)
            if most is not None and isinstance(value, list) and len(value) > most:
                raise RefusedError(f"{len(value)}; at most {most}", field=name)
        return checked(model, values)

    def _value(self, name: str, most_bytes: int | None = None) -> Json:
        if self._known is not None:
            return self._known.get(name)
        part = self._parts[name]
        if not part:
            return None
        if most_bytes is not None and len(part) > most_bytes:
            raise InvalidRequestError(f"over {most_bytes} bytes", field=name)
        return _value_of(name, part)


async def body_of(request: web.Request) -> Body:
    """Return a JSON body. Raises InvalidRequestError."""
    if request.content_type != "application/json":
        raise InvalidRequestError(f"Content-Type is {request.content_type}; send application/json")
    return Body(await request.read())


def checked(model: type[_Fields], fields: Mapping[str, Json]) -> _Fields:
    """Return the fields as the model takes them. Raises InvalidRequestError, which names the first that is wrong."""
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        raise _first_problem(error) from error


def _value_of(name: str, part: bytes) -> Json:
    try:
        value: Json = _loose.decode(part)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        if len(part) > _MOST_EXPLAINED:
            raise InvalidRequestError(str(error), field=name) from error
        return _as_python_reads_it(b'{"":' + part + b"}", error)[""]
    return value


def _as_python_reads_it(body: bytes, error: Exception) -> dict[str, Json]:
    """Return what the `json` module makes of a body that is short; it takes more, and says better what is wrong."""
    if len(body) > _MOST_EXPLAINED:
        raise InvalidRequestError(f"the body is not JSON (请求体不是合法的 JSON): {error}") from error
    return _json_object(body)


def _json_object(body: bytes) -> dict[str, Json]:
    try:
        text = body.decode()
        found: Json = json.loads(text)
    except UnicodeDecodeError as error:
        raise InvalidRequestError("the body is not UTF-8") from error
    except RecursionError as error:
        raise InvalidRequestError("the body is nested too deeply") from error
    except ValueError as error:  # malformed, or an integer of more than 4,300 digits
        raise InvalidRequestError(_advice(text, error)) from error
    if not isinstance(found, dict):
        raise InvalidRequestError("the body is not a JSON object")
    return found


def _advice(text: str, error: ValueError) -> str:
    if re.search(r"//|/\*", _QUOTED.sub('""', text)):
        return "the body is not JSON: remove the comments (请删除 // 注释)"
    if isinstance(error, json.JSONDecodeError):
        return f"the body is not JSON (请求体不是合法的 JSON): {error.msg}, line {error.lineno} column {error.colno}"
    return "the body is not JSON (请求体不是合法的 JSON): a number has too many digits"


def _first_problem(error: ValidationError) -> InvalidRequestError:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    field = ".".join(map(str, first["loc"]))
    return InvalidRequestError(first["msg"].removeprefix("Value error, "), field=field)
