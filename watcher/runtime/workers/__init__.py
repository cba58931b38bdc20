"""
A process of a cluster that checks watches and publishes messages: a worker (`worker`), or a server as well (`running`).

    declaration_reader   puts together what is declared, in the environment of this process
         ▼
    working             opens the parts of a worker (`tables`, `runtime/checker.py`), and does what falls to it
     ├─ checked_shards    a shard of hosts: its watches are checked while its lease lasts (held_hosts: no longer)
     ├─ published_shards  a shard of topics: its messages are published while its lease lasts
     ├─ answering         what is asked of either is answered (`runtime/cluster/asking.py` asks)
     └─ digest            the daily summary of all of them, by one worker

It knows the server (`runtime/serving/`), which knows the rest of the cluster (`runtime/cluster/`), never the other way.
"""
