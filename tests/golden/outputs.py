"""
How commands end, and what they print for programs: one story, in which each is run as it usually is.

Nobody's words are frozen, only statuses, keys, types, and such texts as programs compare.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tests.golden.product import Product
from tests.golden.shapes import shape
from tests.golden.storage import NOWHERE
from tests.push.emulators.hosted import a_hosted_wxpusher, a_uid
from tests.site import Site, serve_site
from watcher.core.accounts import Purpose, Registration
from watcher.core.settings import Settings
from watcher.runtime import push_service

_WATCHES: Final = """
topics:
  deals: {{name: Deals}}
watches:
  book:
    url: {url}/book
    topic: deals
    tags: [shop]
    allow_private: true
    per_host: {{min_delay: 0s}}
    extract:
      price: {{css: .price, type: money}}
      left: {{css: .left, type: integer}}
      until: {{css: .until, type: date, optional: true}}
      page: {{css: a, attr: href, type: url, optional: true}}
    notify_when:
      - price: {{drops_by: 5%}}
      - left: {{below: 3}}
  list:
    url: {url}/list
    topic: news
    allow_private: true
    per_host: {{min_delay: 0s}}
    items: {{css: li, key: b, fields: {{seats: {{css: i, type: number}}}}}}
  gone:
    url: {url}/gone?key=${{KEY}}
    topic: news
    allow_private: true
    per_host: {{min_delay: 0s}}
    extract: h1
  off:
    url: https://shop.example/
    topic: news
    enabled: false
"""
_KEY: Final = {"KEY": "0123456789abcdef"}
_WECHAT: Final = {"APP_ID": f"wx{'0' * 16}", "SECRET": "0" * 32, "TOKEN": "token", "TEMPLATE": "template_id"}
_BOOK: Final = "<p class=price>€ {}</p><p class=left>{}</p><p class=until>2026-12-24</p><a href=/buy>Buy</a>"
_WORDS: Final = (
    *("outcome", "kind", "state", "mode", "check", "language", "encoding", "media_type", "engine", "key", "scopes"),
    *("event",),
)
"""What programs compare; all of `check`, `state`, … that occur in the story."""

_NO_BARK: Final = "http://127.0.0.1:9"
"""Where nobody answers."""
_ROBOT = "https://oapi.dingtalk.com/robot/send?access_token=5f0c9d1e2b3a4c5d6e7f8a9b0c1dbeef\nSEC0d1f2a3b4c5d\n"


async def freeze(directory: Path) -> Mapping[str, str]:
    """Return how each command ended, and the shapes of what was printed."""
    product = Product.at(directory)
    async with serve_site() as site:
        await _begin(product)
        await _ask_for_what_is_not_there(product)
        await _watch(product, site)
        await _try(product, site)
        await _move(product)
        await _look_after_people(product)
        await _keep(product)
    lines = [f"{status} · {line}" for line, status in product.ended]
    shapes = [
        "\n".join([f"watcher {kind} --json", *(f"  {line}" for line in shape(records, words=_WORDS))])
        for kind, records in sorted(product.records.items())
    ]
    return {"outputs.exits.txt": "\n".join(lines) + "\n", "outputs.txt": "\n\n".join(shapes) + "\n"}


async def _begin(run: Product) -> None:
    """Ask for nothing, for what is no command, and for what is not there yet; then begin."""
    for line in ("", "--version", "--help", "nothing", "check --nothing", "--json check", "--log-format xml check"):
        await run(line)
    for line in ("check", "status", "validate --json", "accept book", "doctor", "losses", "history book"):
        await run(line)
    for line in ("restore nothing.tar", "backup", "outbox --json", "messages", "tokens"):
        await run(line)
    (run.command.directory / "urls.yaml").write_text("url: https://x.example/\nfilter: [css: .a, strip, sort]\n")
    for line in ("import urls.yaml --dry-run --json", "import urls.yaml --output -", "import nothing.yaml"):
        await run(line, kind="import")
    await run.together("import urls.yaml --format opml", "import urls.yaml --topic 'a b'")
    for line in ("init", "init", "init --config nowhere/watches.yaml", "validate"):
        await run(line)


async def _ask_for_what_is_not_there(run: Product) -> None:
    (run.command.directory / "bad.yaml").write_text("watches: {a: {url: x, every: often, topic: [1]}, b: {}}")
    (run.command.directory / "no.yaml").write_text("watches: [")
    await run("run --config other.yaml")
    for line in ("validate", "check", "run"):
        await run(f"{line} --config bad.yaml")
    for file in ("bad", "no", "other"):
        await run(f"validate --config {file}.yaml --json")
    for option in ("--port 99999", "--base-url nowhere", "--tls-cert c.pem", "--tls-cert c.pem --tls-key k.pem"):
        await run(f"serve {option}")
    for option in ("--keep-messages 1d", "--failover-after 1s", "--health x", "--trusted-proxy x", "--vapid-subject x"):
        await run(f"serve {option}")
    await run("serve", WATCHER_PORT="x")
    for line in ("qr nothing", "send nothing hi", "topics rotate 99", "topics edit 1", "topics add x --app 99"):
        await run(line)
    for line in ("apps edit 99 --name x", "apps edit 1", "apps qr 99", "apps callbacks 99", "apps reset-token 99"):
        await run(line)
    for line in ("apps add ''", "subscribers remove UID_x", "subscribers add --topic nothing", "tokens add x"):
        await run(line)
    for line in ("subscribers approve UID_x --app 1", "tokens remove 99", "subscribers --limit 0"):
        await run(line)
    upstream = {"WATCHER_UPSTREAM_TOKEN": f"AT_{'x' * 32}", "WATCHER_UPSTREAM_URL": "x"}
    wrong: tuple[dict[str, str], ...] = (
        *({name: "x"} for name in ("WATCHER_SMTP_URL", "WATCHER_MAIL_FROM", "WATCHER_UPSTREAM_TOKEN")),
        *({f"WATCHER_WECHAT_{name}": "x"} for name in (*_WECHAT, "AES_KEY", "FIELDS", "API")),
        upstream,
    )
    for settings in wrong:
        wechat = {f"WATCHER_WECHAT_{name}": value for name, value in _WECHAT.items()}
        around = wechat if "WECHAT" in next(iter(settings)) else {}
        await run("serve --port 0", **{**around, **settings})


async def _watch(run: Product, site: Site) -> None:
    watches = _WATCHES.format(url=site.url)
    run.command.write(watches)
    away = watches.replace("{name: Deals}", "{id: 103}").replace("topics:", "topics:\n  news: {id: 104}")
    (run.command.directory / "away.yaml").write_text(away)
    await run("validate")
    await run("validate --json", **_KEY)
    await run("status --json", **_KEY)
    site.show("/book", _BOOK.format("12.00", 9))
    site.show("/list", "".join(f"<li><b>{name}</b> <i>1.5</i></li>" for name in "abcd"))
    await run("check --json", **_KEY)
    await run("check book list", **_KEY)
    await run("check --json book", **_KEY)
    await run("check nothing", **_KEY)
    await run("check --drain-timeout never", **_KEY)
    await run("check --push nowhere", **_KEY)
    await run("check --push http://127.0.0.1:9", **_KEY)
    await run("subscribers add --topic deals --topic news --json", kind="subscribers add", **_KEY)
    site.show("/book", _BOOK.format("9.00", 2))
    site.show("/list", "<li><b>a</b> <i>2.5</i></li>")
    await run(f"check --config away.yaml {NOWHERE} --json", **_KEY)
    await run("outbox --json")
    await run("status --json", **_KEY)
    await run("status", **_KEY)
    await run("status --tag nothing", **_KEY)
    await run("accept list --json", **_KEY)
    for line in ("pause list --json", "mute list --for 1d --json", "resume list --json", "resume list", "pause"):
        await run(line, **_KEY)
    await run("suggest book list --json", kind="suggest ID", **_KEY)
    await run("suggest --failing", **_KEY)
    await run("accept nothing", **_KEY)
    await run("check list --json", **_KEY)
    for line in ("history book", "history book --json", "history list --json", "history nothing"):
        await run(line, **_KEY)
    (run.command.directory / "rules.yaml").write_text("notify_when: [{price: {below: 10}}]")
    (run.command.directory / "bad_rules.yaml").write_text("notify_when: [{cost: {below: 10}}]")
    await run("replay book --json", **_KEY)
    await run("replay book --rules rules.yaml --json", **_KEY)
    await run("replay book --rules bad_rules.yaml", **_KEY)
    await run("replay off", **_KEY)
    await run("messages --json", **_KEY)
    await run("events --json", **_KEY)
    await run("outbox")


async def _try(run: Product, site: Site) -> None:
    (run.command.directory / "old.html").write_text(_BOOK.format("12.00", 9))
    (run.command.directory / "new.html").write_text(_BOOK.format("9.00", 2))
    run.names["url"] = site.url
    await run("try list --json", kind="try ID", **_KEY)
    await run("try {url}/book .nothing --json", kind="try URL")
    await run("try gone --json", kind="try, failed", **_KEY)
    await run("suggest {url}/book --json", kind="suggest URL", **_KEY)
    await run("add {url}/book --yes --id added --config added.yaml --json", kind="add", **_KEY)
    for line in ("list --json", "rename added other", "edit nothing", "export", "remove other --yes"):
        await run(f"{line} --config added.yaml", **_KEY)
    await run("try book --from old.html --to new.html --json", kind="try --from --to", **_KEY)
    await run.together(
        "suggest {url}/gone",
        "suggest nothing",
        "add {url}/book",
        "try nothing",
        "try book --from old.html",
        "try {url}/book '['",
        **_KEY,
    )


async def _move(run: Product) -> None:
    async with a_hosted_wxpusher() as hosted:
        run.names.update(hosted=hosted.url, token=hosted.an_app(97123, "Shop"))
        hosted.a_topic(40211, "Deals", 97123)
        hosted.follow(a_uid(1), 97123)
        hosted.follow(a_uid(2), 97123, 40211)
        for more in ("--dry-run --json", "--dry-run", "--app-id 5", "--topic Deals", ""):
            line = f"import wxpusher --app-token {{token}} --url {{hosted}} --data moved {more}".strip()
            await run(line, kind="import wxpusher")
        for more in ("--dry-run", "--topics --json", "--json"):
            await run(f"subscribers invite --data moved {more}", kind="subscribers invite")


async def _look_after_people(run: Product) -> None:
    app = (await run("apps add Shop --contact me --callback-url http://127.0.0.1:9/ --json", kind="apps add")).record
    run.names["app"] = str(app["app_id"])
    await run("apps --json")
    await run("apps edit {app} --description Books --by-number --json", kind="apps edit")
    await run("apps qr {app}")
    await run("apps reset-token {app} --grace 1h --json", kind="apps reset-token")
    await run("apps reset-token {app} --grace never")
    await run("apps reset-key {app} --json", kind="apps reset-key")
    topic = (await run("topics add Club --app {app} --mode approval --json", kind="topics add")).record
    run.names["topic"] = str(topic["topic_id"])
    await run("topics --json", **_KEY)
    await run("topics list")
    await run("topics edit {topic} --name Guild --json", kind="topics edit", **_KEY)
    await run("topics rotate {topic} --json", kind="topics rotate", **_KEY)
    await run("topics feed {topic} --new --json", kind="topics feed", **_KEY)
    (run.command.directory / "robot").write_text(_ROBOT)
    group = (await run("topics mirror {topic} Buyers --from robot --json", kind="topics mirror", **_KEY)).record
    run.names["group"] = group["id"]
    await run("topics mirror {topic} Others --from nothing")
    await run("topics mirrors {topic} --json", kind="topics mirrors", **_KEY)
    await run("topics mirrors {topic}")
    await run("topics unmirror {topic} {group} --json", kind="topics unmirror", **_KEY)
    (run.command.directory / "robot").write_text(f"{_NO_BARK}/0123456789abcdefABCDEF\n")
    bark = {"WATCHER_BARK_URL": _NO_BARK, **_KEY}
    phone = (await run("topics mirror {topic} Phone --from robot --json", kind="topics mirror", **bark)).record
    run.names["group"] = phone["id"]
    await run("topics test-mirror {topic} {group} --json", kind="topics test-mirror", **bark)
    await run("topics unmirror {topic} {group}", **_KEY)
    for name in ("Old", "Other"):
        await run(f"topics add {name}")
    await run("topics merge Old Other --json", kind="topics merge")
    await run("topics remove Other --json", kind="topics remove", **_KEY)
    added = await run("subscribers add --topic {topic} --app {app} --json", kind="subscribers add", **_KEY)
    run.names["uid"] = added.record["uid"]
    await run("subscribers reject {uid} --topic {topic} --json", kind="subscribers reject")
    await run("subscribers --json")
    await run("subscribers reject {uid} --topic {topic} --undo --json", kind="subscribers reject")
    await run("subscribers approve {uid} --topic {topic} --json", kind="subscribers approve")
    await run("subscribers approve {uid} --topic 99")
    await run("subscribers remove {uid} --topic {topic} --json", kind="subscribers remove")
    await run("subscribers forget-browsers --json", kind="subscribers forget-browsers")
    await run("apps callbacks {app} --json", kind="apps callbacks")
    await _register(run)
    await run("accounts --json")
    await run("accounts approve 1")
    await run("accounts sessions 1 --json", kind="accounts sessions")
    await run("accounts approvers 1 --json", kind="accounts approvers")
    await run("accounts recover 1", **_KEY)
    await run("tokens add CI --scope apps:read --scope messages:send --app {app} --json", kind="tokens add")
    await run("tokens --json")
    await run("tokens remove 1")
    await run("webhooks add {app} https://a.example/ --event message.sent --json", kind="webhooks add")
    await run("webhooks --json")
    await run("webhooks test 1")
    await run("webhooks deliveries 1 --json", kind="webhooks deliveries")
    await run("webhooks renew 1 --json", kind="webhooks renew")
    await run("webhooks remove 1")
    await run("send {topic} hello --summary s --url https://shop.example/ --json", **_KEY)
    await run("send {topic} ''", **_KEY)
    await run("messages --json")
    await run("qr deals --svg code.svg --png code.png", **_KEY)
    await run("qr deals --svg nowhere/code.svg", **_KEY)
    await run("password --generate")
    await run("password")


async def _register(run: Product) -> None:
    """Let somebody ask for an account, and sign in, by which a command cannot."""
    async with push_service(Settings(data=run.command.directory / ".watcher")) as service:
        code = await service.sign_in_codes.make(Purpose.SIGN_IN, kind="", address="")
        await service.registrations.register(code.code, "Grace", Registration.OPEN, kind="", replacing=None)
        await service.sign_ins.finish(code, kind="Firefox · Linux", replacing=None)


async def _keep(run: Product) -> None:
    nowhere = "http://127.0.0.1:9"
    mail = {"WATCHER_SMTP_URL": "smtp://127.0.0.1:9", "WATCHER_MAIL_FROM": "a@b.example"}
    upstream = {"WATCHER_UPSTREAM_TOKEN": f"AT_{'x' * 32}", "WATCHER_UPSTREAM_URL": nowhere}
    wechat = {f"WATCHER_WECHAT_{name}": value for name, value in _WECHAT.items()} | {"WATCHER_WECHAT_API": nowhere}
    await run(f"doctor --base-url {nowhere} --json", **_KEY, **mail, **upstream, **wechat)
    await run("doctor --send-test UID_x --json", **_KEY)
    await run("doctor --config other.yaml --json")
    await run("backup --to saved.tar --json")
    await run("backup --to nowhere/saved.tar")
    await run("losses --json")
    await run("database --json")
    async with run.serving("serve", "http://push.example") as server:
        run.names["server"] = server.url
        sent = "doctor --base-url {server} --send-test {uid} --wait 1s --json"
        await run(sent, kind="doctor --send-test", **_KEY)
        await run.together("serve --port 0", "run --port 0", "restore saved.tar", "check book", **_KEY)
    await run("restore saved.tar --json")
    await run("restore bad.yaml")
    (run.data / "push.db").unlink()
    await run("topics", **_KEY)
    await run("losses --json")
    await run("losses --accept --json")
