"""Write static/css/icons.css: what rows of lists show, drawn by the styles and not in each row."""

import sys
from pathlib import Path
from urllib.parse import quote

HOME = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HOME))

from integrations import registry  # noqa: E402 - found only after the line above
from portal.common.templatetags._words import (  # noqa: E402 - as above
    ICONS_OF_ROWS,
    STATES,
    SYNC_STATES,
)

STYLES = HOME / "static/css/icons.css"
HEAD = """/* Written by `make docs` from templates/components/icons; see `i.icon` in base.css. */
"""


def text() -> str:
    """The icons of states, platforms and rows, each as a picture to be cut out."""
    states = {look.icon for look in (*STATES.values(), *SYNC_STATES.values())}
    platforms = {"platform", *(f"platform-{slug}" for slug in registry.slugs())}
    return HEAD + "".join(_rule(name) for name in sorted(states | ICONS_OF_ROWS | platforms))


def _rule(name: str) -> str:
    file = HOME / f"templates/components/icons/{name}.svg"
    if not file.exists():  # a platform without one is shown by the common one
        return ""
    drawing = quote(file.read_text().strip().replace('"', "'"), safe=" '=:/.,()-")
    return f'.i-{name} {{ --drawing: url("data:image/svg+xml,{drawing}"); }}\n'


if __name__ == "__main__":
    STYLES.write_text(text())
