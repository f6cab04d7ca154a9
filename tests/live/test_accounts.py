"""Real accounts, where the environment has their credentials (see the package)."""

import json
import os
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from integrations import registry
from integrations.base.adapter import Connection
from tests.live import recorder, walk

WRITES = os.environ.get("LECTERN_LIVE_WRITES") == "yes"
FOLDER = os.environ.get("LECTERN_LIVE_RECORDINGS")


def given(slug: str) -> dict[str, object]:
    return dict(json.loads(os.environ.get(f"LECTERN_LIVE_{slug.upper()}") or "{}"))


def connection(slug: str) -> Connection:
    account = given(slug)
    return Connection(
        str(account.get("base_url") or registry.room(slug).default_base_url),
        account["credentials"],  # type: ignore[arg-type]
        account.get("options") or {},  # type: ignore[arg-type]
    )


def live(slug: str) -> object:
    """The slug as a parameter: skipped without credentials, its own host reachable with them."""
    if not given(slug):
        why = f"no LECTERN_LIVE_{slug.upper()} in the environment"
        return pytest.param(slug, marks=pytest.mark.skip(reason=why))
    host = urlsplit(connection(slug).base_url).hostname
    return pytest.param(slug, marks=[pytest.mark.enable_socket, pytest.mark.allow_hosts([host])])


@pytest.mark.parametrize("slug", [live(slug) for slug in registry.slugs()])
def test_an_account_is_read_and_a_webinar_comes_and_goes(slug: str) -> None:
    with recorder.recording(slug, Path(FOLDER) if FOLDER else None):
        adapter = registry.room(slug).open(connection(slug))
        try:
            walk.read(adapter)
            if WRITES:
                walk.throw_away(adapter)
        finally:
            adapter.close()
