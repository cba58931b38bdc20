"""What ntfy has and we do not, and what is nowhere: answered as ntfy does, because programs ask."""

from __future__ import annotations

import pytest

from tests.web.site import Site


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/v1/nothing"), ("POST", "/v1/settings"), ("DELETE", "/ntfy/v1/stats"), ("PATCH", "/ntfy/a/b/c")],
)
async def test_what_ntfy_has_and_we_do_not_is_answered_as_ntfy_does(site: Site, method: str, path: str) -> None:
    async with site.client.request(method, path) as answer:
        assert await answer.json() == {"code": 40401, "http": 404, "error": "page not found"}
        assert answer.status == 404
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


async def test_a_method_that_an_address_does_not_have_is_answered_so_too(site: Site) -> None:
    async with site.client.delete("/v1/health") as answer:
        assert (answer.status, (await answer.json())["code"]) == (404, 40401)


async def test_a_topic_whose_name_begins_so_is_reached(site: Site) -> None:
    app, token = await site.app()
    await site.push.topics.add("v1", app_id=app.id)
    bearer = {"Authorization": f"Bearer {token}"}
    assert (await site.post("/ntfy/v1", headers=bearer, body=b"x")).status == 200
    answer = await site.get("/ntfy/v1/json?poll=1", headers=bearer)
    assert b'"message":"x"' in await answer.read()
