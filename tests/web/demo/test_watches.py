from __future__ import annotations

import yaml

from watcher.web.demo.watches import demo_watches

DEMO_TOPIC = "demo"


def test_all_three_watches_tell_one_topic() -> None:
    document = yaml.safe_load(demo_watches("http://127.0.0.1:1234"))
    assert set(document["topics"]) == {DEMO_TOPIC}
    assert [watch["topic"] for watch in document["watches"].values()] == [DEMO_TOPIC] * 3
    assert document["watches"]["dune"]["url"] == "http://127.0.0.1:1234/books/dune"


def test_messages_link_to_where_phones_find_the_site() -> None:
    document = yaml.safe_load(demo_watches("http://127.0.0.1:1234", link_base="http://192.168.1.7:1234/demo"))
    assert document["watches"]["tickets"]["link"] == "http://192.168.1.7:1234/demo/tickets"
