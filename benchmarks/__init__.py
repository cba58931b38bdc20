"""Measures watcher beside the page watchers that people use: `make bench`, docs/performance.md."""
