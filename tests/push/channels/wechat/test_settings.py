from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.push.emulators.wechat import AES_KEY
from watcher.errors import ConfigError
from watcher.push.channels.wechat.settings import DEFAULT_API, Part, parse_fields, wechat_settings

SECRET = "0123456789abcdef0123456789abcdef"
ENVIRON: Mapping[str, str] = {
    "WATCHER_WECHAT_APP_ID": "wx0123456789abcdef",
    "WATCHER_WECHAT_SECRET": SECRET,
    "WATCHER_WECHAT_TOKEN": "callbacktoken",
    "WATCHER_WECHAT_TEMPLATE": "ngqIpbwh8bUfcSsECmogfXcV14J0tQlEpBO27izEYtY",
}


def test_an_environment_that_names_no_account_is_no_account() -> None:
    assert wechat_settings({"WATCHER_DATA": "x", "WATCHER_WECHAT_TOKEN": " "}) is None


def test_four_variables_are_an_account_in_plain_mode() -> None:
    settings = wechat_settings(ENVIRON)
    assert settings is not None
    assert (settings.app_id, settings.aes_key, settings.api) == ("wx0123456789abcdef", None, DEFAULT_API)
    assert settings.fields == {"title": Part.TITLE, "body": Part.BODY, "topic": Part.TOPIC, "time": Part.TIME}
    assert not settings.is_relayed


def test_the_rest_is_read_as_well() -> None:
    settings = wechat_settings(
        {
            **ENVIRON,
            "WATCHER_WECHAT_AES_KEY": AES_KEY,
            "WATCHER_WECHAT_FIELDS": "thing1=title, time2=time",
            "WATCHER_WECHAT_API": "http://10.0.0.2:8080/wx/",
        }
    )
    assert settings is not None
    assert (settings.aes_key, settings.api) == (AES_KEY, "http://10.0.0.2:8080/wx")
    assert settings.fields == {"thing1": Part.TITLE, "time2": Part.TIME}
    assert settings.is_relayed


def test_what_is_missing_is_named_at_once() -> None:
    with pytest.raises(ConfigError, match="WATCHER_WECHAT_SECRET, WATCHER_WECHAT_TOKEN, WATCHER_WECHAT_TEMPLATE"):
        wechat_settings({"WATCHER_WECHAT_APP_ID": "wx0123456789abcdef"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("APP_ID", "gh_0123456789abcdef"),
        ("APP_ID", "wx0123456789abcdef\u0665"),
        ("SECRET", "sesame"),
        ("TOKEN", "a-b"),
        ("TOKEN", "x" * 33),
        ("AES_KEY", AES_KEY + "="),
        ("TEMPLATE", "short"),
        ("API", "ftp://relay.example"),
        ("API", "https://relay.example:99999"),
        ("API", "https://user:pass@relay.example"),
        ("API", "https://relay.example?x=1"),
        ("API", "relay.example"),
        ("API", "https://xn--ls8h=.example:0"),
    ],
)
def test_a_malformed_value_is_named_and_not_repeated(name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=f"WATCHER_WECHAT_{name}: ") as caught:
        wechat_settings({**ENVIRON, f"WATCHER_WECHAT_{name}": value})
    assert value not in str(caught.value).replace(DEFAULT_API, "")


def test_all_mistakes_are_told_at_once() -> None:
    wrong = {"WATCHER_WECHAT_SECRET": "sesame", "WATCHER_WECHAT_TOKEN": "a-b"}
    with pytest.raises(ConfigError, match=r"WATCHER_WECHAT_SECRET: .*\nWATCHER_WECHAT_TOKEN: "):
        wechat_settings({**ENVIRON, **wrong})


@pytest.mark.parametrize(
    "text",
    [
        "thing1=title,time2=time",
        " thing1 = title , time2=time ,",
        "thing1＝title，time2＝time",
        "{{thing1.DATA}}=title,time2.DATA=time",
    ],
    ids=["plain", "spaces", "a Chinese keyboard", "as the template has it"],
)
def test_fields_are_read_as_people_write_them(text: str) -> None:
    assert parse_fields(text) == {"thing1": Part.TITLE, "time2": Part.TIME}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "0 fields"),
        ("thing1", "after `=` stands one of title, body, topic, time"),
        ("thing1=headline", "after `=` stands one of title, body, topic, time"),
        ("1thing=title", "'1thing=title'"),
        ("标题=title", "'标题=title'"),
        ("thing1=title,thing1=body", "thing1 is there twice"),
        (",".join(f"thing{number}=title" for number in range(11)), "11 fields"),
    ],
)
def test_a_mistake_in_the_fields_says_what_to_write(text: str, said: str) -> None:
    with pytest.raises(ConfigError, match="WATCHER_WECHAT_FIELDS: ") as caught:
        parse_fields(text)
    assert said in str(caught.value)


def test_nothing_secret_is_shown_in_a_settings_text() -> None:
    settings = wechat_settings({**ENVIRON, "WATCHER_WECHAT_AES_KEY": AES_KEY})
    assert not any(secret in repr(settings) for secret in (SECRET, "callbacktoken", AES_KEY))
