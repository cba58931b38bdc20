"""
The tables of watches in the schema `watcher`: what is declared, what is remembered, and what waits to be told.

A record is the text that a data directory keeps too (`store/records.py`), without its seal: text and not jsonb, which
refuses some of what pages have. Ids are compared by their bytes (`COLLATE "C"`), as the data directory orders them.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)

from watcher.store.schemas import CLUSTER

watch_metadata: Final = MetaData(schema=CLUSTER)


def _id(name: str = "watch") -> Column[str]:
    return Column(name, Text(collation="C"), nullable=False)


def _time(name: str, *, is_known: bool = True) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=not is_known)


cluster: Final = Table(
    "cluster",
    watch_metadata,
    Column("single", Integer, primary_key=True, autoincrement=False),  # 1
    Column("epoch", Text, nullable=False),  # of the watch states' life
    Column("host_shards", Integer, nullable=False),
    Column("topic_shards", Integer, nullable=False),
    Column("generation", BigInteger, nullable=False),  # of the newest change of declarations; 0: nothing was applied
    # The oldest revision whose watchers may use these tables.
    Column("works_since", Text, nullable=False, server_default="0001"),
)

generation: Final = Table(
    "generation",
    watch_metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("origin", Text, nullable=False),  # whose rows it changed: `files`, `console`, or a name that somebody gave
    _time("applied_at"),
    Column("applied_by", Text, nullable=False),
    Column("frame", Text, nullable=False),  # JSON: what the file says besides its watches, before `${…}`
    Column("digest", Text, nullable=False),  # of frame and watches: a file that is the same is passed over
)

declaration: Final = Table(
    "declaration",
    watch_metadata,
    Column("watch", Text(collation="C"), primary_key=True),
    Column("origin", Text, nullable=False),
    Column("shard", Integer, nullable=False),
    Column("host", Text, nullable=False),
    Column("generation", BigInteger, nullable=False),  # that changed it last
    Column("body", Text, nullable=False),  # JSON: what the file says of it, before `${…}`
    Column("is_gone", Boolean, nullable=False),  # kept for who has not noticed yet
    Index("declaration_generation", "generation"),
    Index("declaration_shard", "shard", "watch"),
)

state: Final = Table(
    "state",
    watch_metadata,
    Column("watch", Text(collation="C"), primary_key=True),
    Column("shard", Integer, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("record", Text, nullable=False),
    Index("state_shard", "shard", "watch"),
)

checked: Final = Table(  # a row for each of `state`; narrow, no index on what changes with each check: HOT updates
    "checked",
    watch_metadata,
    Column("watch", Text(collation="C"), primary_key=True),
    Column("shard", Integer, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("record", Text, nullable=False),
    postgresql_with={"fillfactor": 50},
)

change: Final = Table(
    "change",
    watch_metadata,
    _id(),
    Column("sequence", BigInteger, nullable=False),
    Column("record", Text, nullable=False),
    PrimaryKeyConstraint("watch", "sequence"),
)

outbox: Final = Table(
    "outbox",
    watch_metadata,
    Column("place", BigInteger, Identity(), primary_key=True),  # the order of its entry
    Column("message", Text, nullable=False),  # its id
    Column("topic_shard", Integer, nullable=False),
    Column("is_dead", Boolean, nullable=False),
    _time("created_at"),
    Column("record", Text, nullable=False),
    Index("outbox_living", "message", unique=True, postgresql_where=text("NOT is_dead")),
    Index("outbox_topics", "topic_shard", "place", postgresql_where=text("NOT is_dead")),
    Index("outbox_dead", "created_at", postgresql_where=text("is_dead")),
)

event: Final = Table(
    "event",
    watch_metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),  # without holes, in the order of the commits
    _id(),
    Column("record", Text, nullable=False),
    Index("event_watch", "watch", "number"),
)

host: Final = Table(
    "host",
    watch_metadata,
    Column("host", Text, primary_key=True),
    Column("shard", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    _time("paused_until", is_known=False),
    Column("why", Text, nullable=False),
    Index("host_shard", "shard"),
)

request: Final = Table(  # what is asked of whoever has a shard, and what it answers
    "request",
    watch_metadata,
    Column("number", BigInteger, Identity(), primary_key=True),
    Column("lease", Text, nullable=False),  # `hosts:17`, `topics:3`
    Column("question", Text, nullable=False),  # JSON (`watching/questions.py`)
    Column("is_lasting", Boolean, nullable=False),  # carried out by whoever has the shard next; else of the moment
    _time("asked_at"),
    _time("taken_at", is_known=False),
    Column("answer", Text),
    Index("request_lease", "lease", "number"),
)

page: Final = Table(
    "page",
    watch_metadata,
    Column("watch", Text(collation="C"), primary_key=True),
    Column("record", LargeBinary, nullable=False),
)
