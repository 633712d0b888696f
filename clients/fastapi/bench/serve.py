"""Serves one contender: `python -m bench.serve NAME UPSTREAM`. Prints its port and ends with its standard input."""

import json
import socket
import sys
import threading

import uvicorn

from .contenders import CONTENDERS
from .upstream import Upstream


def main(name: str, upstream: str) -> None:
    """Serves with one uvicorn worker until standard input ends."""
    app = CONTENDERS[name](Upstream(**json.loads(upstream)))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False))
    listening = socket.create_server(("127.0.0.1", 0), backlog=128)

    def end_with_stdin() -> None:
        sys.stdin.read()
        server.should_exit = True

    threading.Thread(target=end_with_stdin, daemon=True).start()
    print(listening.getsockname()[1], flush=True)
    server.run(sockets=[listening])


main(*sys.argv[1:])
