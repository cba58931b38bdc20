"""What walls, errors and good pages that look like them do to typical watches: `python -m tests.walls`."""
