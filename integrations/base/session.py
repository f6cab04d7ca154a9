"""One thread's connections: without anything of this machine, and with an end to every answer."""

import logging

import requests
from requests.adapters import HTTPAdapter
from requests.utils import prepend_scheme_if_needed

from integrations.base.deadline import Allows, watch

# At DEBUG it writes whole addresses, and an address may hold a key.
logging.getLogger("urllib3").setLevel(logging.INFO)


def open_session(proxy: str = "", allows: Allows | None = None) -> requests.Session:
    """A session that takes no settings from the environment; `proxy` is an address, or empty.

    `allows` is asked about every direct line: its host, and the address that it is connected to.
    """
    session = requests.Session()
    # A ~/.netrc must not add credentials of its own, nor HTTPS_PROXY a way of its own.
    session.trust_env = False
    # As requests writes it, so that the connections through it are the watched ones.
    if proxy:
        proxy = str(prepend_scheme_if_needed(proxy, "http"))  # type: ignore[no-untyped-call]
    for scheme in ("http", "https"):
        line = HTTPAdapter(max_retries=0)
        watch(line.poolmanager, allows)
        if proxy:
            watch(line.proxy_manager_for(proxy))
            session.proxies[scheme] = proxy
        session.mount(f"{scheme}://", line)
    return session
