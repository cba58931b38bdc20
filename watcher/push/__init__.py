"""The push service: applications, topics, subscribers, messages and their deliveries."""
