"""The push service's database: SQLite through SQLAlchemy; one file per noun."""
