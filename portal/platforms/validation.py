"""What an administrator typed about an account: made fit to store, or told what is wrong."""

import ssl
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from integrations.base.adapter import Room
from integrations.base.credentials import CredentialField, clean
from portal.common.texts import shown
from portal.platforms import addresses
from portal.platforms.models import PlatformAccount

CREDENTIAL, OPTION = "credential_", "option_"  # prefixes of field names in forms and errors
SHORTEST, LONGEST = 1, 1440  # minutes between two syncs
LARGEST_PACE = 6000  # requests a minute
MOST_ROOMS = 1000  # webinars at the same time
Errors = dict[str, list[str]]


def interval_problem() -> str:
    """What is wrong with an interval that is too short or too long."""
    said = _("Choose between %(shortest)d and %(longest)d minutes.")
    return said % {"shortest": SHORTEST, "longest": LONGEST}


def wanted(
    row: PlatformAccount,
    room: Room,
    base_url: str,
    credentials: Mapping[str, str],
    options: Mapping[str, str],
) -> tuple[dict[str, Any], Errors]:
    """The row's new address, credentials and options, and the errors by form field.

    Where the address leads to another server, stored secrets are not sent there unasked.
    """
    address = (base_url.strip() or row.base_url or room.default_base_url).rstrip("/")
    given, wrong = clean(room.credentials, _kept(room.credentials, row.credentials, credentials))
    chosen, wrong_too = clean(room.options, _kept(room.options, row.options, options))
    errors = {f"{CREDENTIAL}{name}": [shown(text)] for name, text in wrong.items()}
    errors |= {f"{OPTION}{name}": [shown(text)] for name, text in wrong_too.items()}
    if problem := addresses.problem(address):
        errors["base_url"] = [problem]
    elif row.base_url and addresses.origin(address) != addresses.origin(row.base_url):
        for field in room.credentials:
            if field.secret and field.name in row.credentials and not credentials.get(field.name):
                errors[f"{CREDENTIAL}{field.name}"] = [
                    _(
                        "The address leads to another server now: type this again, it is not sent "
                        "there unasked."
                    )
                ]
    return {"base_url": address, "credentials": given, "options": chosen}, errors


def row_errors(row: PlatformAccount) -> Errors:
    """What is wrong with the rest of the row."""
    errors: Errors = {}
    if not SHORTEST <= row.interval_minutes <= LONGEST:
        errors["interval_minutes"] = [interval_problem()]
    if row.requests_per_minute is not None and not 1 <= row.requests_per_minute <= LARGEST_PACE:
        said = _("Choose between 1 and %(most)d, or leave it empty.")
        errors["requests_per_minute"] = [said % {"most": LARGEST_PACE}]
    if row.concurrent_rooms is not None and not 1 <= row.concurrent_rooms <= MOST_ROOMS:
        said = _("Choose between 1 and %(most)d, or leave it empty.")
        errors["concurrent_rooms"] = [said % {"most": MOST_ROOMS}]
    if row.ca_bundle and (problem := bundle_problem(row.ca_bundle)):
        errors["ca_bundle"] = [problem]
    try:
        row.full_clean(exclude={"base_url", "credentials", "options", *errors})
    except ValidationError as error:
        for name, texts in error.message_dict.items():
            errors["label" if name == "__all__" else name] = list(texts)
    return errors


def bundle_problem(path: str) -> str:
    """Why a path names no CA bundle; empty where it names one."""
    if not Path(path).is_absolute():
        return _("Give the whole path, beginning with /.")
    try:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(cafile=path)
    except ssl.SSLError:
        return _("This file holds no certificates in PEM form.")
    except (OSError, ValueError):
        return _("There is no such file on the server, or Lectern may not read it.")
    return ""


def _kept(
    fields: Sequence[CredentialField], stored: Mapping[str, str], given: Mapping[str, str]
) -> dict[str, str]:
    """What is given, with the stored value where none is, or where a secret is blank."""
    secret = {f.name for f in fields if f.secret}
    asked = {f.name for f in fields}
    typed = {n: v for n, v in given.items() if n not in secret or str(v or "").strip()}
    return {n: v for n, v in stored.items() if n in asked} | typed
