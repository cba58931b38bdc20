"""Lists come in pages: which one is asked for, what it holds, and where the next one is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Final, Generic, TypeAlias, TypeVar

from pydantic import Field

from watcher.core.push import Slice
from watcher.web.api.v1.models import FROM_TEXT, MAX_ID, IdText, Request, Response
from watcher.web.api.v1.operation import Call

MAX_LIMIT: Final = 100
N = TypeVar("N")
R = TypeVar("R", bound=Response)


Limit: TypeAlias = Annotated[
    Annotated[int, Field(ge=1, le=MAX_LIMIT)], FROM_TEXT, Field(description="How many items a page has.")
]


class PageParams(Request):
    """Which page of a list."""

    after: Annotated[
        Annotated[int, Field(ge=0, le=MAX_ID)],
        FROM_TEXT,
        Field(description="The cursor of the previous page; take it from `next`."),
    ] = 0
    limit: Limit = 50

    def slice(self, *, is_newest_first: bool = False) -> Slice:
        """Return what to ask for: one more than the page holds, which tells `page_of` that there is a next one."""
        return Slice(after=self.after, limit=self.limit + 1, is_newest_first=is_newest_first)


class AppPageParams(PageParams):
    """Which page, and of which application."""

    app: Annotated[IdText | None, Field(description="Only those of this application.")] = None


class Page(Response, Generic[R]):
    """One page of a list."""

    items: list[R]
    next: Annotated[str | None, Field(description="The address of the next page; null on the last one.")] = None

    @classmethod
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        """Return the name of a page in the document: `TopicPage`."""
        return f"{params[0].__name__}Page"


def page_of(
    call: Call,
    model: type[Page[R]],
    found: Sequence[N],
    limit: int,
    serialize: Callable[[N], R],
    cursor: Callable[[N], int | str],
) -> Page[R]:
    """
    Return a page of what was found.

    Args:
        found: up to one more than the page holds: that one says that there is a next page.
        cursor: what `after` of the next page is, if this item is the last of its page.
    """
    shown = found[:limit]
    following = call.link_after(cursor(shown[-1])) if len(found) > limit else None
    return model(items=[serialize(one) for one in shown], next=following)
