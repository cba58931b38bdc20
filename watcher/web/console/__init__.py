"""Pages of whoever is signed in, operator or owner."""
