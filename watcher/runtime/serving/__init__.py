"""
The push service at work: opened (`service`) by whoever sends, and answering HTTP (`server`) in one process or several.

A server has duties (`duties`): to deliver, to call back, to tell webhooks what watches find (`telling_webhooks`) and to
remove what is old (`housekeeping`). One server at a time does each, of all that use its database.
"""
