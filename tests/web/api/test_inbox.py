from __future__ import annotations

from tests.web.site import NOW, Site


async def test_a_script_reads_what_is_new_since_it_last_asked(site: Site) -> None:
    reader = await site.reader()
    await site.tell("first")
    await site.tell("second", summary="2nd", url="https://x.example")
    first, second = (await (await site.get("/api/v1/inbox", device=reader)).json())["data"]
    assert [first["content"], second["content"]] == ["first", "second"]
    assert second["createTime"] == int(NOW.timestamp() * 1000)
    assert second["page"].startswith("http://push.example/m/")
    newer = (await (await site.get(f"/api/v1/inbox?since={first['id']}", device=reader)).json())["data"]
    assert newer == [second]


async def test_a_since_that_is_no_number_is_malformed(site: Site) -> None:
    answer = await site.get("/api/v1/inbox?since=x", device=await site.reader())
    assert (await answer.json())["code"] == 1005
