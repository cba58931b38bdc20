"""`watcher webhooks`."""

from __future__ import annotations

from tests.cli.command import Command


async def test_a_webhook_is_added_tested_renewed_and_removed(watcher: Command) -> None:
    app = str((await watcher("apps", "add", "Shop", "--json")).record["app_id"])
    await watcher("topics", "add", "Deals", "--app", app)
    url = "https://hooks.example/told"
    made = (await watcher("webhooks", "add", app, url, "--event", "message.sent", "--topic", "Deals", "--json")).record
    number, secret = str(made["id"]), str(made.pop("secret"))
    assert secret.startswith("whsec_")
    assert (await watcher("webhooks", "--json")).records == [made]
    assert secret not in (await watcher("webhooks", "list")).out
    assert (await watcher("webhooks", "test", number)).out == f"a test waits for webhook {number}\n"
    [told] = (await watcher("webhooks", "deliveries", number, "--json")).records
    assert (told["type"], told["state"], told["attempts"]) == ("test", "pending", 0)
    renewed = (await watcher("webhooks", "renew", number)).out
    assert renewed.startswith("whsec_")
    assert not renewed.startswith(secret)
    assert (await watcher("webhooks", "enable", number)).out == f"webhook {number} is enabled\n"
    assert (await watcher("webhooks", "remove", number)).out == f"webhook {number} removed\n"
    for verb in ("test", "renew", "enable", "remove"):
        answer = await watcher("webhooks", verb, number)
        assert answer.status != 0
        assert f"there is no webhook {number}" in answer.err
    refused = await watcher("webhooks", "add", app, url, "--event", "change")
    assert "change is of the watcher's own application alone" in refused.err
