"""The commands. Each module registers its own; errors become exit statuses in `app.main`."""
