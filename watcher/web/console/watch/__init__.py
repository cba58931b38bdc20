"""The page of a watch in the console. The operator's."""
