"""
The mode of many machines, as a server knows it: one process of a cluster is a server (`joining`), a worker
(`runtime/workers/`) or both.

All of them share a PostgreSQL, and nothing else. What is to be checked stands there as rows, of which
`runtime/applying.py` makes those of a file; whoever has the lease of a shard checks or publishes what is in it;
whatever one process writes that another waits for is said by NOTIFY.

    asking              of the workers that have the shards
     ▲
    driving             what the console of a server shows and asks: the catalog of what is declared, and its states
    writing             what it writes: rows of an origin of its own
    hearing             what a server hears of others: of the push service, and of what is declared
    status              how all of it stands, for a command

The leases are in `watcher/cluster/`, the rows in `watcher/store/cluster/`.
"""
