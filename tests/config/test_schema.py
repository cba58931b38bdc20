from __future__ import annotations

from pathlib import Path

import jsonschema_rs
import pytest
import yaml

from tests.config.files import watch_file
from watcher.config import STARTER, json_schema

VALIDATOR = jsonschema_rs.validator_for(json_schema())
ROOT = Path(__file__).parents[2]


def test_the_schema_takes_the_files_of_the_project() -> None:
    VALIDATOR.validate(yaml.safe_load(STARTER))
    VALIDATOR.validate(yaml.safe_load((ROOT / "watches.yaml").read_text(encoding="utf-8")))


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
    "settings": "every: 1h30m\njitter: 12.5%\nper_host: {min_delay: 500ms}\nheaders: {A: b}",
}


@pytest.mark.parametrize("body", FORMS.values(), ids=FORMS)
def test_the_schema_takes_every_form_of_a_key(body: str) -> None:
    text = watch_file(body)
    VALIDATOR.validate(yaml.safe_load(text.replace("    topic: t\n", "") if "topic" in body else text))


WRONG = {
    "an unknown key": "notify: added",
    "an unknown word": "notify_when: [cheaper]",
    "an unknown condition": "notify_when: {price: {belw: 1}}",
    "a wrong type": "extract: {a: {css: p, type: mony}}",
    "a duration without a unit": "every: 10",
    "a selector without css": "link: {attr: href}",
    "an empty value": "name:",
}


@pytest.mark.parametrize("body", WRONG.values(), ids=WRONG)
def test_the_schema_refuses_what_the_loader_refuses(body: str) -> None:
    assert not VALIDATOR.is_valid(yaml.safe_load(watch_file(body)))


def test_defaults_stand_in_the_schema_as_they_are_written() -> None:
    settings = json_schema()["$defs"]["SettingsModel"]["properties"]
    assert {key: settings[key]["default"] for key in ("every", "jitter", "timeout")} == {
        "every": "10m",
        "jitter": "10%",
        "timeout": "20s",
    }
