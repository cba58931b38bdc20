from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.push.channels.wechat.scenes import SCENE_LENGTH, Scene, SceneKind, read_scene, sign_scene
from watcher.push.ids import new_slug

KEY = b"k" * 32
SLUG = "abcdefghijklmnopqrstuvwxyz01"


@pytest.mark.parametrize("kind", list(SceneKind))
def test_a_scene_comes_back_as_it_was_signed(kind: SceneKind) -> None:
    scene = Scene(kind=kind, slug=new_slug())
    text = sign_scene(scene, KEY)
    assert len(text) == SCENE_LENGTH <= 64
    assert text.isascii()
    assert text.isalnum()
    assert read_scene(text, KEY) == scene


def test_a_slug_that_is_none_is_not_signed() -> None:
    with pytest.raises(ValueError, match="28 letters"):
        sign_scene(Scene(kind=SceneKind.TOPIC, slug="x"), KEY)


def test_every_cut_and_every_changed_character_is_refused() -> None:
    text = sign_scene(Scene(kind=SceneKind.TOPIC, slug=SLUG), KEY)
    forged = [text[:length] for length in range(len(text))] + [text + "0"]
    forged += [text[:at] + chr(ord(text[at]) ^ 1) + text[at + 1 :] for at in range(len(text))]
    assert [read_scene(one, KEY) for one in forged] == [None] * len(forged)


def test_a_scene_of_one_kind_does_not_pass_for_another() -> None:
    text = sign_scene(Scene(kind=SceneKind.TOPIC, slug=SLUG), KEY)
    assert read_scene(SceneKind.CLAIM + text[1:], KEY) is None


def test_a_scene_of_another_key_is_refused() -> None:
    assert read_scene(sign_scene(Scene(kind=SceneKind.APP, slug=SLUG), b"other"), KEY) is None


@given(st.text(max_size=80))
def test_any_text_is_read_without_an_error(text: str) -> None:
    assert read_scene(text, KEY) is None
