"""What a group by rule asks of people: its clauses, who fits them, and the same in words.

A rule is kept as {"join": "all" or "any", "clauses": [{"what": code, "value": ...}]}. A sort of
clause is one entry of KINDS, or one of the house's own columns.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.common.dates import DAY_OF_YEAR, written
from portal.common.errors import NotPossible
from portal.common.reader.characters import check_text, fold
from portal.common.reader.own import (
    DATE,
    PREFIX,
    RANGE,
    OwnColumn,
    read_range,
    read_value,
    written_range,
    written_value,
)
from portal.common.reader.saying import reason
from portal.common.texts import Words, shown
from portal.conferences import tallies
from portal.conferences.models import (
    Attendance,
    Attendee,
    AttendeeGroup,
    Conference,
    Registration,
    Series,
    Tag,
)
from portal.conferences.models.folded import key_of
from portal.conferences.people.services import fields
from portal.platforms.models import PlatformAccount

ALL, ANY = "all", "any"
MOST_CLAUSES = 10
LONGEST = 200  # characters of a value
MOST_OFFERED = 100  # webinars that a box offers while somebody types
# What a value is: a text of one's own, or the key of a row.
TEXT, TAG, WEBINAR, ACCOUNT, OWN = "text", "tag", "webinar", "account", "own"
SERIES = "series"
_OFFERED = " · #"  # before the key of a webinar that a box offers
Rule = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """One sort of clause: what staff choose, how it reads with its value, and who fits."""

    label: Words
    words: Words
    takes: str
    fits: Callable[[Any], Q]


def _registered(**where: Any) -> Q:
    # Who was only invited, or waits, is not registered.
    rows = Registration.objects.filter(**tallies.COUNTED, gone_at=None, **where)
    return _has(rows)


def _attended(**where: Any) -> Q:
    rows = Attendance.objects.filter(removed_at=None, session__removed_at=None, **where)
    return _has(rows)


def _tagged(tag: int) -> Q:
    return _has(Tag.people.through.objects.filter(tag=tag))


def _has(rows: QuerySet[Any]) -> Q:
    """People of whom there is such a row. Asked for each of them by an index, and not once for all:
    the page of one person asks every rule that there is."""
    return Q(Exists(rows.filter(attendee=OuterRef("pk"))))


def _in_domain(value: str) -> Q:
    return Q(email__endswith=f"@{value.lower().lstrip('@')}")


KINDS: dict[str, Kind] = {
    "company_is": Kind(
        gettext_lazy("Company is"),
        gettext_lazy("the company is “%(value)s”"),
        TEXT,
        lambda value: Q(company_key=key_of(value)),
    ),
    "company_has": Kind(
        gettext_lazy("Company contains"),
        gettext_lazy("“%(value)s” occurs in the company"),
        TEXT,
        lambda value: Q(company_key__contains=fold(value)),
    ),
    "domain": Kind(
        gettext_lazy("E-mail address ends with"),
        gettext_lazy("the address ends with @%(value)s"),
        TEXT,
        _in_domain,
    ),
    "country": Kind(
        gettext_lazy("Country is (two letters)"),
        gettext_lazy("the country is %(value)s"),
        TEXT,
        lambda value: Q(country=value.upper()),
    ),
    "tag": Kind(
        gettext_lazy("Has the tag"),
        gettext_lazy("the tag “%(value)s” is on them"),
        TAG,
        _tagged,
    ),
    "no_tag": Kind(
        gettext_lazy("Does not have the tag"),
        gettext_lazy("the tag “%(value)s” is not on them"),
        TAG,
        lambda value: ~_tagged(value),
    ),
    "registered": Kind(
        gettext_lazy("Registered for the webinar"),
        gettext_lazy("they are registered for “%(value)s”"),
        WEBINAR,
        lambda value: _registered(conference=value),
    ),
    "not_registered": Kind(
        gettext_lazy("Not registered for the webinar"),
        gettext_lazy("they are not registered for “%(value)s”"),
        WEBINAR,
        lambda value: ~_registered(conference=value),
    ),
    "registered_series": Kind(
        gettext_lazy("Registered for any date of the series"),
        gettext_lazy("they are registered for a date of “%(value)s”"),
        SERIES,
        lambda value: _registered(conference__series=value, conference__removed_at=None),
    ),
    "registered_on": Kind(
        gettext_lazy("Registered for any webinar of the account"),
        gettext_lazy("they are registered for any webinar of %(value)s"),
        ACCOUNT,
        lambda value: _registered(conference__account=value, conference__removed_at=None),
    ),
    "attended": Kind(
        gettext_lazy("Attended the webinar"),
        gettext_lazy("they attended “%(value)s”"),
        WEBINAR,
        lambda value: _attended(session__conference=value),
    ),
    "not_attended": Kind(
        gettext_lazy("Did not attend the webinar"),
        gettext_lazy("they did not attend “%(value)s”"),
        WEBINAR,
        lambda value: ~_attended(session__conference=value),
    ),
    "attended_series": Kind(
        gettext_lazy("Attended any date of the series"),
        gettext_lazy("they attended a date of “%(value)s”"),
        SERIES,
        lambda value: _attended(session__conference__series=value),
    ),
    "attended_on": Kind(
        gettext_lazy("Attended any webinar of the account"),
        gettext_lazy("they attended any webinar of %(value)s"),
        ACCOUNT,
        lambda value: _attended(session__conference__account=value),
    ),
}
_MODELS: dict[str, Any] = {
    TAG: Tag,
    WEBINAR: Conference,
    SERIES: Series,
    ACCOUNT: PlatformAccount,
}


def takes(what: str) -> str:
    """What the value of a clause is; empty where there is no such clause."""
    if what.startswith(PREFIX):
        return OWN
    return KINDS[what].takes if what in KINDS else ""


def offered() -> list[tuple[str, str]]:
    """(code, label) of every sort of clause, own columns last."""
    own = (
        (column.meaning, _("Own column: %(name)s") % {"name": column.label})
        for column in fields.columns()
    )
    return [*((code, str(kind.label)) for code, kind in KINDS.items()), *own]


def checked(what: str, value: str, columns: Mapping[str, OwnColumn]) -> dict[str, Any]:
    """One clause as it is kept, from what was typed or chosen for its value. Raises ValueError
    with a sentence. A clause about a row keeps the row's key."""
    kind = takes(what)
    if kind == OWN:
        if what not in columns:
            raise ValueError(_("This column was deleted. Remove the line."))
        text = check_text(value, columns[what].label, LONGEST)
        return {"what": what, "value": _own_text(columns[what], text)}
    if kind == TEXT:
        text = check_text(value, str(KINDS[what].label), LONGEST)
        text = text.lower().lstrip("@") if what == "domain" else text
        if not fold(text):
            raise ValueError(_("Write something, or remove the line."))
        if what == "country" and not (len(text) == 2 and text.isascii() and text.isalpha()):
            raise ValueError(_("Two letters, such as DE or PL."))
        return {"what": what, "value": text.upper() if what == "country" else text}
    if kind == TAG:
        return {"what": what, "value": _tag(value)}
    if kind == WEBINAR:
        return {"what": what, "value": _webinar(value)}
    if kind == SERIES:
        return {"what": what, "value": _series(value)}
    if not kind or not (key := _key(value)) or not PlatformAccount.objects.filter(pk=key).exists():
        raise ValueError(_("Choose one, or remove the line."))
    return {"what": what, "value": key}


def _key(text: str) -> int:
    """A row's key; 0 where the text is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else 0


def _tag(text: str) -> int:
    found = Tag.objects.filter(sort_key=key_of(text[:LONGEST])).first()
    if found is None:
        raise ValueError(_("There is no tag of this name."))
    return int(found.pk)


def _webinar(text: str) -> int:
    """The webinar that is named by its whole title alone, or by what the box offers. A title may
    end like that ("Course #5"), and then it is the title that was meant."""
    text = text[:600].strip()
    keys = _named(Conference, text, title_key=key_of(text))
    if not keys:
        raise ValueError(_("There is no webinar of this title."))
    if len(keys) > 1:
        raise ValueError(_("Several webinars have this title. Choose one that the box offers."))
    return keys[0]


def _series(text: str) -> int:
    """The same of a series."""
    text = text[:600].strip()
    keys = _named(Series, text, title__iexact=text)
    if not keys:
        raise ValueError(_("There is no series of this title."))
    if len(keys) > 1:
        raise ValueError(_("Several series have this title. Choose one that the box offers."))
    return keys[0]


def _named(model: Any, text: str, **title: str) -> list[int]:
    """The keys of the rows of a title, at most two; else of the one that a box offered."""
    keys = list(model.objects.filter(**title).values_list("pk", flat=True)[:2])
    if not keys and (offered := text.rpartition(_OFFERED))[1] and (key := _key(offered[2])):
        keys = list(model.objects.filter(pk=key).values_list("pk", flat=True))
    return keys


def webinar_typed(row: Conference) -> str:
    """A webinar as the box offers it, which says which one it is."""
    day = written(timezone.localtime(row.starts_at), DAY_OF_YEAR) if row.starts_at else ""
    return f"{' · '.join(filter(None, [row.title, day]))}{_OFFERED}{row.pk}"


def series_typed(row: Series) -> str:
    """The same of a series."""
    day = written(timezone.localtime(row.first_at), DAY_OF_YEAR)
    return f"{row.title} · {day}{_OFFERED}{row.pk}"


def series_offered() -> list[str]:
    """The latest series, as the box offers them."""
    return [series_typed(row) for row in Series.objects.order_by("-pk")[:MOST_OFFERED]]


def webinars_offered() -> list[str]:
    """The latest webinars, as the box offers them."""
    rows = Conference.objects.filter(removed_at=None).order_by("-starts_at", "-pk")
    return [webinar_typed(row) for row in rows[:MOST_OFFERED]]


def typed(rule: Rule) -> list[tuple[str, str]]:
    """(sort of clause, what is typed for its value) of each clause of a rule."""
    names = _names(rule, {WEBINAR: webinar_typed, SERIES: series_typed})
    return [
        (one["what"], names.get((takes(one["what"]), one["value"]), ""))
        if takes(one["what"]) in (TAG, WEBINAR, SERIES)
        else (one["what"], str(one["value"]))
        for one in rule["clauses"]
    ]


def _own_text(column: OwnColumn, text: str) -> str:
    """What is looked for in an own column; nothing stands for anything."""
    if bounds := read_range(column, text):
        return written_range(*bounds)
    return written_value(read_value(column, text)) if text else ""


def rule_of(join: str, clauses: Sequence[dict[str, Any]]) -> Rule:
    """A rule as it is kept. Raises NotPossible where it asks for nothing, or too much."""
    if not clauses:
        raise NotPossible(_("Add at least one line: a rule without one would mean everybody."))
    if len(clauses) > MOST_CLAUSES:
        raise NotPossible(_("A rule has at most %(most)d lines.") % {"most": MOST_CLAUSES})
    return {"join": ANY if join == ANY else ALL, "clauses": list(clauses)}


def fitting(rule: Rule, columns: Mapping[str, OwnColumn] | None = None) -> Q:
    """Who fits a rule, as a condition on people. A clause that cannot be read any more (its column
    was deleted) fits nobody, whichever way it is joined."""
    if columns is None:
        columns = columns_for([rule])
    found: Q | None = None
    for clause in rule.get("clauses", ()):
        one = _fits(clause, columns)
        joined = Q.OR if rule.get("join") == ANY else Q.AND
        found = one if found is None else Q(found, one, _connector=joined)
    return Q(pk__in=[]) if found is None else found


def columns_for(rules: Iterable[Rule]) -> dict[str, OwnColumn]:
    """Own columns by their meanings, asked for only where a rule names one."""
    if not any(one["what"].startswith(PREFIX) for rule in rules for one in rule["clauses"]):
        return {}
    return {column.meaning: column for column in fields.columns()}


def _fits(clause: Mapping[str, Any], columns: Mapping[str, OwnColumn]) -> Q:
    what, value = clause["what"], clause["value"]
    if what in columns:
        return fields.exactly(columns[what], value)
    if what not in KINDS:
        return Q(pk__in=[])
    found = KINDS[what].fits(value)
    if (kind := KINDS[what].takes) in _MODELS:
        # Nobody lacks a tag that was deleted: a rule must not come to mean everybody by that.
        found &= Q(Exists(_MODELS[kind].objects.filter(pk=value)))
    return found


def people(rule: Rule) -> QuerySet[Attendee]:
    """Everybody who fits a rule now."""
    return Attendee.standing.filter(fitting(rule))


def described(rule: Rule) -> list[str]:
    """Each clause in words, for the middle of a sentence."""
    names = _names(rule)
    columns = columns_for([rule])
    found = []
    for clause in rule["clauses"]:
        what, value = clause["what"], clause["value"]
        if takes(what) == OWN:
            found.append(_own_words(columns.get(what), value))
        elif what in KINDS:
            text = names.get((takes(what), value), _("(deleted)")) if takes(what) != TEXT else value
            found.append(str(KINDS[what].words) % {"value": text})
    return found


def _own_words(column: OwnColumn | None, value: str) -> str:
    if column is None:
        return _("a column that was deleted holds something")
    if not value:
        return _("something stands in “%(column)s”") % {"column": column.label}
    if column.has_ranges and RANGE in value:
        return _range_words(column, *value.split(RANGE, 1))
    return _("“%(column)s” is “%(value)s”") % {"column": column.label, "value": value}


def _range_words(column: OwnColumn, low: str, high: str) -> str:
    day = column.kind == DATE
    if low and high:
        said = _("“%(column)s” lies between “%(low)s” and “%(high)s”")
    elif low:
        said = _("“%(column)s” is “%(low)s” or later") if day else ""
        said = said or _("“%(column)s” is “%(low)s” or more")
    else:
        said = _("“%(column)s” is “%(high)s” or earlier") if day else ""
        said = said or _("“%(column)s” is “%(high)s” or less")
    return said % {"column": column.label, "low": low, "high": high}


def _names(
    rule: Rule, typed_as: Mapping[str, Callable[[Any], str]] | None = None
) -> dict[tuple[str, int], str]:
    """What the rows are called that a rule speaks of, in one statement for each sort of them."""
    wanted: dict[str, set[int]] = {}
    for clause in rule["clauses"]:
        if (kind := takes(clause["what"])) in _MODELS:
            wanted.setdefault(kind, set()).add(clause["value"])
    return {
        (kind, row.pk): (typed_as or {}).get(kind, str)(row)
        for kind, keys in wanted.items()
        for row in _MODELS[kind].objects.filter(pk__in=keys)
    }


def groups_asking(fits: Callable[[Mapping[str, Any]], bool]) -> list[str]:
    """Names of the groups by rule of which a line is one of these."""
    rows = AttendeeGroup.objects.filter(rule__isnull=False)
    return [row.name for row in rows if any(map(fits, (row.rule or {}).get("clauses", ())))]


def of_tag(tag: int) -> Callable[[Mapping[str, Any]], bool]:
    """Whether a line asks for a tag."""
    return lambda one: takes(one["what"]) == TAG and one["value"] == tag


def renamed(rule: Rule, drop: int, keep: int) -> Rule:
    """The rule where one tag took the place of another."""
    clauses = [
        one | {"value": keep} if takes(one["what"]) == TAG and one["value"] == drop else one
        for one in rule["clauses"]
    ]
    return rule | {"clauses": clauses}


def problem(error: ValueError) -> str:
    """Why a clause was refused, in the active language."""
    return shown(reason(error))
