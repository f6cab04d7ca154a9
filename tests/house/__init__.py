"""The house keeps its own plan: layout, imports, budgets, words, safe pages, safe settings."""

from pathlib import Path

HOME = Path(__file__).resolve().parents[2]
# Ours, wherever it stands; what others wrote (vendor) and what a machine wrote (migrations) is not.
CODE = ("portal", "integrations", "tools")
NOT_OURS = {"migrations", "vendor", "__pycache__"}


def python_files(*roots: str) -> list[Path]:
    """Python files below these folders of the project."""
    return _files(roots, "*.py")


def templates() -> list[Path]:
    """All page templates."""
    return _files(("templates",), "*.html")


def mail_texts() -> list[Path]:
    """The templates of mails' plain text."""
    return _files(("templates",), "*.txt")


def _files(roots: tuple[str, ...], pattern: str) -> list[Path]:
    found = (path for root in roots for path in (HOME / root).rglob(pattern))
    return sorted(path for path in found if not NOT_OURS & set(path.relative_to(HOME).parts))


def name(path: Path) -> str:
    """A file as people speak of it: relative to the project."""
    return str(path.relative_to(HOME))
