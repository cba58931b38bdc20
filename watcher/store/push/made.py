"""How many things strangers made, by the hour."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, func, select, update

from watcher.core.caps import Made, MadeToday, hour_of
from watcher.store.push import dialect
from watcher.store.push.rows import Rows
from watcher.store.push.tables import made

_DAY: Final = timedelta(days=1)


class MadeCounts(Rows):
    """How many were made in each hour, and the cap at that time; hours that are a day old are removed."""

    def count(self, what: Made, *, at: datetime) -> int:
        """Return how many were made in the last 24 hours, those of the hour that is cut by it included."""
        query = select(func.coalesce(func.sum(made.c.number), 0))
        within = (made.c.hour >= hour_of(at) - _DAY, made.c.hour <= hour_of(at))
        return int(self._run(query.where(made.c.what == what, *within)).scalar_one())

    def add(self, what: Made, *, at: datetime, most: int) -> None:
        """Count one more under this cap."""
        row = {"what": what, "hour": hour_of(at), "number": 1, "most": most}
        more = {"number": made.c.number + 1, "most": most}
        statement = dialect.insert(made).values(row).on_conflict_do_update(index_elements=["what", "hour"], set_=more)
        count = self._run(statement.returning(made.c.number)).scalar_one()
        if count == 1:
            self._run(delete(made).where(made.c.hour < hour_of(at) - _DAY))

    def give_back(self, what: Made, *, at: datetime) -> None:
        """Count one less that was made at this time."""
        of_then = (made.c.what == what, made.c.hour == hour_of(at), made.c.number > 0)
        self._run(update(made).where(*of_then).values(number=made.c.number - 1))

    def today(self, *, at: datetime) -> list[MadeToday]:
        """Return of each thing that was made in the last 24 hours how many, under the newest cap."""
        hours = (made.c.hour >= hour_of(at) - _DAY, made.c.hour <= hour_of(at))
        found = self._run(select(made).where(*hours).order_by(made.c.hour)).all()
        of_each = {what: [row for row in found if row.what == what] for what in Made}
        return [
            MadeToday(what=what, count=sum(row.number for row in rows), most=rows[-1].most)
            for what, rows in of_each.items()
            if rows
        ]
