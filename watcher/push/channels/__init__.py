"""
The ways out: a package for each channel.

What sends knows no database. Of WeChat there is more than sending: its followers come in by it, so `wechat.followers`,
`wechat.scan_results` and `wechat.linking` are transactions of the push service.
"""
