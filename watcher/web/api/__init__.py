"""
What programs ask for.

WxPusher's routes answer in its envelope, `/api/v1` in plain JSON and problem details.
"""
