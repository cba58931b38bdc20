"""Looks at pages of which nothing is kept: at one (`preview`), for what can be watched, for where lost values went."""
