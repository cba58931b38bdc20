"""A PostgreSQL, whatever is kept there: reaching it, and what it says when it refuses."""
