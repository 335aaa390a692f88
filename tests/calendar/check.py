"""Reads calendar files with Python's icalendar, which shares nothing with what wrote them, and says what they hold as JSON.

    python check.py FILE...

One object a file: the method, and of each entry what a calendar acts on. A file that is not valid is an error."""
import json
import sys
from datetime import timezone

from icalendar import Calendar


def moment(entry, name):
    at = entry.decoded(name)
    assert at.tzinfo is not None, f"{name} floats"
    return at.astimezone(timezone.utc).isoformat()


def people(entry, name):
    found = entry.get(name)
    listed = found if isinstance(found, list) else [] if found is None else [found]
    return [{"address": str(one), **{key: str(value) for key, value in one.params.items()}} for one in listed]


def entry(component):
    assert not component.errors, component.errors
    return {
        "uid": str(component["UID"]),
        "sequence": int(component["SEQUENCE"]),
        "stamp": moment(component, "DTSTAMP"),
        "starts_at": moment(component, "DTSTART"),
        "ends_at": moment(component, "DTEND"),
        "status": str(component["STATUS"]),
        "summary": str(component["SUMMARY"]),
        "description": str(component["DESCRIPTION"]),
        "url": str(component["URL"]),
        "organizer": people(component, "ORGANIZER"),
        "attendees": people(component, "ATTENDEE"),
    }


def read(path):
    with open(path, "rb") as file:
        content = file.read()
    for line in content.split(b"\r\n"):
        assert len(line) <= 75 and b"\n" not in line, f"{path}: a line is not folded: {line[:40]!r}"
    calendar = Calendar.from_ical(content)
    assert str(calendar["VERSION"]) == "2.0" and "PRODID" in calendar
    return {"method": str(calendar.get("METHOD", "")), "entries": [entry(one) for one in calendar.walk("VEVENT")]}


print(json.dumps([read(path) for path in sys.argv[1:]]))
