"""`watcher import` beside the tools themselves: the same jobs on one changing site, and who told what at which step."""
