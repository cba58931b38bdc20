"""The tables of the schema `watcher`."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, DateTime, Integer, MetaData, Table, Text

from watcher.store.schemas import CLUSTER

metadata: Final = MetaData(schema=CLUSTER)

lease: Final = Table(
    "lease",
    metadata,
    Column("name", Text, primary_key=True),
    Column("epoch", BigInteger, nullable=False),
    Column("owner", Text),  # NULL: it was given back
    Column("since", DateTime(timezone=True), nullable=False),
    Column("renewed", DateTime(timezone=True), nullable=False),
)

worker: Final = Table(  # who takes shards on, as the others do
    "worker",
    metadata,
    Column("name", Text, primary_key=True),  # as an owner of leases
    Column("max_shards", Integer, nullable=False),
    Column("since", DateTime(timezone=True), nullable=False),
    Column("renewed", DateTime(timezone=True), nullable=False),
)

job_migration: Final = Table(
    "engine",
    metadata,
    Column("migration", Text, primary_key=True),  # the newest one of Procrastinate that its schema has
)

secret: Final = Table(
    "secret",
    metadata,
    Column("name", Text, primary_key=True),
    Column("sealed", Text, nullable=False),
)

backup: Final = Table(
    "backup",
    metadata,
    Column("single", Integer, primary_key=True),  # the newest one alone
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("place", Text, nullable=False),
)
