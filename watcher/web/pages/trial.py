"""
Trying it out: a QR code for whoever visits, a test message for whoever scans it, and word of it to the visitor.

The address of a trial holds its whole code; the scanner's page, `/q/{slug}`, does not say it.
"""

from __future__ import annotations

from aiohttp import web

from watcher.core.caps import Made
from watcher.core.push import Draft
from watcher.push.draft import make_draft
from watcher.push.trials import TRIAL_SECONDS
from watcher.translations import text
from watcher.web.keys import SERVICE, SETTINGS
from watcher.web.middleware.limits import count_address, count_making
from watcher.web.pages.language import language_of
from watcher.web.pages.view import render, see_other


async def show_trial_start(request: web.Request) -> web.Response:
    """`GET /try`: what a trial is, and the button that begins one."""
    return render(request, "try.html", minutes=TRIAL_SECONDS // 60)


async def begin_trial(request: web.Request) -> web.Response:
    """`POST /try`: make a code, and lead to the page that shows it."""
    count_making(request, Made.TRIALS)
    code = await request.app[SERVICE].trials.begin()
    return see_other(f"/try/{code.code}")


async def show_trial(request: web.Request) -> web.Response:
    """`GET /try/{code}`: the code, and what has become of it; a script asks again and again."""
    count_address(request, "look at a trial", request.app[SETTINGS].address_calls)
    trial = await request.app[SERVICE].trials.find(request.match_info["code"])
    if trial is None:
        return render(request, "trial.html", status=404, state="expired")
    settings = request.app[SETTINGS]
    return render(
        request,
        "trial.html",
        state=trial.state.value,
        scan_path=f"/q/{trial.code.slug}",
        link=settings.link(f"/q/{trial.code.slug}"),
        is_loopback=settings.is_loopback,
    )


def trial_draft(request: web.Request) -> Draft:
    """Return the test message, in the language of the device that scanned."""
    language = language_of(request)
    return make_draft(text(language, "trial_message"), summary=text(language, "trial_message_summary"))


def is_of_trial(path: str) -> bool:
    """Return whether this address belongs to trials, which the operator may switch off."""
    return path == "/try" or path.startswith("/try/")
