"""Documents that are there, that are true, and that keep secrets out."""

import re
import tomllib
from itertools import chain

import pytest

import portal
from portal.common.templatetags import _show
from tests.house import HOME, name
from tools import write_docs, write_icons

PAGES = (
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "LICENSE",
    ".env.example",
    "docs/architecture.md",
    "docs/words.md",
    "docs/dependencies.md",
    "docs/runbook.md",
    "docs/testing.md",
    "docs/capability-matrix.md",
    "docs/operations.md",
    "docs/scaling.md",
    "docs/design-system.md",
)
LINK = re.compile(r"\]\((?!https?://|mailto:|#)([^)#\s]+)")
# Shapes of what must not stand in a file: long keys beside a word that says what they are.
SECRET = re.compile(
    r"(?i)(api[_-]?key|secret|token|password|x-api-key)[\"']?\s*[:=]\s*[\"'](?=[^\"']*\d)"
    r"(?=[^\"']*[a-z])([A-Za-z0-9+/_=-]{24,})[\"']"
)
MADE_UP = re.compile(r"(?i)demo|test|example|fake|made-up|fixture")


def documents():
    return [
        *sorted(HOME.glob("*.md")),
        *sorted((HOME / "docs").rglob("*.md")),
        *sorted((HOME / "integrations").rglob("README.md")),
    ]


@pytest.mark.parametrize("page", PAGES)
def test_is_there(page):
    assert len((HOME / page).read_text()) > 200


def test_links_lead_somewhere():
    dead = [
        f"{name(path)}: {target}"
        for path in documents()
        for target in LINK.findall(path.read_text())
        if not (path.parent / target).exists()
    ]
    assert not dead


DECISIONS = sorted((HOME / "docs" / "adr").glob("*.md"))
PARTS = ("Why", "Decision", "Alternatives", "What follows")
# Right below the title. One that no longer holds leads to the one that does.
STATE = re.compile(
    r"# \d+\. .+\n\nDate: \d{4}-\d\d-\d\d · "
    r"Status: (Accepted|Superseded by \[ADR \d+\]\(\d{4}-[\w-]+\.md\))\n"
)


def test_decisions_are_numbered():
    numbers = [path.name[:4] for path in DECISIONS]
    assert numbers == [f"{n:04}" for n in range(1, len(DECISIONS) + 1)]


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.name[:4])
def test_a_decision_has_a_date_a_status_and_alternatives_on_one_page(path):
    text = path.read_text()
    assert STATE.match(text)
    assert 100 < len(text.split()) < 700
    assert [part for part in PARTS if f"\n## {part}" not in text] == []


def test_direct_dependencies_have_their_reason():
    reasons = (HOME / "docs" / "dependencies.md").read_text().lower()
    wanted = chain.from_iterable(
        (HOME / f"requirements{part}.in").read_text().splitlines()
        for part in ("", "-demo", "-dev", "-tools")
    )
    names = [re.split(r"[\[<>=]", line)[0].strip().lower() for line in wanted]
    assert not [
        n for n in names if n and not n.startswith(("-", "#")) and f"**{n}**" not in reasons
    ]


def test_lock_files_are_pinned_with_hashes_and_name_no_server():
    for lock in HOME.glob("requirements*.txt"):
        text = lock.read_text()
        assert "://" not in text, lock.name
        for line in text.splitlines():
            if line and not line.startswith((" ", "#")):
                assert "==" in line, line
                assert line.endswith("\\"), f"{line}: without a hash"


def test_env_example_names_every_setting():
    said = (HOME / ".env.example").read_text()
    read = re.findall(
        r"(?:env\.\w+|number|switch)\(\s*\"([A-Z_]+)\"", (HOME / "portal/settings.py").read_text()
    )
    assert len(read) > 15
    assert not [n for n in read if not re.search(rf"^#? ?{n}=", said, re.M)]


def test_no_secrets_in_files():
    kinds = {".py", ".json", ".txt", ".html", ".md", ".csv", ".js", ".toml", ".example", ""}
    for root in ("portal", "integrations", "tests", "docs", "templates", ".ci", "tools"):
        for path in (HOME / root).rglob("*"):
            if path.is_file() and path.suffix in kinds and "vendor" not in path.parts:
                for found in SECRET.finditer(path.read_text("utf-8", "replace")):
                    assert MADE_UP.search(found[0]), f"{name(path)}: {found[1]}"


def test_generated_documents_are_fresh():
    assert not write_docs.stale(), "run make docs"
    assert write_icons.STYLES.read_text() == write_icons.text(), "run make docs"


def test_an_icon_of_rows_is_drawn_by_the_styles_and_any_other_on_its_page():
    assert _show.icon("user-minus") == '<i class="icon i-user-minus"></i>'
    assert 'aria-label="Gone"' in _show.icon("user-minus", label="Gone")
    assert _show.icon("user-plus").startswith('<svg class="icon" aria-hidden="true" ')


def test_the_version_stands_in_one_place():
    """pyproject.toml takes it from the package, and the changelog says what it brings."""
    project = tomllib.loads((HOME / "pyproject.toml").read_text())
    assert "version" not in project["project"]
    assert project["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "portal.__version__"}
    assert re.fullmatch(r"\d+\.\d+\.\d+(\.dev\d+|rc\d+)?", portal.__version__)
    newest = re.search(r"^## (\S+)", (HOME / "CHANGELOG.md").read_text(), re.M)
    assert newest[1].rstrip(",") == portal.__version__
