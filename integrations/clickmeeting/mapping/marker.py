"""Our mark on a room, carried by the one field that we choose and can read back: its URL name.

A create is sent with `custom_room_url_name` = the title's words and the marker, and `name_url` of
every room shows it again. A room keeps its URL name when it is renamed [beyond-the-documents.md],
so the mark stays for as long as the room does.
"""

import re
import unicodedata

# The engine's markers: "lx" and ten hexadecimal digits, at the end of the name.
MARKER = re.compile(r"(?:^|[_-])(lx[0-9a-f]{10})$")
LONGEST_SLUG = 40


def url_name(title: str, marker: str) -> str:
    """A URL name in lower-case ASCII with the marker at its end; the marker alone if need be."""
    ascii_title = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    slug = "_".join(re.findall("[a-z0-9]+", ascii_title.lower()))[:LONGEST_SLUG].strip("_")
    return f"{slug}_{marker}" if slug else marker


def marker_in(name: str) -> str:
    """The marker at the end of a URL name; empty where there is none."""
    found = MARKER.search(name.lower())
    return found.group(1) if found else ""
