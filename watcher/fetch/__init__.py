"""A page over the network: hosts' lanes, HTTP, content codings."""

from watcher.fetch.body import inflate
from watcher.fetch.http import HttpFetcher
from watcher.fetch.lanes import Lanes
from watcher.fetch.shared import SharedFetcher

__all__ = ["HttpFetcher", "Lanes", "SharedFetcher", "inflate"]
