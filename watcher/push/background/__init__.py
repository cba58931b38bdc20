"""What works off the queues of the push service, beside the requests."""
