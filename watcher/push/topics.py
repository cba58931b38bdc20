"""Topics: those that watches.yaml declares, and those that are added by hand."""

from __future__ import annotations

import logging
import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from watcher.core.acts import Act
from watcher.core.locale import Locale
from watcher.core.push import App, PushTopic, Slice, TopicFilter, TopicMode
from watcher.core.watch import ADMIN_TOPIC, Topic
from watcher.errors import ConflictError, RefusedError
from watcher.push.apps import app_with_senders, checked_name, checked_note
from watcher.push.context import Context, Resource
from watcher.push.draft import clean_text
from watcher.push.foreign_ids import check_free_topic, checked_number
from watcher.push.ids import is_slug, new_slug
from watcher.push.limits import check_topic

if TYPE_CHECKING:
    from watcher.store.push.store import Transaction

_log = logging.getLogger(__name__)
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)
_NAMES: Final = 10
"""Applications or topics that an error names."""


class Unmet(Struct, frozen=True, kw_only=True):
    """
    A `was` of watches.yaml that renames nothing.

    Attributes:
        is_known: there is such a topic, and the one that names it is in use itself; else there is none.
    """

    key: str
    was: str
    is_known: bool

    def __str__(self) -> str:
        """Return one line that says so, and what to do."""
        wrong = f"topics: {self.key}: `was: {self.was}` has no effect"
        if self.is_known:
            return f"{wrong}: both topics are in use; `watcher topics merge {self.was} {self.key}` makes them one"
        return f"{wrong}: there is no topic {self.was}"


class Topics(Resource):
    """The topics of one push store. Each method raises StoreError."""

    def __init__(self, context: Context, *, own_app_id: int) -> None:
        """`own_app_id`: the watcher's own application, in which topics are made unless another one is named."""
        super().__init__(context)
        self._own_app_id = own_app_id
        self.admin_language: Locale | None = None
        """Of what the push service tells the operator itself, as the file of watches that was last declared has it."""

    async def declare(self, topics: Sequence[Topic]) -> None:
        """
        Make the topics of watches.yaml in the watcher's application where they are missing, rename those that
        say `was`, and update names and descriptions. Topics with an `id` are elsewhere and are passed over.
        A `was` that renames nothing is a line in the log.

        Of another application (`app`) its owner may remove a topic: one that is not there is a line in the log, and
        what is sent to it is refused with the same words.
        """
        missing, unmet = await self._store.write(
            partial(_declare_all, app_id=self._own_app_id, declared=topics, now=self._now())
        )
        for each in unmet:
            _log.warning("%s", each)
        for problem in missing:
            _log.warning("%s; until then nothing can be delivered there", problem)
        self.admin_language = next((topic.language for topic in topics if topic.key == ADMIN_TOPIC), None)

    async def add(
        self,
        name: str,
        *,
        app_id: int | None = None,
        description: str = "",
        mode: TopicMode = TopicMode.OPEN,
        language: Locale | None = None,
        topic_id: int | None = None,
        is_sole_name: bool = False,
    ) -> PushTopic:
        """
        Add a topic by hand, to the watcher's application unless another one is named.

        Args:
            topic_id: the number that it had elsewhere; None: a new one.
            is_sole_name: the name must lead to no topic of the application yet; else several may have it, as at
                WxPusher.

        Raises:
            RefusedError: there is no such application, nobody sends by it, its owner has enough topics, or the number
                or the name is taken.
            InvalidRequestError: the number is none.
        """
        name, description = checked_name("name", name), checked_note("description", description)
        topic_id = None if topic_id is None else checked_number("id", topic_id)
        app_id, now = self._own_app_id if app_id is None else app_id, self._now()

        def work(tx: Transaction) -> PushTopic:
            app = app_with_senders(tx, app_id)
            if app.account_id is not None:
                check_topic(tx, app.account_id, self._account_limits)
            check_free_topic(tx, topic_id)
            if is_sole_name:
                _check_free_name(tx, app_id, name)
            self._note(tx, Act.TOPIC_MADE, name, app_id=app_id)
            return tx.topics.add(
                app_id=app_id,
                slug=new_slug(),
                name=name,
                description=description,
                mode=mode,
                language=language,
                topic_id=topic_id,
                created_at=now,
            )

        return await self._store.write(work)

    async def edit(
        self,
        topic_id: int,
        *,
        name: str | None = None,
        description: str | None = None,
        mode: TopicMode | None = None,
        by_number: bool | None = None,
        language: Locale | Literal[""] | None = None,
        is_sole_name: bool = False,
    ) -> PushTopic:
        """
        Change what is given of a topic, and return it as it is then.

        Args:
            language: of its pages and its poster; empty: each reader's own.
            is_sole_name: a new name must lead to no other topic of the application.

        Raises RefusedError for a topic that is not there, for the words of one that watches.yaml declares, and for a
        name that is taken.
        """
        name = None if name is None else checked_name("name", name)
        description = None if description is None else checked_note("description", description)

        def work(tx: Transaction) -> PushTopic:
            topic = known_topic(tx, topic_id)
            if topic.key is not None and (name is not None or description is not None):
                raise RefusedError(
                    f"watches.yaml says what topic {topic.key} is called; change it there", field="topic_id"
                )
            if is_sole_name and name not in (None, topic.name):
                _check_free_name(tx, topic.app_id, name, but=topic.id)
            edited = replace(
                topic,
                name=topic.name if name is None else name,
                description=topic.description if description is None else description,
                mode=mode or topic.mode,
                by_number=topic.by_number if by_number is None else by_number,
                language=topic.language if language is None else language or None,
            )
            if edited != topic:
                tx.topics.edit(edited)
                self._note(tx, Act.TOPIC_EDITED, _renamed(topic, edited), app_id=topic.app_id)
            return edited

        return await self._store.write(work)

    async def rotate(self, topic_id: int) -> PushTopic:
        """Give a topic a new link and QR code; the old ones and its number stop working. Raises RefusedError."""

        def work(tx: Transaction) -> PushTopic:
            topic = replace(known_topic(tx, topic_id), slug=new_slug(), by_number=False)
            tx.topics.edit(topic)
            self._note(tx, Act.TOPIC_CODE_CHANGED, topic.name, app_id=topic.app_id)
            return topic

        return await self._store.write(work)

    async def remove(self, topic_id: int) -> PushTopic:
        """
        Remove a topic, and return it as it was (see `remove_topic`).

        Raises RefusedError for a topic that is not there, ConflictError while a message to it is on its way.
        """

        def work(tx: Transaction) -> PushTopic:
            topic = remove_topic(tx, topic_id)
            self._note(tx, Act.TOPIC_REMOVED, topic.name, app_id=topic.app_id)
            return topic

        return await self._store.write(work)

    async def page(self, only: TopicFilter, cut: Slice) -> Sequence[PushTopic]:
        """Return a stretch of the topics that match the filter, by id."""
        return await self._store.read(lambda tx: tx.topics.page(only, cut))

    async def all(self) -> Sequence[PushTopic]:
        """Return all topics by id."""
        return await self._store.read(lambda tx: tx.topics.all())

    async def told_by_key(self) -> Mapping[str, PushTopic]:
        """Return which of the watcher's own topics each key of watches.yaml tells; that of a merged one another."""
        return await self._store.read(lambda tx: tx.topics.told_by_key(self._own_app_id))

    async def keys_that_tell(self, topic: PushTopic) -> Sequence[str]:
        """Return the keys of watches.yaml that tell a topic: its own, and those of the topics merged into it."""
        return await self._store.read(partial(_keys_that_tell, own_app_id=self._own_app_id, topic=topic))

    async def naming(self, topic: PushTopic, declared: Collection[Topic]) -> Sequence[str]:
        """Return the keys of those topics of watches.yaml, of whatever application, that lead to a topic."""

        def work(tx: Transaction) -> Sequence[str]:
            ours = _keys_that_tell(tx, self._own_app_id, topic)
            return [
                each.key
                for each in declared
                if each.id is None
                and (each.key in ours if each.app is None else _foreign(tx, each.app, each.key) == topic.id)
            ]

        return await self._store.read(work)

    async def slice(self, cut: Slice, *, app_id: int | None = None) -> Sequence[PushTopic]:
        """Return a stretch of the topics by id; with `app_id` only those of that application."""
        found = await self._store.read(lambda tx: tx.topics.all() if app_id is None else tx.topics.of_app(app_id))
        return cut.of(found)

    async def of_id(self, topic_id: int, *, app_id: int | None = None) -> PushTopic | None:
        """Return the topic with this id; with `app_id` one of that application only."""
        topic = await self._store.read(lambda tx: tx.topics.of_id(topic_id))
        return topic if topic is not None and app_id in (None, topic.app_id) else None

    async def of_number(self, topic_id: int) -> PushTopic | None:
        """Return the topic with this number, if its owner opened it to links that name it so."""
        return await self._store.read(lambda tx: tx.topics.of_number(topic_id))

    async def id_called(self, app_id: int, name: str) -> int | None:
        """Return the id of the application's topic that has this key or name, else this number; None: none has."""
        return await self._store.read(lambda tx: id_called(tx, app_id, name))

    async def of_slug(self, slug: str) -> PushTopic | None:
        """Return the topic whose subscribe page has this slug."""
        if not is_slug(slug):
            return None
        return await self._store.read(lambda tx: tx.topics.of_slug(slug))


def _check_free_name(tx: Transaction, app_id: int, name: str, *, but: int | None = None) -> None:
    """Raise RefusedError when a key or name of another topic of the application, or of one merged into it, is this."""
    found = tx.topics.called(app_id, [name]).get(name)
    if found not in (None, but):
        raise RefusedError(f"{name} is topic {found} already; choose another name", field="name")


def id_called(tx: Transaction, app_id: int, name: str) -> int | None:
    """Return the id of the application's topic that has this key or name, else this number; None: none has."""
    found = tx.topics.called(app_id, [name]).get(name)
    if found is None and _NUMBER.fullmatch(name):
        found = tx.topics.named(app_id, [int(name)]).get(int(name))
    return found


def _declare_all(
    tx: Transaction, app_id: int, declared: Sequence[Topic], *, now: datetime
) -> tuple[Sequence[str], Sequence[Unmet]]:
    """
    Make, rename and update the application's topics as declared.

    Return what is missing elsewhere (`missing_foreign`), and what was not renamed. None is removed, for people may
    follow it. Topics of another application are its owner's: they are not made.
    """
    here = [topic for topic in declared if topic.id is None and topic.app is None]
    present = tx.topics.keyed(app_id)
    unmet = unmet_renames(tx, present, declared)
    # First, so that a key that became free may be declared anew, wherever it stands in the file.
    for topic in here:
        if topic.was in present and is_adopted(tx, topic, present):
            present[topic.key] = _rename(tx, present.pop(topic.was), topic.key, made=present.get(topic.key))
    for topic in here:
        _declare(tx, app_id, topic, present.get(topic.key), now=now)
    return missing_foreign(tx, declared), unmet


def is_adopted(tx: Transaction, topic: Topic, present: Mapping[str, PushTopic]) -> bool:
    """
    Return whether a topic becomes what its `was` names.

    It does when it is not there yet, and as long as nobody follows it: who renames a topic while the watcher runs, and
    says `was` after that, has made the new one by then. Where people follow both, each stays what it is.

    Args:
        present: the application's topics by key, what is left of merged ones too.
    """
    old, made = present.get(topic.was or ""), present.get(topic.key)
    if old is None or made is None:
        return old is not None
    is_one = tx.topics.of_id(made.id) is not None  # a merged one leads elsewhere, and was dealt with
    return is_one and not tx.subscriptions.are_any(made.id) and not tx.fan_outs.are_waiting_for(made.id)


def unmet_renames(tx: Transaction, present: Mapping[str, PushTopic], declared: Collection[Topic]) -> Sequence[Unmet]:
    """Return each `was` that renames nothing. One that is carried out is none: its key is there, and the old is not."""
    unmet = []
    for topic in declared:
        if topic.was is None or topic.id is not None or topic.app is not None or not present:
            continue
        old, made = present.get(topic.was), present.get(topic.key)
        if old is None and made is None:
            unmet.append(Unmet(key=topic.key, was=topic.was, is_known=False))
        elif old is not None and tx.topics.of_id(old.id) is not None and not is_adopted(tx, topic, present):
            unmet.append(Unmet(key=topic.key, was=topic.was, is_known=True))
    return unmet


def remove_topic(tx: Transaction, topic_id: int) -> PushTopic:
    """
        Remove a topic, and return it as it was.

        | what | becomes |
        |---|---|
        | its link, its QR code and its number | stop working |
        | its subscriptions, those that wait or are rejected too | end |
    | its feed, and its webhooks with what waits for them | end |
        | what was sent to it | stays with those who have it; what is queued for their other channels still goes out |
        | the idempotency keys of what was sent to it | stay in use: a repeat gets the first answer |
        | a topic of watches.yaml that is still declared there | is made anew, without subscribers, at the next start |

        Raises:
            RefusedError: there is none.
            ConflictError: a message is still being brought to its readers, who would not get it.
    """
    topic = known_topic(tx, topic_id)
    if tx.fan_outs.are_waiting_for(topic_id):
        raise ConflictError(
            f"a message is still being brought to the readers of topic {topic_id}; try again in a minute",
            field="topic_id",
        )
    tx.webhooks.remove_of_topic(topic_id)
    tx.topics.remove(topic_id)
    return topic


def _renamed(topic: PushTopic, edited: PushTopic) -> str:
    return topic.name if topic.name == edited.name else f"{topic.name} → {edited.name}"


def known_topic(tx: Transaction, topic_id: int) -> PushTopic:
    """Return the topic with this id. Raises RefusedError when there is none."""
    if (topic := tx.topics.of_id(topic_id)) is None:
        raise RefusedError(f"there is no topic {topic_id}", field="topic_id")
    return topic


def foreign_topics(
    tx: Transaction, app_name: str, topics: Collection[str]
) -> tuple[int | None, Mapping[str, int | str]]:
    """
    Return the id of another application of the operator, and of each of its topics, or in one line why there is none.

    Args:
        topics: keys, or names: a topic that was made by hand has no key.
    """
    owners = tx.apps.named(app_name)
    if len(owners) != 1:
        return None, dict.fromkeys(topics, _no_app(tx, app_name, owners))
    (owner,) = owners
    known = tx.topics.called(owner.id, topics)
    return owner.id, {topic: known.get(topic) or _no_topic_in(tx, owner, topic) for topic in topics}


def _foreign(tx: Transaction, app_name: str, key: str) -> int | str:
    """Return the id of a topic of another application, or in one line why there is none."""
    return foreign_topics(tx, app_name, [key])[1][key]


def _keys_that_tell(tx: Transaction, own_app_id: int, topic: PushTopic) -> Sequence[str]:
    return [key for key, told in tx.topics.told_by_key(own_app_id).items() if told.id == topic.id]


def missing_foreign(tx: Transaction, declared: Collection[Topic]) -> Sequence[str]:
    """Return a line for each of these topics of watches.yaml that another application does not have."""
    theirs = {topic.key: topic.app for topic in declared if topic.app is not None and topic.id is None}
    found = {key: _foreign(tx, app, key) for key, app in theirs.items()}
    return [f"topics: {key}: {problem}" for key, problem in found.items() if isinstance(problem, str)]


def _no_app(tx: Transaction, name: str, owners: Sequence[App]) -> str:
    if owners:
        numbers = " and ".join(str(app.id) for app in owners)
        return f"{len(owners)} applications are called {name} ({numbers}); name the topic by its number: `id: 103`"
    known = ", ".join(tx.apps.first_names(limit=_NAMES)) or "none yet"
    return f'there is no application {name}; applications: {known}; `watcher apps add "{name}"` makes one'


def _no_topic_in(tx: Transaction, app: App, topic: str) -> str:
    known = ", ".join(found.key or found.name for found in tx.topics.of_app(app.id)[:_NAMES]) or "none yet"
    return (
        f"the application {app.profile.name} has no topic {topic}; topics: {known}; "
        f'`watcher topics add "{topic}" --app {app.id}` makes one'
    )


def _rename(tx: Transaction, topic: PushTopic, key: str, *, made: PushTopic | None) -> PushTopic:
    """Give a topic this key; the link and code of one that was made under it already lead there."""
    if made is not None:
        tx.topics.declare(made.id, key=None, name=made.name, description=made.description)
        tx.topics.merge(made.id, topic.id)
    tx.topics.declare(topic.id, key=key, name=topic.name, description=topic.description)
    return replace(topic, key=key)


def _declare(tx: Transaction, app_id: int, topic: Topic, old: PushTopic | None, *, now: datetime) -> None:
    name, description = clean_text("name", topic.name), clean_text("description", topic.description)
    if old is None:
        tx.topics.add(app_id=app_id, key=topic.key, slug=new_slug(), name=name, description=description, created_at=now)
    elif (old.name, old.description) != (name, description):
        tx.topics.declare(old.id, key=topic.key, name=name, description=description)
