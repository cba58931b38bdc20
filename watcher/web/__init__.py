"""The HTTP side: WxPusher's API, the pages that people open, the live inbox, and the demo's own site."""
