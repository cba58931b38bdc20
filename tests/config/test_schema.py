from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from tests.config.files import plain, watch_file
from tests.config.validator import validator
from watcher.config.schema import json_schema
from watcher.config.starter import STARTER

ROOT = Path(__file__).parents[2]


def test_the_schema_takes_the_files_of_the_project() -> None:
    validator().validate(yaml.safe_load(STARTER))
    validator().validate(yaml.safe_load((ROOT / "watches.yaml").read_text(encoding="utf-8")))


FORMS = {
    "a selector": 'extract: "#x"',
    "a single selector with options": "extract: {css: p, type: money}",
    "values": "extract: {a: p, b: {css: p, attr: x, optional: true}}",
    "items": "items: {css: tr, key: td, fields: {a: td}}\nwhere: {key: {matches: ^CS}, a: {is: [1, two]}}",
    "a word": "notify_when: added",
    "an entry": "notify_when: {price: {below: 10.5}}",
    "entries": "notify_when: [changes, {price: changes, added: true}, {a: {appears: true}}]",
    "events of fields": "notify_when: [{changed: a}, {changed: [a, b]}, {changed: true}]",
    "a link": "link: https://x.example/",
    "a link's selector": "link: {css: a}",
    "two topics": "topic: [a, b]",
    "texts": "page_must_contain: [a, 12]",
    "languages": "extract: {a: {xpath: //a}, b: {jsonpath: $.a}, c: {regex: x}, d: {product: price}}",
    "one language": "extract: {jsonpath: $.a}",
    "a feed": "items: {feed: true, fields: {a: author, b: {part: published}}, rolling: false}",
    "pages": "items: {css: tr, key: td}\npages: {next: a, max: 5}\nempty_when: {xpath: //p}",
    "counted pages": "items: {css: tr, key: td, pages: {param: p, from: 0, until: empty}, empty_when: p}",
    "measures": "notify_when: [{a: {drops_by: 5%}}, {a: {rises_by: 5}}, {a: {new_low: 30d, new_high: 1h}}]",
    "dates": "notify_when: {a: {below: 2026-12-12}, topic: [x], already: ignore}",
    "each": "for_each: {a: {n: 5}}\nevery: '{each.n}'\nnotify_when: {a: {below: '{each}'}}",
    "hours": "active_hours: {from: 07:00, to: '01:30', days: [mon-fri, sun], timezone: UTC}\ncron: '* * * * *'",
    "errors": "on_error: {after: never, topic: a}\naccept_after: 3\nstale_after: 1d\nmax_step: 5%",
    "more errors": "on_error: {after: 1h}\nmax_step: 5\nremind_every: never\ngroup_within: 0s",
    "a request": "method: POST\nbody: {a: [1]}\ncookies: {a: b}\nproxy: none\nmax_bytes: 1000\nverify: false",
    "noise": "known_values: ignore\nignore_differences: case",
    "settings": "every: 1h30m\njitter: 12.5%\nper_host: {min_delay: 500ms}\nheaders: {A: b}",
}


@pytest.mark.parametrize("body", FORMS.values(), ids=FORMS)
def test_the_schema_takes_every_form_of_a_key(body: str) -> None:
    text = watch_file(body)
    validator().validate(plain(text.replace("    topic: t\n", "") if body.startswith("topic") else text))


WRONG = {
    "an unknown key": "notify: added",
    "an unknown word": "notify_when: [cheaper]",
    "an unknown condition": "notify_when: {price: {belw: 1}}",
    "a wrong type": "extract: {a: {css: p, type: mony}}",
    "a duration without a unit": "every: 10",
    "a selector without css": "link: {attr: href}",
    "an empty value": "name:",
    "no pages": "items: {css: tr, key: td}\npages: {max: 5}",
    "no rows": "items: {key: td}",
    "too many checks": "confirm: 101",
    "a time of another day": "active_hours: {from: '25:00'}",
    "no step": "max_step: 0",
    "browser": "browser: true",
}


@pytest.mark.parametrize("body", WRONG.values(), ids=WRONG)
def test_the_schema_refuses_what_the_loader_refuses(body: str) -> None:
    assert not validator().is_valid(yaml.safe_load(watch_file(body)))


def test_the_file_in_the_repository_is_the_schema() -> None:
    assert json.loads((ROOT / "watches.schema.json").read_text(encoding="utf-8")) == json_schema()


def test_every_key_is_described() -> None:
    schema = json_schema()
    described = {
        (name, key): "description" in about
        for name, part in {"FileModel": schema, **schema["$defs"]}.items()
        for key, about in part.get("properties", {}).items()
    }
    assert len(described) > 100
    assert [key for key, is_described in described.items() if not is_described] == []


def test_no_name_of_our_own_is_a_title_in_the_schema() -> None:
    schema = json_schema()
    assert [name for name, part in {"": schema, **schema["$defs"]}.items() if "title" in part] == []


def test_the_parts_of_a_file_are_in_the_schema() -> None:
    file = "include: [a.yaml]\nall_well: 09:00\ntopics: {a: {app: b}}\ndefaults: {timezone: UTC}"
    validator().validate(plain(file))
    validator().validate(plain("all_well: {at: '09:00', timezone: UTC, topic: [a]}"))


def test_defaults_are_in_the_schema_as_they_are_written() -> None:
    settings = json_schema()["$defs"]["DefaultsModel"]["properties"]
    assert {key: settings[key]["default"] for key in ("every", "jitter", "timeout")} == {
        "every": "10m",
        "jitter": "10%",
        "timeout": "20s",
    }
