"""Mistakes in files of watches, as the console shows them: of other watches the place alone, for texts quote values."""

from __future__ import annotations

from watcher.errors import ConfigError, Problem, UsageError


def elsewhere(problem: Problem) -> str:
    """Return where a mistake is that is none of the watch at hand; of a file that is no YAML what is wrong, too."""
    return problem.place if problem.key else str(problem)


def told(error: ConfigError | UsageError) -> str:
    """Return why files cannot be read or written, where the watch at hand was found to be right before."""
    problems = error.problems if isinstance(error, ConfigError) else ()
    return "\n".join(map(elsewhere, problems)) or str(error)
