"""The fields of a send request, from JSON or from a query, as WxPusher's clients really write them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Annotated, TypeAlias, TypeVar
from urllib.parse import unquote

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic.alias_generators import to_camel

from watcher.core.values import Json
from watcher.errors import InvalidRequestError

_EMPTY: tuple[Json, ...] = (None, "", [])
_QUOTED = re.compile(r'"(?:\\.|[^"\\])*+(?:"|\\?\Z)', re.DOTALL)  # possessive: linear on hostile text
_Fields = TypeVar("_Fields", bound=BaseModel)
_INTEGER = re.compile(r"-?[0-9]{1,18}", re.ASCII)


def _integer(value: Json) -> Json:
    """Take `"103"` for 103, as old clients send it; what else is no integer is refused by the model."""
    if isinstance(value, str) and _INTEGER.fullmatch(value.strip()):
        return int(value)
    return value


def _sound_text(value: Json) -> Json:
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise ValueError("has half a surrogate pair in it, which is no text") from error
    return value


def _decoded(url: str) -> str:
    """Return the URL; one real client percent-encodes it twice."""
    return unquote(url) if url.lower().startswith(("http%3a", "https%3a")) else url


Integer: TypeAlias = Annotated[int, BeforeValidator(_integer)]
Text: TypeAlias = Annotated[str, BeforeValidator(_sound_text)]


class MessageFields(BaseModel):
    """
    What a message consists of. Only forms are checked here; limits belong to the push service.

    `null`, `""`, `[]` and an absent key mean the same; unknown fields are passed over.
    """

    model_config = ConfigDict(strict=True, frozen=True, alias_generator=to_camel, extra="ignore")

    content: Text = ""
    summary: Text = ""
    content_type: Integer = 1
    url: Annotated[Text, AfterValidator(_decoded)] = ""

    @model_validator(mode="before")
    @classmethod
    def _drop_empty(cls, fields: Mapping[str, Json]) -> dict[str, Json]:
        return {key: value for key, value in fields.items() if value not in _EMPTY}


class SendFields(MessageFields):
    """What a send asks for."""

    app_token: Text = ""
    topic_ids: list[Integer] = Field(default_factory=list)
    uids: list[Text] = Field(default_factory=list)


class SimpleFields(MessageFields):
    """What a simple push asks for."""

    spt: Text = ""
    spt_list: list[Text] = Field(default_factory=list)


def fields_of_body(body: bytes, content_type: str) -> SendFields:
    """Return the fields of a JSON body. Raises InvalidRequestError, which names the field."""
    return _checked(SendFields, object_of_body(body, content_type))


def simple_fields_of_body(body: bytes, content_type: str) -> SimpleFields:
    """Return the fields of the JSON body of a simple push. Raises InvalidRequestError, which names the field."""
    return _checked(SimpleFields, object_of_body(body, content_type))


def fields_of_query(query: Mapping[str, str]) -> SendFields:
    """Return the fields of the GET route: text only, one uid or one topic."""
    fields: dict[str, Json] = {key: query.get(key) for key in ("appToken", "content", "summary", "url")}
    uid, topic_id = query.get("uid"), query.get("topicId")
    return _checked(SendFields, fields | {"uids": [uid] if uid else None, "topicIds": [topic_id] if topic_id else None})


def object_of_body(body: bytes, content_type: str) -> dict[str, Json]:
    """Return the object of a JSON body. Raises InvalidRequestError."""
    if content_type != "application/json":
        raise InvalidRequestError(f"Content-Type is {content_type}; send application/json")
    return _json_object(body)


def first_problem(error: ValidationError) -> InvalidRequestError:
    """Return what is wrong with the first field that is."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    field = ".".join(map(str, first["loc"]))
    return InvalidRequestError(f"{field}: {first['msg']}")


def _json_object(body: bytes) -> dict[str, Json]:
    try:
        text = body.decode("utf-8-sig")
        found: Json = json.loads(text)
    except UnicodeDecodeError as error:
        raise InvalidRequestError("the body is not UTF-8") from error
    except RecursionError as error:
        raise InvalidRequestError("the body is nested too deeply") from error
    except ValueError as error:  # malformed, or an integer of more than 4,300 digits
        raise InvalidRequestError(_advice(text)) from error
    if not isinstance(found, dict):
        raise InvalidRequestError("the body is not a JSON object")
    return found


def _advice(text: str) -> str:
    if re.search(r"//|/\*", _QUOTED.sub('""', text)):
        return "the body is not JSON: remove the comments (请删除 // 注释)"
    return "the body is not JSON (请求体不是合法的 JSON)"


def _checked(model: type[_Fields], fields: Mapping[str, Json]) -> _Fields:
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        raise first_problem(error) from error
