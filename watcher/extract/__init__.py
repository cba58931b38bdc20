"""
Bytes → values. Pure: no I/O, no clock, no chance, so it may run in any process, one thread of it at a time
(`jsonpath_engine` counts the visits of one run for all threads).

Nothing is imported here: `selectors` and `plan` are all that a pass in which no page changes needs, and the
parser and its tables cost 40 ms.
"""
