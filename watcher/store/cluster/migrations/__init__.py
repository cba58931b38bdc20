"""
The history of the tables of watches, run by Alembic.

To change a table: change `watch_tables.py`, add a file to `versions/` whose `down_revision` is the newest one, and set
`watch_schema.HEAD`. The tests say what does not agree. Watchers of the release before run on meanwhile: a revision that
they cannot work with sets `cluster.works_since` to itself, so that none of them starts any more.
"""
