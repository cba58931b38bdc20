"""The commands, each in the module of its name (`table`); errors become exit statuses in `app.main`."""
