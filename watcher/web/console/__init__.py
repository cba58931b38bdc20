"""Pages of the operator, behind a login."""
