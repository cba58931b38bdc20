"""By what a browser is known again: the cookies of a device and of the operator."""
