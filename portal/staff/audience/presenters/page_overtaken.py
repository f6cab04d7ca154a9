"""Somebody else saved a registration page meanwhile: what stands there now, and what was typed."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from portal.common.errors import Stale
from portal.conferences.audience.forms.registration_page import PageForm, QuestionRows
from portal.conferences.models import Question, RegistrationPage
from portal.staff.presenters import words

LONGEST = 200  # characters of a value
_OF_QUESTION = ("label", "kind", "options", "least", "most", "field_there", "required")


def show(form: PageForm, rows: QuestionRows, held: RegistrationPage, stale: Stale) -> None:
    """Keep what was typed, say what stands there meanwhile, and let the next save go through."""
    typed = form.cleaned_data
    said = [*_of_settings(form, typed, held), *_of_questions(rows, held)]
    data: Any = form.data.copy()  # type: ignore[attr-defined]
    data["version"] = str(held.version)
    form.data = data
    form.add_error(None, stale.sentence)
    for line in said:
        form.add_error(None, line)


def _of_settings(form: PageForm, typed: Mapping[str, Any], held: RegistrationPage) -> Iterable[str]:
    for name in form.Meta.fields:
        if name in form.fields and typed.get(name) != getattr(held, name):
            field = form.fields[name]
            yield _difference(str(field.label), field, getattr(held, name), typed.get(name))


def _of_questions(rows: QuestionRows, held: RegistrationPage) -> Iterable[str]:
    there = {one.pk: one for one in held.questions.all()} if held.pk else {}
    for form in rows.forms:
        known, row = form.cleaned_data.get("pk"), form.cleaned_data
        if known in there:
            yield from _of_question(form, row, there[known])
        elif known and form.asks:
            said = _("“%(question)s” is asked no more. If you save again, it is asked anew.")
            yield said % {"question": row["label"]}
    for pk, question in there.items():
        if pk not in rows.seen:
            yield _("“%(question)s” was added meanwhile, and stays.") % {"question": question.label}


def _of_question(form: Any, row: Mapping[str, Any], held: Question) -> Iterable[str]:
    if row.get("remove"):
        yield _("“%(question)s” is still asked. If you save again, it is asked no more.") % {
            "question": held.label
        }
        return
    for name in _OF_QUESTION:
        was, now = getattr(held, name), row.get(name)
        if (now is None and name == "field_there") or was == now:
            continue
        field = form.fields[name]
        yield _difference(f"“{held.label}”, {field.label}", field, was, now)


def _difference(label: str, field: Any, now: Any, typed: Any) -> str:
    return _("%(field)s: now %(now)s, you typed %(typed)s.") % {
        "field": label,
        "now": _value(field, now) or _("(empty)"),
        "typed": _value(field, typed) or _("(empty)"),
    }


def _value(field: Any, value: Any) -> str:
    if isinstance(value, list):
        value = "; ".join(value)
    chosen = dict(getattr(field, "choices", ())).get(value) if isinstance(value, str) else None
    return Truncator(str(chosen or words.value("", value))).chars(LONGEST)
