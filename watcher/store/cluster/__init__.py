"""What several processes on one PostgreSQL share, beside the push service: who does what, secrets, and its dumps."""
