"""What programs ask for: WxPusher's routes and ours, all answering in WxPusher's envelope."""
