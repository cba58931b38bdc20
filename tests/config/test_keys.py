from __future__ import annotations

import pytest

from watcher.config.keys import (
    Kind,
    MissingKeyError,
    MistakenError,
    Model,
    NoMappingError,
    NotAmongError,
    UnknownKeyError,
    list_of,
    mapping_of,
    may_be,
    model_of,
    must_be,
    word,
)
from watcher.config.scalars import text, whole_number

TEXT = Kind(text, {"type": "string"})
NUMBER = Kind(whole_number, {"type": "integer"})


class Door(Model):
    colour: str = must_be(word("red", "blue"))
    from_: int = may_be(NUMBER, 1, name="from")


class House(Model):
    name: str = must_be(TEXT)
    doors: tuple[Door, ...] = may_be(list_of(model_of(Door)), ())


class Tower(House):
    floors: int | None = may_be(NUMBER)


class Bag(Model):
    other_keys = NUMBER
    size: int = may_be(NUMBER, 0)


def wrong_parts(model: type[Model], value: object) -> dict[tuple[str | int, ...], type[ValueError]]:
    with pytest.raises(MistakenError) as caught:
        model.read(value)
    return {path: type(error) for path, error in caught.value.parts}


def test_what_is_left_out_is_the_default_and_was_not_given() -> None:
    door = Door.read({"colour": "red"})
    assert (door.colour, door.from_) == ("red", 1)
    assert set(door.given) == {"colour"}


def test_a_key_may_have_another_name_than_its_attribute() -> None:
    door = Door.read({"colour": "red", "from": 2})
    assert (door.from_, set(door.given)) == (2, {"colour", "from_"})


def test_one_stands_for_a_list_of_one() -> None:
    assert [door.colour for door in House.read({"name": "a", "doors": {"colour": "blue"}}).doors] == ["blue"]


def test_all_mistakes_are_told_at_once_and_where_they_stand() -> None:
    value = {"nme": "a", "doors": [{"colour": "red"}, {"colour": "green", "from": "x"}, 5]}
    assert wrong_parts(House, value) == {
        ("nme",): UnknownKeyError,
        ("doors", 1, "colour"): NotAmongError,
        ("doors", 1, "from"): ValueError,
        ("doors", 2): NoMappingError,
        ("name",): MissingKeyError,
    }


def test_an_empty_list_is_a_mistake() -> None:
    assert wrong_parts(House, {"name": "a", "doors": []}) == {("doors",): ValueError}


def test_a_model_has_the_keys_of_its_base_and_its_own_are_told_first() -> None:
    assert list(Tower.keys) == ["name", "doors", "floors"]
    assert Tower.own_keys_first() == ["floors", "name", "doors"]


def test_other_keys_are_kept_apart() -> None:
    bag = Bag.read({"size": 1, "apples": 2, "pears": 3})
    assert (bag.size, bag.others) == (1, {"apples": 2, "pears": 3})
    assert Bag.read({}).others == {}
    assert wrong_parts(Bag, {"apples": "many"}) == {("apples",): ValueError}


def test_a_copy_leaves_the_first_as_it_was() -> None:
    first = Door.read({"colour": "red"})
    other = first.replaced({"from_": 5})
    assert (first.from_, other.from_, set(other.given)) == (1, 5, {"colour", "from_"})


def test_what_is_no_mapping_is_refused_under_any_names() -> None:
    with pytest.raises(NoMappingError):
        mapping_of(NUMBER).read(["a"])
