"""What the rooms of the console offer to choose from."""

from __future__ import annotations

from tests.web.site import NOW
from watcher.core.push import App, AppProfile
from watcher.web.console.scope import offered_apps


def _app(number: int) -> App:
    return App(id=number, key=None, slug=f"slug{number}", profile=AppProfile(name=f"A{number}"), created_at=NOW)


def test_of_many_applications_the_newest_are_offered_and_always_the_chosen_one() -> None:
    """Else a filter that is sent once more would lose its application."""
    apps = [_app(number) for number in range(1, 301)]
    assert [app.id for app in offered_apps(apps, None)] == list(range(300, 100, -1))
    assert [app.id for app in offered_apps(apps, apps[0])] == [*range(300, 100, -1), 1]
    assert len(offered_apps(apps, apps[250])) == 200
