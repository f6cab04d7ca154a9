"""`python -m integrations.sandbox`: the sandbox alone, until SIGINT or SIGTERM."""

from __future__ import annotations

import argparse
import signal
import sys
import threading

from integrations.sandbox import Sandbox, StateUnreadable


def main(arguments: list[str] | None = None) -> int:
    """Returns the process's exit status: 0 after a signal, 1 where it could not start."""
    options = _parser().parse_args(arguments)
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    try:
        sandbox = Sandbox(seed=not options.empty, state=options.state)
        sandbox.start(options.port, options.host, options.public_url)
    except StateUnreadable as problem:
        return _say(str(problem))
    except OSError:
        return _say(f"The sandbox cannot listen on {options.host}:{options.port}: is it taken?")
    print(f"Sandbox of the webinar platforms: {sandbox.url}/", flush=True)  # noqa: T201 - a command line says where it is
    ended.wait()
    sandbox.stop()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m integrations.sandbox", description="Emulates the webinar platforms' APIs."
    )
    parser.add_argument("--host", default="127.0.0.1", help="where to listen (default: loopback)")
    parser.add_argument("--port", type=int, default=8010, help="0 takes a free one")
    parser.add_argument("--state", help="keep the state in this file over restarts")
    parser.add_argument("--empty", action="store_true", help="start without the seed world")
    parser.add_argument("--public-url", default="", help="the address written into answers")
    return parser


def _say(sentence: str) -> int:
    print(sentence, file=sys.stderr)  # noqa: T201 - it is a command line
    return 1


if __name__ == "__main__":
    sys.exit(main())
