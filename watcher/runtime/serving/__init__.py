"""
The push service at work: opened (`service`) by whoever sends, and answering HTTP (`server`) in one process or several.

`server` opens what `parts` builds, and does what `errands` says: for itself, and as a duty (`duties`), which one server
at a time has of all that use the database. Duties are to deliver, to call back, to tell webhooks what watches find
(`telling_webhooks`) and to remove what is old (`housekeeping`).
"""
