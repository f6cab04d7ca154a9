"""What may stand between braces in a mail's template, and what comes out of it: words for words in
one pass, so that nothing that people typed is ever read as a template. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.conferences.models import MailTemplate

Purpose = MailTemplate.Purpose
LONGEST_TEXT = 10_000  # characters
MOST = 100  # placeholders
SUBJECT_LENGTH = 250  # characters
_PLACE = re.compile(r"\{([^{}\n]{0,60})\}")
_NAME_WITHOUT = re.compile(r"[ \t]*\{name\}")

MEANINGS = {
    "title": gettext_lazy("The webinar's title"),
    "when": gettext_lazy("Day and time, by the webinar's clock"),
    "name": gettext_lazy("Who it is to; nothing where no name is known"),
    "link": gettext_lazy("Their personal link; a button where it stands alone in a line"),
    "account": gettext_lazy("The sender's name, or what the account is called"),
    "description": gettext_lazy("What the webinar says about itself"),
    "changes": gettext_lazy("What has changed: before, and now"),
    "note": gettext_lazy("The words of your own, typed before sending"),
    "about": gettext_lazy("What it is about"),
    "length": gettext_lazy("How long it takes"),
    "times": gettext_lazy("The proposed times, one a line"),
    "until": gettext_lazy("A sentence that says by when to answer; nothing where no day is set"),
    "again": gettext_lazy(
        "Why they are asked again: no answer yet, further times, or a change; nothing at first"
    ),
    "outcome": gettext_lazy("What came of it: the date, or that there is none"),
}
_IN_SUBJECTS = ("title", "when", "name", "account")
_WITHOUT_DATE = ("title", "name", "account")
_IN_TEXTS = {
    Purpose.INVITE: ("title", "when", "name", "link", "account", "description", "note"),
    Purpose.SPEAKER: ("title", "when", "name", "link", "account", "description", "note"),
    Purpose.UPDATE: ("title", "when", "name", "link", "account", "description", "changes", "note"),
    Purpose.CANCEL: ("title", "when", "name", "account", "note"),
    Purpose.REMIND: ("title", "when", "name", "link", "account", "description", "changes", "note"),
    Purpose.ASK: (
        "title",
        "name",
        "link",
        "account",
        "times",
        "length",
        "until",
        "about",
        "again",
        "changes",
        "note",
    ),
    Purpose.OUTCOME: ("title", "name", "outcome", "account", "note"),
}
# Without them a mail would not say what it is for.
_NEEDED = {
    "link": gettext_lazy("{link} is missing: without it, people do not get their link."),
    "outcome": gettext_lazy("{outcome} is missing: without it, nobody reads what came of it."),
    "times": gettext_lazy("{times} is missing: without it, nobody reads what is proposed."),
}
# From where somebody begins to write.
BEGINNINGS = {
    Purpose.INVITE: (
        gettext_lazy("Invitation: {title}"),
        gettext_lazy(
            "Hello {name},\n\nYou are invited to a webinar.\n\n{title}\n{when}\n\n{note}\n\n"
            "{link}\n\n{description}\n\nThe link is for you alone; please do not pass it on."
        ),
    ),
    Purpose.SPEAKER: (
        gettext_lazy("Invitation: {title}"),
        gettext_lazy(
            "Hello {name},\n\nYou are one of those who run this webinar.\n\n{title}\n{when}\n\n"
            "{note}\n\n{link}\n\n{description}\n\n"
            "The link is for you alone; please do not pass it on."
        ),
    ),
    Purpose.UPDATE: (
        gettext_lazy("Changed: {title}, {when}"),
        gettext_lazy(
            "Hello {name},\n\nSomething has changed about a webinar that you take part in. This is "
            "how it stands now:\n\n{title}\n{when}\n\n{changes}\n\n{note}\n\n{link}\n\n"
            "Open the attached entry to bring your calendar up to date."
        ),
    ),
    Purpose.CANCEL: (
        gettext_lazy("Cancelled: {title}"),
        gettext_lazy(
            "Hello {name},\n\nThis webinar will not take place:\n\n{title}\n{when}\n\n{note}\n\n"
            "The attached entry takes it out of your calendar."
        ),
    ),
    Purpose.REMIND: (
        gettext_lazy("Reminder: {title}, {when}"),
        gettext_lazy(
            "Hello {name},\n\nThis webinar is coming up:\n\n{title}\n{when}\n\n{note}\n\n{link}"
        ),
    ),
    Purpose.ASK: (
        gettext_lazy("When can you? {title}"),
        gettext_lazy(
            "Hello {name},\n\n{again}\n\nPlease say when you can:\n\n{title}\n{length}\n\n{about}"
            "\n\n{changes}\n\n{note}\n\n{times}\n\n{link}\n\n{until}\n\n"
            "Nothing is fixed yet. The link is for you alone; please do not pass it on."
        ),
    ),
    Purpose.OUTCOME: (
        gettext_lazy("What came of it: {title}"),
        gettext_lazy(
            "Hello {name},\n\nYou were asked when you can.\n\n{title}\n{outcome}\n\n{note}\n\n"
            "You need not answer any more. Thank you."
        ),
    ),
}
# What a mail says on lines of its own, also where its template leaves it out.
BLOCKS = ("again", "changes", "note")

_ALONE = {f"{{{name}}}" for name in ("link", *BLOCKS)}


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a mail: "text", or one that has a look of its own ("link" or one of BLOCKS)."""

    kind: str
    text: str = ""


def in_text(purpose: str) -> tuple[str, ...]:
    """The placeholders that a text with this purpose may have."""
    return _IN_TEXTS[Purpose(purpose)]


def in_subject(purpose: str) -> tuple[str, ...]:
    """Those that a subject with this purpose may have: of a date poll there may be no date."""
    return _WITHOUT_DATE if purpose in (Purpose.ASK, Purpose.OUTCOME) else _IN_SUBJECTS


def subject_problems(purpose: str, subject: str) -> list[str]:
    """What is wrong with a subject, in sentences."""
    return _unknown(subject, in_subject(purpose))


def text_problems(purpose: str, text: str) -> list[str]:
    """What is wrong with a text, in sentences."""
    found = _unknown(text, in_text(purpose))
    if len(text) > LONGEST_TEXT:
        said = _("At most %(longest)s characters; this has %(count)s.")
        found.append(said % {"longest": LONGEST_TEXT, "count": len(text)})
    if len(_PLACE.findall(text)) > MOST:
        found.append(_("At most %(most)d placeholders.") % {"most": MOST})
    missing = (n for n in _NEEDED if n in in_text(purpose) and f"{{{n}}}" not in text)
    return [*found, *(str(_NEEDED[name]) for name in missing)]


def _unknown(text: str, known: Sequence[str]) -> list[str]:
    wrong = list(dict.fromkeys(name for name in _PLACE.findall(text) if name not in known))
    if not wrong:
        return []
    said = _("Lectern does not know %(those)s here. Choose from %(known)s.")
    those, names = (", ".join(f"{{{name}}}" for name in some) for some in (wrong[:5], known))
    return [said % {"those": those, "known": names}]


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with values for placeholders; what is none of them stays as it is."""
    if not values.get("name"):
        text = _NAME_WITHOUT.sub("", text)  # "Hello {name}," becomes "Hello,"
    return _PLACE.sub(lambda found: values.get(found[1], found[0]), text)


def subject(text: str, values: Mapping[str, str]) -> str:
    """One line of no more than SUBJECT_LENGTH characters; of a title that is too long, the end is
    left out."""
    room = SUBJECT_LENGTH - len(filled(text, {**values, "title": ""}))
    title = values["title"]
    if len(title) > room:
        title = f"{title[: max(room, 21) - 1].rstrip()}…"
    return " ".join(filled(text, {**values, "title": title}).split())[:SUBJECT_LENGTH]


def blocks(text: str, values: Mapping[str, str]) -> list[Block]:
    """A text as parts: paragraphs, and what stands alone in a line. What the reader must know and
    the text leaves out (`BLOCKS`, where they have a value) stands before their link, or at the
    end."""
    found: list[Block] = []
    for part in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").replace("\r", "\n")):
        found += _of_paragraph(part, values)
    missing = [Block(n, values[n]) for n in BLOCKS if values.get(n) and f"{{{n}}}" not in text]
    links = (n for n, part in enumerate(found) if values.get("link") and _leads(part, values))
    place = next(links, len(found))
    return [*found[:place], *missing, *found[place:]]


def _leads(part: Block, values: Mapping[str, str]) -> bool:
    return part.kind == "link" or values["link"] in part.text


def _of_paragraph(part: str, values: Mapping[str, str]) -> list[Block]:
    found: list[Block] = []
    lines: list[str] = []

    def close() -> None:
        if said := filled("\n".join(lines), values).strip("\n"):
            found.append(Block("text", said))
        lines.clear()

    for line in part.split("\n"):
        alone = line.strip()[1:-1] if line.strip() in _ALONE else ""
        if not alone:
            lines.append(line)
            continue
        close()
        if values.get(alone):
            found.append(Block(alone, values[alone]))
    close()
    return found


def plain(parts: Sequence[Block]) -> str:
    """Parts as plain text."""
    return "\n\n".join(part.text for part in parts) + "\n"
