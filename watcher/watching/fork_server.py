"""What the process imports that pools fork theirs from, so that they need not: for `set_forkserver_preload` alone."""

from __future__ import annotations

import gc

import regex  # noqa: F401
import soupsieve  # noqa: F401

from watcher.background.orphans import end_with_parent

end_with_parent()
gc.freeze()
