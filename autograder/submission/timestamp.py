"""Reads timestamp.txt, in which nbgrader's exchange or an instructor notes when work was handed in."""

import re
import warnings
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from dateutil import parser

__all__ = ["TIMESTAMP", "read_timestamp"]

TIMESTAMP = "timestamp.txt"
LONGEST = 100
"""Most characters of a time: dateutil is very slow on long text."""
ENCODINGS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
"""How files begin that Windows has written, and their encoding."""
HOURS = {"CEST": 2, "EEST": 3, "WEST": 1, "EDT": -4, "CDT": -5, "MDT": -6, "PDT": -7, "PST": -8}
"""Abbreviations that are no names of zones but have one meaning only; hours from UTC."""
ZONE = re.compile(r"\s+([A-Za-z_]+(?:/[A-Za-z0-9_+-]+)+)$")
"""The name of a zone at the end, such as Europe/Berlin."""
PREFIX = re.compile(r"\b(?:UTC|GMT)\s*(?=[+-]\d)")
"""In UTC+3 the sign counts as in +03:00; dateutil turns it round."""
DEFAULTS = datetime(2001, 2, 3), datetime(2004, 5, 6)
"""What dateutil takes where year, month or day are missing: if the results differ, one is."""


def read_timestamp(content: bytes) -> datetime:
    """Return the time in the content of a timestamp.txt: in UTC, without a time zone, as nbgrader has it.

    A time without a zone is in UTC, as in nbgrader. Raises ValueError, which says in a few words what is
    wrong: a time in an unknown zone is not taken for UTC.
    """
    if len(content) > 4 * LONGEST:
        raise ValueError("it is too long to be a time")
    encoding = next((name for start, name in ENCODINGS if content.startswith(start)), "utf-8")
    try:
        text = content.decode(encoding).strip("\ufeff\0 \t\r\n")
    except UnicodeDecodeError:
        raise ValueError("it is not UTF-8 text") from None
    if not text:
        raise ValueError("it is empty")
    if len(text) > LONGEST:
        raise ValueError("it is too long to be a time")
    zone = None
    if named := ZONE.search(text):
        zone, text = _zone(named[1]), text[: named.start()]
    text = PREFIX.sub("", text)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            times = {parser.parse(text, default=default, tzinfos=_found) for default in DEFAULTS}
    except _UnknownZone:
        raise
    except Exception:  # of dateutil, which raises several kinds
        raise ValueError(f"{text!r} is no time") from None
    if len(times) > 1:
        raise ValueError(f"{text!r} is no complete date and time")
    time: datetime = times.pop()
    if zone is not None and time.tzinfo is None:
        time = time.replace(tzinfo=zone)
    try:
        return time if time.tzinfo is None else time.astimezone(UTC).replace(tzinfo=None)
    except OverflowError:
        raise ValueError(f"{text!r} is no time") from None


class _UnknownZone(ValueError):
    """A time zone that has no name in the tz database, or several meanings."""


def _found(name: str | None, offset: int | None) -> tzinfo | None:
    """Return the zone that dateutil has found in a time: its name, and its seconds from UTC."""
    if offset is not None:
        return timezone(timedelta(seconds=offset))
    return None if name is None else _zone(name)


def _zone(name: str) -> tzinfo:
    if name in ("Z", "UTC", "GMT"):
        return UTC
    if name in HOURS:
        return timezone(timedelta(hours=HOURS[name]))
    try:
        return ZoneInfo(name)
    except Exception:  # ZoneInfo raises several kinds for names of other forms
        raise _UnknownZone(f"the time zone {name!r} is not known: write +02:00, say, instead") from None
