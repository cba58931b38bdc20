"""
ntfy's protocol: its apps, its command and plain curl subscribe here and send here, unmodified.

Each address is there twice: at the root, where apps look for it, and below `/ntfy`, for names that meet our own pages.
"""
