"""The process itself: its event loop, signals, files, memory, health, and what it tells of itself."""
