"""Where notifications went → what takes their place: here readers choose, of what the operator has set up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from watcher.config.importing.masks import masked_destination

_MAIL: Final = "mail, which each reader sets for themselves (docs/channels.md)"
_PHONE: Final = "the inbox and Web Push of the reader's browser (docs/subscribing.md)"
_NTFY: Final = "the ntfy app, which each reader sets at /reach (docs/channels.md)"
_CHAT: Final = "the inbox, Web Push, WeChat or mail of each reader; or Apprise, an extra (docs/channels.md)"
_GROUP: Final = "the group's own robot: `watcher topics mirror` posts a topic there (docs/channels.md)"
_BARK: Final = "Bark, which each reader sets for themselves (docs/channels.md)"
_PROGRAM: Final = "`watcher events --follow --json`, or the API (docs/api.md)"
_COMMANDS: Final = "no commands are run: a program reads `watcher events --follow --json`"
_TERMINAL: Final = "`watcher check` prints what it tells"

_PLACES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("email", "mailgun", "mailto", "mailtos", "sendgrid", "ses"), _MAIL),
    **dict.fromkeys(
        ("pushover", "pushbullet", "gotify", "gotifys", "prowl", "pover", "pbul"),
        _PHONE,
    ),
    **dict.fromkeys(
        (
            *("telegram", "tgram", "slack", "discord", "matrix", "matrixs", "mattermost", "mmost", "xmpp", "msteams"),
            *("wxteams", "rocket", "signal", "whatsapp", "github_issue"),
        ),
        _CHAT,
    ),
    **dict.fromkeys(("wecombot", "feishu", "lark", "dingtalk"), _GROUP),
    **dict.fromkeys(("ntfy", "ntfys"), _NTFY),
    **dict.fromkeys(("bark", "barks"), _BARK),
    **dict.fromkeys(("webhook", "webservice", "ifttt", "json", "jsons", "form", "forms", "xml", "xmls"), _PROGRAM),
    **dict.fromkeys(("get", "gets", "post", "posts", "put", "puts", "delete", "deletes", "http", "https"), _PROGRAM),
    **dict.fromkeys(("shell", "run_command"), _COMMANDS),
    **dict.fromkeys(("stdout", "text", "html", "markdown", "browser"), _TERMINAL),
}


def place_of(destination: str) -> tuple[str, str]:
    """Return where notifications went, without its secrets, and what takes its place."""
    scheme = destination.partition("://")[0].lower() if "://" in destination else destination.lower()
    shown = masked_destination(destination) if "://" in destination else destination
    return shown, _PLACES.get(scheme, _CHAT)
