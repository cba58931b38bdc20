"""The cookies of a device, of who is signed in to the console, and of a device that approves sign-ins."""
