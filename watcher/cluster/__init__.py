"""Several processes on one PostgreSQL: which of them has which duty, and how they wake each other."""
