"""WeChat: an official account, or the free test account, tells its followers with template messages."""
