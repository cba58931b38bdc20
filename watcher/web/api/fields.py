"""The fields of a request, from JSON or from a query, as WxPusher's clients really write them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Annotated, TypeAlias, TypeVar
from urllib.parse import unquote

from aiohttp import web
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic.alias_generators import to_camel

from watcher.core.values import Json
from watcher.errors import InvalidRequestError

_EMPTY: tuple[Json, ...] = (None, "", [])
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
    """Leave out of a list what `"UID_x,".split(",")` puts there."""
    return [each for each in value if each not in (None, "")] if isinstance(value, list) else value


def _decoded(url: str) -> str:
    """Return the URL; one real client percent-encodes it twice."""
    return unquote(url) if url.lower().startswith(("http%3a", "https%3a")) else url


Integer: TypeAlias = Annotated[int, BeforeValidator(_integer)]
Text: TypeAlias = Annotated[str, BeforeValidator(_sound_text)]
Integers: TypeAlias = Annotated[list[Integer], BeforeValidator(_without_empty)]
Texts: TypeAlias = Annotated[list[Text], BeforeValidator(_without_empty)]


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


class MessageFields(Fields):
    """What a message consists of."""

    content: Text = ""
    summary: Text = ""
    content_type: Integer = 1
    url: Annotated[Text, AfterValidator(_decoded)] = ""


class SendFields(MessageFields):
    """What a send asks for."""

    app_token: Text = ""
    topic_ids: Integers = Field(default_factory=list)
    uids: Texts = Field(default_factory=list)


class SimpleFields(MessageFields):
    """What a simple push asks for."""

    spt: Text = ""
    spt_list: Texts = Field(default_factory=list)


async def fields_of_body(request: web.Request, model: type[_Fields]) -> _Fields:
    """Return the fields of a JSON body. Raises InvalidRequestError, which names the field."""
    if request.content_type != "application/json":
        raise InvalidRequestError(f"Content-Type is {request.content_type}; send application/json")
    return _checked(model, _json_object(await request.read()))


def fields_of_query(query: Mapping[str, str]) -> SendFields:
    """Return the fields of the GET route: text only, one uid or one topic."""
    fields: dict[str, Json] = {key: query.get(key) for key in ("appToken", "content", "summary", "url")}
    return _checked(SendFields, fields | {"uids": [query.get("uid")], "topicIds": [query.get("topicId")]})


def _json_object(body: bytes) -> dict[str, Json]:
    try:
        text = body.decode("utf-8-sig")
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


def _checked(model: type[_Fields], fields: Mapping[str, Json]) -> _Fields:
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        raise _first_problem(error) from error


def _first_problem(error: ValidationError) -> InvalidRequestError:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    field = ".".join(map(str, first["loc"]))
    return InvalidRequestError(f"{field}: {first['msg'].removeprefix('Value error, ')}")
