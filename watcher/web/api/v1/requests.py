"""What the API takes: parameters and bodies, each checked by its model, which is also its documentation."""

from __future__ import annotations

import re
from typing import Annotated, Any, Final, Literal, Self, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, FailFast, Field, model_validator

from watcher.core.push import SubscriptionState, TopicMode
from watcher.core.values import Json
from watcher.push.apps import MAX_NOTE_CHARS
from watcher.push.draft import MAX_CONTENT_CHARS, MAX_SUMMARY_CHARS, MAX_URL_CHARS
from watcher.push.messages import MAX_TOPICS, MAX_UIDS

MAX_ID: Final = 2**53 - 1
"""A JSON number keeps its digits up to here, in every language."""
MAX_LIMIT: Final = 100
_MAX_SEQUENCE: Final = 10**12 - 2
_DIGITS: Final = re.compile(r"[0-9]{1,16}", re.ASCII)
_PLAIN: Final = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*$"
"""No control characters but tab and line breaks."""
_LINE: Final = r"^[^\x00-\x1f\x7f-\x9f]*$"
_HTTP: Final = r"^([Hh][Tt][Tt][Pp][Ss]?://[^\x00-\x20\x7f-\x9f]+)?$"
"""An address, or nothing."""
_BY_NUMBER: Final = (
    "Whether the link `/wxuser/?type={type}&id=…` leads to its page, as on the hosted WxPusher. Numbers can be counted "
    "through, so then anybody finds it; what is at its `link` alone is found by nobody who does not have that."
)
_MAX_GRACE_SECONDS: Final = 366 * 86_400


def _number(given: object) -> object:
    """Take digits for a number: parameters are text."""
    return int(given) if isinstance(given, str) and _DIGITS.fullmatch(given) else given


def _whole(given: object) -> object:
    """Take 3.0 for 3, as JSON Schema does."""
    return int(given) if isinstance(given, float) and given.is_integer() else given


def _inside(place: Literal["header", "path"]) -> dict[str, Any]:
    return {"x-in": place}


Id: TypeAlias = Annotated[Annotated[int, Field(ge=1, le=MAX_ID)], BeforeValidator(_whole)]
IdText: TypeAlias = Annotated[Id, BeforeValidator(_number)]
Name: TypeAlias = Annotated[str, Field(min_length=1, max_length=MAX_NOTE_CHARS, pattern=_LINE)]
Note: TypeAlias = Annotated[str, Field(max_length=MAX_NOTE_CHARS, pattern=_PLAIN)]
Address: TypeAlias = Annotated[str, Field(max_length=MAX_NOTE_CHARS, pattern=_HTTP)]
Uid: TypeAlias = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_]+$")]
Order: TypeAlias = Annotated[Literal["oldest", "newest"], Field(description="Which come first.")]
WatchId: TypeAlias = Annotated[str, Field(min_length=1, max_length=200, pattern=_LINE)]


class Request(BaseModel):
    """Part of a request. Unknown fields are refused: a typing error is no silent success."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Nothing(Request):
    """No parameters, or no body."""


# Parameters


class Slicing(Request):
    """Which page of a list."""

    after: Annotated[
        Annotated[int, Field(ge=0, le=MAX_ID)],
        BeforeValidator(_number),
        Field(description="The cursor of the page before: take it from `next`."),
    ] = 0
    limit: Annotated[
        Annotated[int, Field(ge=1, le=MAX_LIMIT)], BeforeValidator(_number), Field(description="Items of a page.")
    ] = 50


class OfApp(Slicing):
    """Which page, and of which application."""

    app: Annotated[IdText | None, Field(description="Of this application alone.")] = None


class MessageSlicing(OfApp):
    """Which page of the messages."""

    order: Order = "oldest"


class SubscriberSlicing(OfApp):
    """Which subscribers."""

    uid: Annotated[Uid | None, Field(description="This one alone.")] = None


class SubscriptionSlicing(SubscriberSlicing):
    """Which subscriptions."""

    state: Annotated[Literal["following", "waiting", "rejected"] | None, Field(description="Those that stand so.")] = (
        None
    )


class AppPath(Request):
    """Which application."""

    app_id: Annotated[IdText, Field(json_schema_extra=_inside("path"))]


class TopicPath(Request):
    """Which topic."""

    topic_id: Annotated[IdText, Field(json_schema_extra=_inside("path"))]


class SubscriberPath(Request):
    """Which subscriber."""

    uid: Annotated[Uid, Field(json_schema_extra=_inside("path"))]


class SubscriptionPath(Request):
    """Which subscription."""

    subscription_id: Annotated[IdText, Field(json_schema_extra=_inside("path"))]


class MessagePath(Request):
    """Which message."""

    message_id: Annotated[IdText, Field(json_schema_extra=_inside("path"))]


class CallbackSlicing(AppPath, Slicing):
    """Which page of an application's callbacks."""

    order: Order = "newest"


class DeliverySlicing(MessagePath, Slicing):
    """Which page of a message's deliveries."""


class WatchSlicing(Request):
    """Which page of the watches."""

    after: Annotated[
        str, Field(max_length=200, pattern=_LINE, description="Id of the last watch of the page before.")
    ] = ""
    limit: Annotated[Annotated[int, Field(ge=1, le=MAX_LIMIT)], BeforeValidator(_number)] = 50


class WatchPath(Request):
    """Which watch."""

    watch_id: Annotated[WatchId, Field(json_schema_extra=_inside("path"))]


class HistorySlicing(WatchPath):
    """Which page of a watch's history."""

    after: Annotated[
        Annotated[int, Field(ge=0, le=_MAX_SEQUENCE)],
        BeforeValidator(_number),
        Field(description="The sequence of the last change of the page before."),
    ] = 0
    limit: Annotated[Annotated[int, Field(ge=1, le=MAX_LIMIT)], BeforeValidator(_number)] = 50


class SendParameters(Request):
    """What a send says in its headers."""

    idempotency_key: Annotated[
        str | None,
        Field(
            alias="Idempotency-Key",
            min_length=1,
            max_length=255,
            pattern=r"^[\x20-\x7e]+$",
            description="A repeat with the same key, of the same application, sends nothing and gets the first answer; "
            "another request with it is refused. Kept for at least 7 days.",
            json_schema_extra=_inside("header"),
        ),
    ] = None


class InboxParameters(Request):
    """Which items of the inbox."""

    since: Annotated[
        Annotated[int, Field(ge=0, le=MAX_ID)],
        BeforeValidator(_number),
        Field(description="Id of the last known item."),
    ] = 0


# Bodies


def _example(**fields: Json) -> ConfigDict:
    """Return what shows a body that the server takes; a test sends each."""
    return ConfigDict(json_schema_extra={"examples": [fields]})


class AppDraft(Request):
    """An application to be made."""

    model_config = _example(
        name="Backups", contact="ops@example.org", callback_url="https://example.org/watcher-callback"
    )

    name: Name
    contact: Note = ""
    description: Note = ""
    follow_prompt: Note = ""
    callback_url: Address = ""
    settings_url: Address = ""


class Changes(Request):
    """What is to become different; what is absent or null stays."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError(f"name at least one of {', '.join(type(self).model_fields)}")
        return self


def _example_of_changes(**fields: Json) -> ConfigDict:
    return ConfigDict(json_schema_extra={"minProperties": 1, "examples": [fields]})


class AppChanges(Changes):
    """What an application shall say of itself; an empty text empties a field."""

    model_config = _example_of_changes(follow_prompt="Welcome. Your UID is {UID}.", callback_url="")

    name: Name | None = None
    contact: Note | None = None
    description: Note | None = None
    follow_prompt: Note | None = None
    callback_url: Address | None = None
    settings_url: Address | None = None
    by_number: Annotated[bool | None, Field(description=_BY_NUMBER.format(type=1))] = None


class TokenReset(Request):
    """How an application gets another token."""

    model_config = _example(grace_seconds=3600)

    grace_seconds: Annotated[
        Annotated[int, Field(ge=0, le=_MAX_GRACE_SECONDS)],
        BeforeValidator(_whole),
        Field(description="How long the token of now goes on; 0: it dies at once."),
    ] = 0


class TopicDraft(Request):
    """A topic to be made."""

    model_config = _example(app_id=2, name="Nightly backups", mode="approval")

    app_id: Annotated[Id | None, Field(description="Default: the token's own application, else the watcher's.")] = None
    name: Name
    description: Note = ""
    mode: TopicMode = TopicMode.OPEN


class TopicChanges(Changes):
    """What a topic shall be called, and who may follow it."""

    model_config = _example_of_changes(mode="open", by_number=True)

    name: Name | None = None
    description: Note | None = None
    mode: TopicMode | None = None
    by_number: Annotated[bool | None, Field(description=_BY_NUMBER.format(type=2))] = None


class SubscriberDraft(Request):
    """A subscriber to be made: a script, say, that reads its inbox. It follows these at once, closed or not."""

    model_config = _example(app_ids=[2], topic_ids=[1])

    app_ids: Annotated[list[Id], FailFast(), Field(max_length=20)] = []
    topic_ids: Annotated[list[Id], FailFast(), Field(max_length=20)] = []


class SubscriptionChange(Request):
    """How a subscription shall stand: approve with `following`, block with `rejected`."""

    model_config = _example(state="following")

    state: Literal[SubscriptionState.FOLLOWING, SubscriptionState.REJECTED]


class MessageDraft(Request):
    """A message to be sent, to at least one uid or topic."""

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [{"required": [field], "properties": {field: {"minItems": 1}}} for field in ("uids", "topic_ids")],
            "examples": [
                {
                    "app_id": 2,
                    "content": "**db1** is backed up",
                    "summary": "Backup done",
                    "content_type": "markdown",
                    "url": "https://example.org/backups/db1",
                    "topic_ids": [103],
                    "uids": ["UID_x"],
                }
            ],
        }
    )

    app_id: Annotated[
        Id | None, Field(description="In whose name. May be left out with a token of one application.")
    ] = None
    content: Annotated[str, Field(min_length=1, max_length=MAX_CONTENT_CHARS, pattern=_PLAIN)]
    summary: Annotated[
        str | None, Field(max_length=MAX_SUMMARY_CHARS, pattern=_PLAIN, description="Default: the content's head.")
    ] = None
    content_type: Literal["text", "html", "markdown"] = "text"
    url: Annotated[str | None, Field(max_length=MAX_URL_CHARS, pattern=_HTTP)] = None
    uids: Annotated[list[Uid], FailFast(), Field(max_length=MAX_UIDS)] = []
    topic_ids: Annotated[list[Id], FailFast(), Field(max_length=MAX_TOPICS)] = []

    @model_validator(mode="after")
    def _goes_somewhere(self) -> Self:
        if not self.uids and not self.topic_ids:
            raise ValueError("uids, topic_ids: both are empty; name at least one receiver")
        return self
