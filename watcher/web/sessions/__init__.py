"""The cookies by which a browser is recognised: those of a device, and the operator's."""
