"""What `validate` says of the secrets in a file: what links are like without them, and which are too short to find."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct

from watcher.core.message import usual_url
from watcher.core.redaction import SHORTEST, is_short
from watcher.core.watch import Watch


class KeptOut(Struct, frozen=True, kw_only=True):
    """
    The secrets that stand in a watch's `url`, and what its messages link to without them.

    Attributes:
        link: None: they have no link.
    """

    watch: str
    names: tuple[str, ...]
    link: str | None

    def __str__(self) -> str:
        names = ", ".join(f"${{{name}}}" for name in self.names)
        where = f"messages link to {self.link}" if self.link else "messages have no link"
        return f"watch {self.watch}: {names} {'is' if len(self.names) == 1 else 'are'} kept out of links: {where}"


def kept_out(watches: Iterable[Watch], as_of_now: Callable[[Watch], Watch]) -> Iterator[KeptOut]:
    """
    Yield what is kept out of the links of each watch with a secret in its `url`.

    Args:
        as_of_now: returns a watch with the dates in its `url` filled in.
    """
    for watch in watches:
        secrets = watch.request.secrets
        if secrets is not None and secrets.in_url:
            yield KeptOut(watch=watch.id, names=secrets.in_url, link=usual_url(as_of_now(watch)))


def too_short(watches: Iterable[Watch]) -> Iterator[str]:
    """Yield a sentence for each secret that would stand in texts by chance."""
    named: set[str] = set()
    for watch in watches:
        for name, value in watch.request.secrets.values if watch.request.secrets else ():
            if is_short(value) and name not in named:
                named.add(name)
                yield (
                    f"watch {watch.id}: ${{{name}}} has fewer than {SHORTEST} characters: it is kept out of links, "
                    "and not looked for in what the page shows, where it would stand by chance"
                )


def unfilled(watches: Iterable[Watch]) -> Iterator[str]:
    """Yield a sentence for each key in which `${NAME}` is not filled in, and would be told as it stands."""
    for watch in watches:
        texts = {
            "name": watch.name,
            "link": watch.link,
            "message.summary": watch.message.summary,
            "message.content": watch.message.content,
        }
        for key, text in texts.items():
            if isinstance(text, str) and "${" in text:
                yield (
                    f"watch {watch.id}: {key}: a secret such as ${{NAME}} is filled in in the request alone; "
                    "here it is told as it stands"
                )
