"""PostgreSQL inside the checkout, for whoever has none: started by its first user, stopped after its last.

    user ──shared lock on `users`──┐         binaries.py  finds initdb, postgres, pg_dump
    user ──shared lock on `users`──┤         keeper.py    one process that owns the server
                                keeper ──▶ postgres
                                             server.py    what a user does: `with running(directory) as server`

Everything hangs on locks and death signals that the kernel keeps, so kill -9 of anything leaves nothing behind:
a user's lock falls with it; the keeper's death shuts PostgreSQL down; the next glance of any user starts both again.
"""

from portal.postgres.binaries import PostgresMissing, find
from portal.postgres.server import PostgresFailed, Server, in_use, own_database, running

__all__ = ["PostgresFailed", "PostgresMissing", "Server", "find", "in_use", "own_database", "running"]
