"""A name and an address in two boxes, and people who paste both into one of them."""

import re
from typing import Any

from django import forms

from integrations.base.texts import say
from portal.common.reader.addresses import has_address, parse_person
from portal.common.texts import shown

_ADDRESS = re.compile(r"\S@\S+\.\S")
IN_NAME = say("An e-mail address stands in the name. Only the name belongs here.")


def taken_apart(name: str, address: str) -> tuple[str, str] | None:
    """What belongs into each box where one of them has "Ann Example <ann@…>"; None where there is
    nothing to take apart, or where it is not clear whose name and whose address are meant."""
    name, address = name.strip(), address.strip()
    whole = [text for text in (name, address) if has_address(text)]
    if not whole or (whole == [address] and len(address.split()) == 1 and "<" not in address):
        return None
    try:
        found = {(one.name, one.email) for one in map(parse_person, whole)}
    except ValueError:
        return None
    names = {one for one, _email in found} | ({name} if not has_address(name) else set())
    names.discard("")
    emails = {email for _name, email in found}
    return (next(iter(names), ""), emails.pop()) if len(emails) == 1 and len(names) < 2 else None


class NameBesideAddress(forms.Form):
    """A form with the fields `name` and `email`. What stands in one box and belongs into both is
    taken apart, also before it is checked, and is shown so."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            held = [str(self.initial.get(name) or "") for name in ("name", "email")]
            if found := taken_apart(*held):
                self.initial = {**self.initial, "name": found[0], "email": found[1]}

    def full_clean(self) -> None:
        if self.is_bound and not self.fields["email"].disabled:
            keys = [self.add_prefix(name) for name in ("name", "email")]
            data: Any = self.data
            if found := taken_apart(*(str(data.get(key) or "") for key in keys)):
                self.data = data = data.copy()
                for key, text in zip(keys, found, strict=True):
                    data[key] = text
        super().full_clean()

    def clean(self) -> dict[str, Any]:
        """An address in the box for the name is kept as nobody's name."""
        cleaned = super().clean() or self.cleaned_data
        new = not self.fields["email"].disabled
        if new and _ADDRESS.search(str(cleaned.get("name") or "")):
            self.add_error("name", shown(IN_NAME))
        return cleaned
