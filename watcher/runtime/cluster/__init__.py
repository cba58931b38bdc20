"""
The mode of many machines: one process of a cluster is a worker (`worker`), a server (`joining`) or both (`running`).

All of them share a PostgreSQL, and nothing else. What is to be checked stands there as rows; whoever has the lease of a
shard checks or publishes what is in it; whatever one process writes that another waits for is said by NOTIFY.

    applying            a file of watches becomes rows
         │
         ▼ rows         declaration_reader   puts them together, in the environment of this process
    working             opens the parts of a worker (`tables`, `runtime/checker.py`), and does what falls to it
     ├─ checked_shards    a shard of hosts: its watches are checked while its lease lasts (held_hosts: no longer)
     ├─ published_shards  a shard of topics: its messages are published while its lease lasts
     ├─ answering         what is asked of either is answered
     └─ digest            the daily summary of all of them, by one worker
         ▲ questions
    asking              of the workers that have the shards
     ▲
    driving             what the console of a server shows and asks: the catalog of what is declared, and its states
    writing             what it writes: rows of an origin of its own
    hearing             what a server hears of others: of the push service, and of what is declared
    status              how all of it stands, for a command

The leases are in `watcher/cluster/`, the rows in `watcher/store/cluster/`.
"""
