"""`make bench`: what the common things cost on this machine, beside what could be had at the best.

Figures, not verdicts. docs/scaling.md says what each of them means.
"""

import argparse
import os
import signal
import sys

from integrations import registry
from tests.bench import delivery, lines, mirror, pages, telling, workers


def main(words: list[str] | None = None) -> None:
    """Run what is asked for; without words, a small size of everything."""
    asked = parser().parse_args(words)
    # Whoever ends it leaves no database and no server behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    asked.run(asked)


def parser() -> argparse.ArgumentParser:
    whole = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    whole.set_defaults(run=everything)
    _common(whole)
    kinds = whole.add_subparsers()
    _mirror(kinds)
    _delivery(kinds)
    _workers(kinds)
    _lines(kinds)
    _pages(kinds)
    _telling(kinds)
    return whole


def _common(words: argparse.ArgumentParser) -> None:
    words.add_argument(
        "--database",
        action="append",
        default=argparse.SUPPRESS,  # said before the command, it holds behind it as well
        metavar="URL",
        help='a PostgreSQL server, by any of its databases; "sqlite" for a file of its own. May be '
        "said several times. Without it: SQLite, and DATABASE_URL where that is set",
    )


def _urls(asked: argparse.Namespace) -> list[str]:
    """The databases; the empty one is SQLite."""
    given = getattr(asked, "database", []) or ["sqlite", os.environ.get("DATABASE_URL", "")]
    named = ["" if url.startswith("sqlite") else url for url in given if url]
    return list(dict.fromkeys(named))


def _mirror(kinds: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    words = kinds.add_parser("mirror", help="first mirror, nothing changed, 1 %% changed")
    _common(words)
    words.add_argument("--platform", action="append", choices=registry.slugs())
    words.add_argument("--rows", nargs="+", type=int, default=[500, 2000])
    words.add_argument("--parents", type=int, default=0, help="webinars; else one for 500 rows")
    words.add_argument("--latency", type=float, default=0, help="ms that each answer takes")
    words.add_argument("--dlt-python", default="", help="a Python that can import dlt")
    words.set_defaults(run=_run_mirror)


def _run_mirror(asked: argparse.Namespace) -> None:
    mirror.run(
        asked.platform or ["clickmeeting"],
        asked.rows,
        _urls(asked),
        parents=asked.parents,
        latency=asked.latency,
        dlt=asked.dlt_python,
    )


def _delivery(kinds: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    words = kinds.add_parser("delivery", help="from a save to the first byte at the platform")
    _common(words)
    words.add_argument("--webinars", type=int, default=50)
    words.add_argument("--saves", type=int, default=10)
    words.add_argument("--batch", type=int, default=500)
    words.add_argument("--news", type=int, default=1000, help="new rows in one list")
    _broker(words)
    words.set_defaults(run=_run_delivery)


def _run_delivery(asked: argparse.Namespace) -> None:
    size = {name: getattr(asked, name) for name in ("webinars", "saves", "batch", "news", "broker")}
    delivery.run(_urls(asked), **size)


def _broker(words: argparse.ArgumentParser) -> None:
    words.add_argument(
        "--broker",
        default=delivery.broker_of_environment(),
        metavar="URL",
        help="of the workers; without it CELERY_BROKER_URL, where that is Redis or RabbitMQ",
    )


def _workers(kinds: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    words = kinds.add_parser("workers", help="calls a second of several workers")
    _common(words)
    words.add_argument("--accounts", type=int, default=20)
    words.add_argument("--webinars", type=int, default=10)
    words.add_argument("--latency", type=float, default=50, help="ms that each answer takes")
    words.add_argument("--processes", nargs="+", type=int, default=[1, 4])
    _broker(words)
    words.set_defaults(run=_run_workers)


def _run_workers(asked: argparse.Namespace) -> None:
    names = ("accounts", "webinars", "latency", "processes", "broker")
    workers.run(_urls(asked), **{name: getattr(asked, name) for name in names})


def _lines(kinds: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    words = kinds.add_parser("lines", help="several connections within one account")
    _common(words)
    words.add_argument("--platform", action="append", choices=registry.slugs())
    words.add_argument("--webinars", type=int, default=100)
    words.add_argument("--latency", type=float, default=50, help="ms that each answer takes")
    words.add_argument("--connections", nargs="+", type=int, default=[1, 2, 3])
    words.set_defaults(run=_run_lines)


def _run_lines(asked: argparse.Namespace) -> None:
    size = {name: getattr(asked, name) for name in ("webinars", "latency", "connections")}
    lines.run(asked.platform or ["clickmeeting"], _urls(asked), **size)


def _pages(kinds: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    words = kinds.add_parser("pages", help="the pages of staff's, beside the administration's")
    _common(words)
    words.add_argument("--webinars", type=int, default=500)
    words.add_argument("--people", type=int, default=10_000)
    words.add_argument("--registrations", type=int, default=100_000)
    words.add_argument("--times", type=int, default=3, help="the quickest of so many counts")
    words.add_argument(
        "--keep", metavar="URL", help="a PostgreSQL database to fill, or filled so before"
    )
    words.set_defaults(run=_run_pages)


def _run_pages(asked: argparse.Namespace) -> None:
    size = {name: getattr(asked, name) for name in ("webinars", "people", "registrations", "times")}
    pages.run(_urls(asked), keep=asked.keep, **size)


def _telling(kinds: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    words = kinds.add_parser("telling", help="who is told of an act, asked and done, of thousands")
    _common(words)
    words.add_argument("--people", type=int, default=5000)
    words.add_argument("--dates", type=int, default=6, help="of a series, each with as many people")
    words.add_argument("--times", type=int, default=3, help="the quickest of so many counts")
    words.set_defaults(run=_run_telling)


def _run_telling(asked: argparse.Namespace) -> None:
    size = {name: getattr(asked, name) for name in ("people", "dates", "times")}
    telling.run(_urls(asked), **size)


# What `make bench` measures without further words: some two minutes.
SMALL = (
    "mirror --rows 500 2000",
    "delivery --saves 5 --batch 100 --news 500",
    "workers --accounts 8",
    "lines --webinars 50",
    "pages --webinars 200 --people 2000 --registrations 20000",
    "telling --people 500 --dates 2",
)


def everything(asked: argparse.Namespace) -> None:
    """A small size of each."""
    for words in SMALL:
        chosen = parser().parse_args([*words.split(), *_said(asked)])
        chosen.run(chosen)


def _said(asked: argparse.Namespace) -> list[str]:
    return [word for url in getattr(asked, "database", []) for word in ("--database", url)]


if __name__ == "__main__":
    main()
