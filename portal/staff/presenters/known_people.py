"""People who are known here, offered while somebody types a name or an address."""

from collections.abc import Iterable

from django import forms
from django.urls import reverse

from portal.common.reader.addresses import Person, written
from portal.conferences.models import Attendee
from portal.conferences.people.services import selection

LIST = "known-people"  # people/_known.html


def offer(some: Iterable[forms.Form]) -> None:
    """Have the boxes `name` and `email` of these forms offer whoever fits what is typed."""
    for form in some:
        for name in ("name", "email"):
            form.fields[name].widget.attrs |= {
                "list": LIST,
                "hx-post": reverse("staff:people-known"),
                "hx-params": f"{form.add_prefix(name)},csrfmiddlewaretoken",
                "hx-trigger": "input changed delay:250ms",
                "hx-target": f"#{LIST}",
                "hx-swap": "innerHTML",  # whatever the part around it does
                "hx-sync": "this:replace",
            }


def fitting(words: str) -> list[str]:
    """The first few who fit, each as a text that is taken apart into the two boxes."""
    people, _groups = selection.search(words)
    return [_entry(one) for one in people if one.email]


def _entry(person: Attendee) -> str:
    whole = Person(person.email, person.first_name, person.last_name)
    plain = f"{whole.name} <{person.email}>" if whole.name else person.email
    return plain if all(one.isalnum() or one in " .-'" for one in whole.name) else written(whole)
