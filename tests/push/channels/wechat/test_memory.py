from __future__ import annotations

from datetime import timedelta

from tests.push.builders import NOON
from watcher.push.channels.wechat.memory import Memory

MINUTE = timedelta(minutes=1)


def test_the_first_text_for_a_key_is_kept() -> None:
    memory = Memory(lasts=MINUTE)
    assert (memory.put("a", "one", NOON), memory.put("a", "two", NOON)) == ("one", "one")
    assert memory.get("a", NOON) == "one"
    assert memory.get("b", NOON) is None


def test_a_text_is_forgotten_after_its_time() -> None:
    memory = Memory(lasts=MINUTE)
    memory.put("a", "one", NOON)
    assert memory.get("a", NOON + MINUTE - timedelta(seconds=1)) == "one"
    assert memory.get("a", NOON + MINUTE) is None


def test_a_text_from_the_future_is_forgotten_for_nobody_knows_how_long_it_lasts() -> None:
    memory = Memory(lasts=MINUTE)
    memory.put("a", "one", NOON)
    assert memory.get("a", NOON - timedelta(hours=1)) is None


def test_the_oldest_makes_room() -> None:
    memory = Memory(lasts=MINUTE, most=10)
    for number in range(100):
        memory.put(str(number), "", NOON)
    assert [number for number in range(100) if memory.get(str(number), NOON) is not None] == list(range(90, 100))
