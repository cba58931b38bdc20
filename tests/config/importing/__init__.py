"""Files as other watchers have them, and what becomes of them."""
