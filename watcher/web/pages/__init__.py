"""What people open: subscribe pages, the live inbox, messages, subscriptions."""
