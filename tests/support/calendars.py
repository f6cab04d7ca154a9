"""Answers to an invitation in the shapes in which calendars send them; each is written here after
what such programs are known to send, with nobody's real data."""

import base64

EVENT = """BEGIN:VCALENDAR
PRODID:{product}
VERSION:2.0
CALSCALE:GREGORIAN
METHOD:{method}
{more}BEGIN:VEVENT
{event}UID:{uid}
DTSTAMP:{stamp}
DTSTART:20940601T100000Z
DTEND:20940601T110000Z
SUMMARY:The seminar
SEQUENCE:{sequence}
ORGANIZER;CN=Lectern:mailto:{to}
{attendee}
END:VEVENT
END:VCALENDAR
"""
ATTENDEE = "ATTENDEE;CN=Ann;PARTSTAT={said}:mailto:{email}"


def ics(**values):
    """The calendar of an answer."""
    given = {
        "product": "-//Example//Calendar//EN",
        "method": "REPLY",
        "more": "",
        "event": "",
        "stamp": "20940101T100000Z",
        "sequence": 0,
        "said": "ACCEPTED",
        "attendee": ATTENDEE,
    } | values
    given["attendee"] = given["attendee"].format(**given)
    return EVENT.format(**given).replace("\n", "\r\n")


def mail(body, headers="", **values):
    """A mail with such a body, as lines."""
    given = {"sender": "ann@example.com", "date": ""} | values
    date = f"Date: {given['date']}\n" if given["date"] else ""
    head = f"From: {given['sender']}\nTo: {given['to']}\nSubject: Accepted\n{date}{headers}"
    return f"{head}MIME-Version: 1.0\n{body}".encode()


def google(**values):
    """Three parts: text, HTML, calendar; and the calendar once more as a file, base64."""
    calendar = ics(product="-//Google Inc//Google Calendar 70.9054//EN", **values)
    packed = base64.encodebytes(calendar.encode()).decode()
    return mail(
        'Content-Type: multipart/mixed; boundary="m"\n\n'
        '--m\nContent-Type: multipart/alternative; boundary="a"\n\n'
        '--a\nContent-Type: text/plain; charset="UTF-8"; format=flowed\n\nAnn has accepted.\n'
        '--a\nContent-Type: text/html; charset="UTF-8"\n\n<p>Ann has accepted.</p>\n'
        '--a\nContent-Type: text/calendar; charset="UTF-8"; method=REPLY\n'
        f"Content-Transfer-Encoding: 7bit\n\n{calendar}\n--a--\n"
        '--m\nContent-Type: application/ics; name="invite.ics"\n'
        'Content-Disposition: attachment; filename="invite.ics"\n'
        f"Content-Transfer-Encoding: base64\n\n{packed}\n--m--\n",
        **values,
    )


def outlook(**values):
    """An alternative with a calendar in base64, a zone beside the event, MAILTO in capitals, and
    the addresses as the directory writes them."""
    zone = (
        "BEGIN:VTIMEZONE\nTZID:W. Europe Standard Time\nBEGIN:STANDARD\n"
        "DTSTART:16010101T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\n"
        "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10\nEND:STANDARD\nEND:VTIMEZONE\n"
    )
    attendee = "ATTENDEE;PARTSTAT={said};CN=Ann Example:MAILTO:Ann@Example.com"
    given = {"attendee": attendee} | values
    calendar = ics(product="Microsoft Exchange Server 2010", more=zone, **given)
    packed = base64.encodebytes(calendar.encode()).decode()
    return mail(
        'Content-Type: multipart/alternative; boundary="o"\n\n'
        '--o\nContent-Type: text/plain; charset="us-ascii"\n\n\n'
        '--o\nContent-Type: text/calendar; charset="utf-8"; method=REPLY\n'
        f"Content-Transfer-Encoding: base64\n\n{packed}\n--o--\n",
        headers="Content-Class: urn:content-classes:calendarmessage\n",
        **values,
    )


def apple(**values):
    """Text and a calendar, quoted-printable, lines folded in the middle of words."""
    calendar = ics(product="-//Apple Inc.//macOS 15.0//EN", **values)
    folded = "\r\n".join(
        "\r\n ".join(line[at : at + 70] for at in range(0, len(line), 70)) or line
        for line in calendar.split("\r\n")
    )
    quoted = folded.replace("=", "=3D")
    return mail(
        'Content-Type: multipart/alternative; boundary="p"\n\n'
        "--p\nContent-Type: text/plain; charset=utf-8\n\nAnn accepted.\n"
        "--p\nContent-Type: text/calendar; charset=utf-8; method=REPLY\n"
        f"Content-Transfer-Encoding: quoted-printable\n\n{quoted}\n--p--\n",
        **values,
    )


def thunderbird(**values):
    """A calendar beside a text, with the method also as a parameter in quotes."""
    calendar = ics(
        product="-//Mozilla.org/NONSGML Mozilla Calendar V1.1//EN",
        **(
            {"attendee": "ATTENDEE;CN=Ann;PARTSTAT={said};ROLE=REQ-PARTICIPANT:mailto:{email}"}
            | values
        ),
    )
    return mail(
        'Content-Type: multipart/mixed; boundary="t"\n\n'
        "--t\nContent-Type: text/plain; charset=UTF-8\n\nAnn has accepted.\n"
        '--t\nContent-Type: text/calendar; method="REPLY"; charset=UTF-8\n\n'
        f"{calendar}\n--t--\n",
        **values,
    )


def bare(**values):
    """The calendar is the whole mail, and its method stands in the header alone."""
    calendar = ics(**values).replace("METHOD:REPLY\r\n", "")
    return mail(f"Content-Type: text/calendar; method=REPLY; charset=utf-8\n\n{calendar}", **values)


CLIENTS = [google, outlook, apple, thunderbird, bare]
