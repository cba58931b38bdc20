"""The schemas that watcher has in a PostgreSQL, and what a role needs there that does not own them."""

from __future__ import annotations

from typing import Final

from watcher.core.wording import worded

PUSH: Final = "push"
"""The push service."""
CLUSTER: Final = "watcher"
"""What the processes of a cluster have in common: leases, secrets, backups."""
JOBS: Final = "procrastinate"
"""The job queue."""
SCHEMAS: Final = (PUSH, CLUSTER, JOBS)

_ALL: Final = f"SCHEMA {', '.join(SCHEMAS)} TO this role"
GRANTS: Final = (
    f"GRANT USAGE ON {_ALL}",
    f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN {_ALL}",
    # The ids of new rows; a backup reads them, and a copy sets them.
    f"GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN {_ALL}",
)
"""All of them, to be said anew when tables were added."""
GRANT_ADVICE: Final = worded(
    "doctor_grant",
    "let the owner of the tables run `watcher database upgrade` and say {grants}",
    grants="; ".join(GRANTS),
)
