"""Pages of our own whose truth is marked, and what a site's months do to them."""
