"""
Our own API, `/api/v1`: bearer tokens with scopes, problem details (RFC 9457), cursors, and a document made from the
models that also check what comes in.
"""
