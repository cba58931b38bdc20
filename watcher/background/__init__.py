"""What works in the background: loops, and processes that can be killed."""
