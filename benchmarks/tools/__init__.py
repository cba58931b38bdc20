"""The tools that are measured, one file each: how each is set up, run once over all of its watches, and believed."""
