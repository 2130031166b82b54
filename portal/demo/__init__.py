"""The whole thing on one machine: `portal demo` starts the database, the portal and the three outside parties.

settings.py   where everything listens, and where the demo keeps what it keeps
keys.py       secrets and keys, made once
plan.py       what each party is told: its command, its settings, its own keys and no other's
commands.py   several commands of a party in one process
child.py      one process, started again when it dies, gone when the demo is
mail.py       catches the mail
run.py        the order in which all this happens
crowd/        invented people with applications in every state, as many as are asked for
table.py      the one table that a newcomer reads
"""

from portal.demo.run import reset, run

__all__ = ["reset", "run"]
