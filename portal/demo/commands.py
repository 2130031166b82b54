"""Runs several commands of one party in one process: `python -m portal.demo.commands MODULE '[["seed"], …]'`.

A party takes about a second to load; a start of the demo has better things to do.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module


def main() -> int:
    """Run each command as the party's own command line would; stop at the first that fails and return its code."""
    module, commands = sys.argv[1], json.loads(sys.argv[2])
    program = import_module(f"{module}.__main__")
    for arguments in commands:
        sys.argv = [module, *arguments]
        try:
            code = program.main()
        except SystemExit as ended:
            code = ended.code
        if code:
            sys.exit(code)
    return 0


if __name__ == "__main__":
    sys.exit(main())
