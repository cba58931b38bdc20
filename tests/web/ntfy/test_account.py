"""What programs ask before they send, as Home Assistant's integration does."""

from __future__ import annotations

import base64

import pytest

from tests.web.site import Site


def _basic(user: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


@pytest.mark.parametrize("at", ["", "/ntfy"])
async def test_home_assistant_is_set_up_with_a_token_as_its_password(site: Site, at: str) -> None:
    """In the order of its `config_flow.py`: the account, a token for it, and the account by that token."""
    app, token = await site.app()
    topic = await site.push.topics.add("backups", app_id=app.id)
    account = await (await site.get(f"{at}/v1/account", headers=_basic("phil", token))).json()
    assert (account["username"], account["role"]) == ("phil", "user")
    asked = b'{"label": "Home Assistant"}'
    given = await (await site.post(f"{at}/v1/account/token", headers=_basic("phil", token), body=asked)).json()
    assert given == {"token": token}
    bearer = {"Authorization": f"Bearer {given['token']}"}
    sent = await site.post(f"{at}/{topic.id}", headers=bearer, body=b"from Home Assistant")
    assert sent.status == 200
    account = await (await site.get(f"{at}/v1/account", headers=bearer)).json()
    assert (account["username"], account["stats"]["messages"]) == ("Shop", 1)
    assert all(isinstance(figure, int) for figure in account["stats"].values())


@pytest.mark.parametrize(("user", "password"), [("{token}", ""), ("{token}", "secret"), ("", "{token}")])
async def test_no_secret_is_told_as_a_name(site: Site, user: str, password: str) -> None:
    _, token = await site.app()
    headers = _basic(user.format(token=token), password.format(token=token))
    assert (await (await site.get("/v1/account", headers=headers)).json())["username"] == "Shop"


async def test_who_brings_no_token_is_nobody_and_a_wrong_one_is_refused(site: Site) -> None:
    account = await (await site.get("/v1/account")).json()
    assert (account["username"], account["role"]) == ("*", "anonymous")
    for answer in (
        await site.get("/v1/account", headers=_basic("phil", "secret")),
        await site.get("/v1/account", headers={"Authorization": "Bearer AT_wrong"}),
        await site.post("/v1/account/token"),
    ):
        assert (answer.status, (await answer.json())["code"]) == (401, 40101)
