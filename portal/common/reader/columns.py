"""Which line holds the headings, and what each column holds: by its heading in many languages,
else by what stands in it, over all rows. What is a guess says so, and can be chosen otherwise."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from integrations.base.texts import commas, say

from .addresses import has_address
from .characters import fold
from .headings import LABELS, UNUSED, WITHIN, meaning_of
from .own import OwnColumn
from .tables import Row

HEAD = 40  # rows in which headings are looked for
NAMES = frozenset(("first_name", "last_name", "name", "name_last"))
GUESSED = say("Guessed, please look: %(what)s.")
NO_HEADINGS = say("There are no headings. Guessed: %(what)s.")
HIDDEN = say(
    "Hidden columns were passed over; choose below what they hold if they count: %(what)s."
)
_PHONE = re.compile(r"\+?[\d\s()/.\-–]{6,30}")
_ADDRESS = re.compile(r"[^\s@＠'\"]{1,64}[@＠][^\s@＠]{3,255}")
_COMPANY = re.compile(
    r"\b(gmbh|ag|kg|ltd|llc|inc|plc|corp|company|bv|nv|sa|sas|sarl|srl|spa|s\.a|sp\. ?z ?o\.? ?o"
    r"|oy|ab|a/s|as|aps|s\.r\.o|kft|d\.o\.o|ооо|зао|оао|university|universität|verlag|group)\b",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Column:
    """One column: its heading, a few of its values, and what it was taken for."""

    heading: str = ""
    samples: list[str] = field(default_factory=list)
    meaning: str = UNUSED
    guessed: bool = False
    hidden: bool = False


@dataclass(slots=True)
class Layout:
    """How a table is read. `heading` is a line's number, or 0 where there are no headings."""

    columns: list[Column]
    heading: int = 0
    rows: list[Row] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    width: int = 0  # a row with more cells than this was divided wrongly; 0 where nothing tells
    own: dict[str, OwnColumn] = field(default_factory=dict)  # by what they mean

    def fields(self) -> dict[str, list[int]]:
        """Meaning -> its columns: what a heading says before what is guessed, else in order."""
        found: dict[str, list[int]] = {}
        for number, column in sorted(enumerate(self.columns), key=lambda one: one[1].guessed):
            if column.meaning:
                found.setdefault(column.meaning, []).append(number)
        return found


def layout(
    rows: Sequence[Row],
    heading: int | None = None,
    chosen: Mapping[int, str] | None = None,
    hidden: Collection[int] = (),
    own: Iterable[OwnColumn] = (),
) -> Layout:
    """How these rows are read; `heading` and `chosen` (column -> meaning) are what staff said.

    Columns that a spreadsheet hides are used where staff say so, or if they alone hold addresses.
    """
    place = _heading_row(rows) if heading is None else _row_of(rows, heading)
    head = rows[place][1] if place is not None else []
    below = list(rows[place + 1 :] if place is not None else rows)
    width = max((len(cells) for _, cells in rows), default=0)
    columns = [Column(heading=_at(head, n)[:80]) for n in range(width)]
    found = Layout(columns, rows[place][0] if place is not None else 0, below)
    found.own = {column.meaning: column for column in own}
    for column in columns:
        called = (one.meaning for one in found.own.values() if one.is_called(column.heading))
        column.meaning = next(called, UNUSED) if column.heading else UNUSED
    if place is not None:
        _without_repeated_headings(found, head)
        _without_other_tables(found, head)
        _name_skipped(found, rows[:place])
        found.width = _usual_width(head, found.rows)
    facts = [_Facts([_at(cells, n) for _, cells in found.rows]) for n in range(width)]
    for column, fact in zip(columns, facts, strict=True):
        column.samples = fact.samples
    _by_meaning(columns, facts, headed=place is not None, hidden=hidden)
    for number, meaning in (chosen or {}).items():
        known = meaning in LABELS or meaning in found.own or meaning == UNUSED
        if 0 <= number < width and known:
            columns[number].meaning, columns[number].guessed = meaning, False
    _say_guesses(found)
    return found


def _at(cells: Sequence[str], place: int) -> str:
    return cells[place] if place < len(cells) else ""


def _usual_width(head: Sequence[str], rows: Sequence[Row]) -> int:
    """How many cells a row may fill: as many as there are headings, unless most fill more."""
    width = max((n for n, cell in enumerate(head, start=1) if cell), default=0)
    wider = sum(any(cells[width:]) for _, cells in rows)
    return width if wider * 2 < len(rows) else 0


def _by_meaning(
    columns: list[Column], facts: list["_Facts"], *, headed: bool, hidden: Collection[int]
) -> None:
    """What the columns hold; those that are hidden only where no other holds addresses."""
    seen = [n for n in range(len(columns)) if n not in hidden]
    if not any(facts[n].addresses for n in seen):
        seen = list(range(len(columns)))
    some, theirs = [columns[n] for n in seen], [facts[n] for n in seen]
    _by_headings(some, theirs)
    _by_contents(some, theirs, headed=headed)
    _settle_names(some)
    for n in hidden:
        if n < len(columns):
            columns[n].hidden = True
            columns[n].guessed = columns[n].guessed or bool(columns[n].meaning)


def _row_of(rows: Sequence[Row], line: int) -> int | None:
    return next((n for n, (number, _) in enumerate(rows) if number == line), None)


def _heading_row(rows: Sequence[Row]) -> int | None:
    """The row of headings: that with the most known ones; else what stands right above the
    first address and is no row of the table itself."""
    best, most = None, 0
    first = next((n for n, (_, cells) in enumerate(rows) if any(map(has_address, cells))), None)
    addressed = [any(map(has_address, cells)) for _, cells in rows]
    for place, (_, cells) in enumerate(rows[:HEAD]):
        if addressed[place]:
            continue
        known = sum(bool(meaning_of(cell)) for cell in cells if cell)
        # Below an address stand headings only if nothing else can be meant, and most follows.
        below = first is not None and place > first
        if below and sum(addressed[place:]) < sum(addressed[:place]):
            break
        if known > most and (not below or _are_headings(cells)):
            best, most = place, known
    if best is not None:
        return best
    if first is None or not 0 < first < HEAD:
        return None
    above, filled = rows[first - 1][1], sum(map(bool, rows[first][1]))
    enough = sum(map(bool, above)) >= max(2, (filled + 1) // 2)
    return first - 1 if enough and filled > 1 else None


def _are_headings(cells: Sequence[str]) -> bool:
    """Whether a row of headings is meant and can hardly be anything else."""
    meanings = {meaning_of(cell) for cell in cells if cell} - {UNUSED}
    return len(meanings) > 1 and "email" in meanings and not any(map(has_address, cells))


def _without_other_tables(found: Layout, head: Sequence[str]) -> None:
    """Leave out what stands below other headings, where its columns would be misread."""
    ours = [meaning_of(cell) for cell in head]
    for place, (line, cells) in enumerate(found.rows):
        theirs = [meaning_of(cell) for cell in cells]
        pairs = list(zip_longest(ours, theirs, fillvalue=UNUSED))
        if any(b and a != b for a, b in pairs) and _are_headings(cells):
            found.remarks.append(
                say(
                    "Other headings stand in line %(line)d: what follows was not read. "
                    "Import it from a file of its own.",
                    line=line,
                )
            )
            found.rows = found.rows[:place]
            return


def _without_repeated_headings(found: Layout, head: Sequence[str]) -> None:
    """Reports of several parts have their headings again in each."""
    kept = [row for row in found.rows if row[1] != list(head)]
    if len(kept) < len(found.rows):
        found.remarks.append(say("Headings that come again further below were skipped."))
        found.rows = kept


def _name_skipped(found: Layout, above: Sequence[Row]) -> None:
    if not above:
        return
    texts = [" ".join(filter(None, cells))[:40] for _, cells in above]
    said = ", ".join(f"“{text}”" for text in texts[:4]) + (" …" if len(texts) > 4 else "")
    found.remarks.append(
        say("Skipped above the headings in line %(line)d: %(what)s.", line=found.heading, what=said)
    )
    lost = [line for line, cells in above if any(map(has_address, cells))]
    if lost:
        where = ", ".join(map(str, lost[:10])) + (" …" if len(lost) > 10 else "")
        found.remarks.append(
            say("An address stands in what was skipped (line %(where)s).", where=where)
        )


class _Facts:
    """What stands in one column, counted over all rows."""

    def __init__(self, cells: Sequence[str]) -> None:
        filled = [cell for cell in cells if cell]
        self.cells, self.filled = cells, len(filled)
        self.samples = [cell[:60] for cell in dict.fromkeys(filled)][:3]
        self.addresses = sum(map(has_address, filled))
        self.whole = sum(bool(_ADDRESS.search(cell)) for cell in filled)
        self.phones = sum(bool(_PHONE.fullmatch(cell)) for cell in filled)
        self.plus = sum(cell.lstrip("'").startswith(("+", "00")) for cell in filled)
        self.words = Counter(min(len(cell.split()), 6) for cell in filled)
        self.nameable = sum(_is_nameable(cell) for cell in filled)
        self.companies = sum(bool(_COMPANY.search(cell)) for cell in filled)

    def share(self, number: int) -> float:
        return number / self.filled if self.filled else 0.0

    @property
    def several_words(self) -> float:
        return self.share(self.filled - self.words[1])


def _is_nameable(cell: str) -> bool:
    return len(cell) <= 60 and any(map(str.isalpha, cell)) and not any(map(str.isdigit, cell))


def _by_headings(columns: Sequence[Column], facts: Sequence[_Facts]) -> None:
    addressed = any(fact.addresses for fact in facts)
    for column, fact in zip(columns, facts, strict=True):
        if column.meaning:
            continue  # one of the house's own
        meaning = meaning_of(column.heading) if column.heading else UNUSED
        holds = fact.share(fact.whole) > 0.5
        if meaning == "email" and not fact.addresses and addressed:
            meaning = UNUSED  # "Mail: sent", beside the column with the addresses
        elif meaning in NAMES and holds:
            meaning, column.guessed = "email", True
        column.meaning = meaning


def _by_contents(columns: Sequence[Column], facts: Sequence[_Facts], *, headed: bool) -> None:
    """What the headings leave open. Without headings the order counts too, and that is said."""
    if not any(column.meaning == "email" for column in columns):
        best = max(range(len(facts)), key=lambda n: facts[n].addresses, default=None)
        if best is not None and facts[best].addresses:
            columns[best].meaning, columns[best].guessed = "email", headed
    emails = [n for n, column in enumerate(columns) if column.meaning == "email"]
    if not emails:
        return
    for column, fact in zip(columns, facts, strict=True):
        if not column.meaning and not column.heading and fact.share(fact.whole) > 0.5:
            column.meaning, column.guessed = "email", True
    taken = {column.meaning for column in columns}
    if taken & NAMES:
        return
    free = [
        n
        for n, column in enumerate(columns)
        if not column.meaning and facts[n].share(facts[n].nameable) > 0.7
    ]
    guesses = _by_addresses(free, facts, facts[emails[0]])
    guesses = guesses or _whole_name(free, facts, headed=headed)
    if not headed:
        guesses = _by_order(free, facts, guesses)
        guesses |= _phones(columns, facts)
    for number, meaning in guesses.items():
        columns[number].meaning, columns[number].guessed = meaning, True


def _by_addresses(free: Sequence[int], facts: Sequence[_Facts], emails: _Facts) -> dict[int, str]:
    """Columns whose words come again in the addresses are parts of the name."""
    found: list[tuple[float, int]] = []
    for number in free:
        places = []
        for cell, address in zip(facts[number].cells, emails.cells, strict=False):
            local = fold(address.partition("@")[0])
            words = [word for word in re.split(r"[\s'-]+", fold(cell)) if len(word) > 1]
            if words and local and any(word in local for word in words):
                whole = len(words) > 1 and all(word in local for word in words)
                places.append((local.find(words[0]) / len(local), whole))
        if len(places) > 0.5 * max(facts[number].filled, 1):
            if sum(whole for _, whole in places) > len(places) / 2:
                return {number: "name"}
            found.append((sum(place for place, _ in places) / len(places), number))
    found.sort()
    if len(found) > 1:
        return {found[0][1]: "first_name", found[1][1]: "last_name"}
    if found and len(free) > 1 and facts[found[0][1]].several_words > 0.6:
        return {found[0][1]: "name"}
    if found and len(free) > 1:
        return {found[0][1]: "first_name" if found[0][0] < 0.2 else "last_name"}
    return {}


def _whole_name(free: Sequence[int], facts: Sequence[_Facts], *, headed: bool) -> dict[int, str]:
    """A column of two words and more, if there is one alone that may be names."""
    if len(free) == 1 and not headed:
        return {free[0]: "name"}
    names = [n for n in free if facts[n].several_words > 0.6 and not facts[n].companies]
    return {names[0]: "name"} if len(names) == 1 else {}


def _by_order(
    free: Sequence[int], facts: Sequence[_Facts], guesses: dict[int, str]
) -> dict[int, str]:
    """First name, last name, company, in this order, for what nothing else tells."""
    given = set(guesses.values())
    wanted = ["company"] if "name" in given else ["first_name", "last_name", "company"]
    missing = [meaning for meaning in wanted if meaning not in given]
    firms = [n for n in free if n not in guesses and facts[n].share(facts[n].companies) > 0.3]
    if firms and "company" in missing:
        guesses = guesses | {firms[0]: "company"}
        missing.remove("company")
    others = [n for n in free if n not in guesses]
    return guesses | dict(zip(others, missing, strict=False))


def _phones(columns: Sequence[Column], facts: Sequence[_Facts]) -> dict[int, str]:
    for number, column in enumerate(columns):
        fact = facts[number]
        if not column.meaning and fact.share(fact.phones) > 0.8 and fact.share(fact.plus) > 0.5:
            return {number: "phone"}
    return {}


def _settle_names(columns: Sequence[Column]) -> None:
    """ "Name" beside "Vorname" is the family name; "Nombre" beside "Apellidos" the first."""
    by_meaning = {column.meaning: column for column in reversed(columns)}
    whole = by_meaning.get("name") or by_meaning.get("name_last")
    if whole is None:
        return
    if "first_name" in by_meaning and "last_name" not in by_meaning:
        whole.meaning = "last_name"
    elif "last_name" in by_meaning and "first_name" not in by_meaning:
        whole.meaning = "first_name"


def _say_guesses(found: Layout) -> None:
    guesses = [
        say("%(column)s as %(what)s", column=_called(n, column), what=_within(found, column))
        for n, column in enumerate(found.columns)
        if column.guessed and column.meaning
    ]
    if guesses:
        words = GUESSED if found.heading else NO_HEADINGS
        found.remarks.append(say(words, what=commas(*guesses[:8])))
    hidden = [
        _called(n, column)
        for n, column in enumerate(found.columns)
        if column.hidden and column.samples and not column.meaning
    ]
    if hidden:
        found.remarks.append(say(HIDDEN, what=_some(hidden)))
    unused = [
        _called(n, column)
        for n, column in enumerate(found.columns)
        if not column.meaning and column.samples and not column.hidden
    ]
    if unused:
        found.remarks.append(say("Not used: %(what)s.", what=_some(unused)))


def _within(found: Layout, column: Column) -> str:
    """What a column was taken for, within a sentence."""
    own = found.own.get(column.meaning)
    return say("“%(heading)s”", heading=own.label) if own else WITHIN[column.meaning]


def _called(number: int, column: Column) -> str:
    called = say("column %(number)d", number=number + 1)
    if column.heading:
        called = say("“%(heading)s”", heading=column.heading[:40])
    if column.hidden and column.meaning:
        return say("%(column)s (hidden)", column=called)
    return called


def _some(called: list[str]) -> str:
    first = commas(*called[:8])
    return say("%(first)s …", first=first) if len(called) > 8 else first
