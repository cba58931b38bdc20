"""
The history of the tables, run by Alembic.

To change a table: change `tables.py`, add a file to `versions/` whose `down_revision` is the newest one,
and set `schema.HEAD`. The tests say what does not agree.
"""
