"""An upload that is too much ends the process that reads it, and becomes a sentence."""

import tempfile

import pytest

from portal.common.errors import NotPossible
from portal.common.reader import apart
from portal.common.reader.reading import Choices
from tests import profiles
from tests.support.workbooks import MAIN, row, xlsx

HEAD = row(1, "E-mail", "Name")
ONE = row(2, "ann@example.org", "Ann")


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """The process has its CPU time and not more; how long that takes is the machine's business."""
    monkeypatch.setattr(apart, "PATIENCE", 200)


def read(content, **choices):
    with tempfile.TemporaryFile() as upload:
        upload.write(content)
        upload.seek(0)
        return apart.read_apart(upload, Choices(**choices))


def shared(text, number):
    """A workbook in which `number` cells all show one long text."""
    strings = f'<sst xmlns="{MAIN}/spreadsheetml/2006/main"><si><t>{text}</t></si></sst>'
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, number))
    return xlsx(cells, **{"xl/sharedStrings.xml": strings})


# Made by the test that wants one: every process of a run imports this file.
TOO_MUCH = {
    "far cell in single quotes": lambda: xlsx(
        HEAD + ONE + "<row><c r='XFD1048576'><v>1</v></c></row>"
    ),
    "far cell with spaces": lambda: xlsx(
        HEAD + ONE + '<row><c r = "XFD1048576" ><v>1</v></c></row>'
    ),
    "far cell behind a prefix": lambda: xlsx(
        HEAD
        + ONE
        + f'<x:row xmlns:x="{MAIN}/spreadsheetml/2006/main"><x:c\nr="XFD1048576"/></x:row>'
    ),
    "far row": lambda: xlsx(HEAD + ONE + "<row r='1048576'><c r='CV1048576'><v>1</v></c></row>"),
    "row beyond all": lambda: xlsx(
        HEAD + ONE + "<row r='99999999999999999999'><c><v>1</v></c></row>"
    ),
    "one long text shown again and again": lambda: shared("x" * 30_000, 60_000),
    "entities": lambda: xlsx(
        **{
            "xl/workbook.xml": '<!DOCTYPE a [<!ENTITY b "cccccccccc"><!ENTITY d "&b;&b;&b;">]>'
            "<workbook>&d;</workbook>"
        }
    ),
    "zip bomb": lambda: xlsx(**{"xl/media/image1.png": "0" * (201 * 1024 * 1024)}),
    "lines without an end of a quotation": lambda: b'E-mail;Name\n"' + b'a"b;"\n' * 60_000,
}


@pytest.mark.parametrize("name", TOO_MUCH)
def test_what_is_too_much_is_refused_with_a_sentence(name):
    with pytest.raises(NotPossible) as refusal:
        read(TOO_MUCH[name]())
    assert refusal.value.sentence.endswith(".")


def test_millions_of_empty_lines_are_passed_over_quickly():
    for end in (b"\n", b"\r"):
        content = end * profiles.of(ci=2_000_000, nightly=9_000_000) + b"ann@example.org"
        assert [one.email for one in read(content).candidates] == ["ann@example.org"]


def test_a_tag_without_an_end_is_read_once():
    many = " ".join(f"a{n}='1'" for n in range(400_000))
    with pytest.raises(NotPossible, match="nothing in this file"):
        read(xlsx(f"<row {many}/>"))


def test_a_million_columns_do_not_hurt_those_who_can_be_read():
    content = b"E-mail;Name" + b";" * 90_000 + b"\nann@example.org;Ann\n"
    reading = read(content)
    assert [one.email for one in reading.candidates if not one.problem] == ["ann@example.org"]
    assert len(reading.columns) <= 200


def test_a_line_of_ten_megabytes_is_refused_alone():
    content = b"E-mail;Name\n" + b"x" * 10_000_000 + b"\nann@example.org;Ann\n"
    found = read(content).candidates
    assert [one.email for one in found if not one.problem] == ["ann@example.org"]
    assert "far too long" in found[0].problem


def test_the_process_ends_by_its_own_limit_of_memory(monkeypatch, tmp_path):
    monkeypatch.setattr(apart, "_FOLDER", _instead(tmp_path, "x = ' ' * 2_000_000_000"))
    with pytest.raises(NotPossible, match="limits of time and memory"):
        read(b"ann@example.org")


def test_the_process_is_given_up_when_it_takes_too_long(monkeypatch, tmp_path):
    monkeypatch.setattr(apart, "PATIENCE", 0.5)
    monkeypatch.setattr(apart, "_FOLDER", _instead(tmp_path, "while True: pass"))
    with pytest.raises(NotPossible, match="limits of time and memory"):
        read(b"ann@example.org")


def test_an_answer_without_an_end_is_cut_off(monkeypatch, tmp_path):
    endless = "import sys\nwhile True: sys.stdout.write('x' * 1_000_000)"
    monkeypatch.setattr(apart, "_FOLDER", _instead(tmp_path, endless))
    with pytest.raises(NotPossible, match="limits of time and memory"):
        read(b"ann@example.org")


def test_the_process_knows_nothing_of_ours(monkeypatch, tmp_path):
    monkeypatch.setenv("CREDENTIALS_KEYS", "a-key-for-tests")
    told = (
        "import json, os, sys\n"
        "assert 'CREDENTIALS_KEYS' not in os.environ\n"
        "assert not [name for name in sys.modules if name.startswith(('django', 'portal'))]\n"
        "json.dump({'problem': 'Nothing is known.'}, sys.stdout)"
    )
    monkeypatch.setattr(apart, "_FOLDER", _instead(tmp_path, told))
    with pytest.raises(NotPossible, match="Nothing is known"):
        read(b"ann@example.org")


def _instead(folder, code):
    """A reader with the real one's limits that does something else."""
    package = folder / "reader"
    package.mkdir()
    (package / "__init__.py").write_text("")
    source = apart._FOLDER / "reader" / "__main__.py"
    head = source.read_text().partition("def main()")[0]
    (package / "__main__.py").write_text(f"{head}\n_limit()\n{code}\n")
    return folder
