"""timestamp.txt: what is read, and what is refused in a few words; nothing is silently taken for UTC."""

from datetime import datetime

import pytest

from autograder.submission.timestamp import read_timestamp


@pytest.mark.parametrize(
    "content",
    [
        b"2026-06-01 23:30:00",
        b"2026-06-01 23:30:00.000000 UTC\n",
        b"\xef\xbb\xbf2026-06-01 23:30:00 UTC\r\n",
        "2026-06-01 23:30:00 UTC\r\n".encode("utf-16"),
        "\ufeff2026-06-01 23:30:00 UTC".encode("utf-16-be"),
        b"2026-06-02 01:30:00 CEST",
        b"2026-06-02 01:30:00 Europe/Berlin",
        b"2026-06-02 01:30:00 +0200",
        b"2026-06-02T01:30:00+02:00",
        b"2026-06-02 01:30 UTC+2",
        b"2026-06-01T23:30:00Z",
        b"June 1, 2026 07:30 PM EDT",
        b"2026-06-01 16:30:00 America/Los_Angeles",
    ],
)
def test_the_same_time_in_many_forms(content):
    assert read_timestamp(content) == datetime(2026, 6, 1, 23, 30)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"2026-06-01 23:30:00 IST", "the time zone 'IST' is not known"),
        (b"2026-06-01 23:30:00 Europe/Nowhere", "the time zone 'Europe/Nowhere' is not known"),
        (b"2026-06-01 23:30:00 xyz", "is no time"),
        (b"2026-06-01 23:30:00 ../../etc/localtime", "is no time"),
        (b"23:30", "is no complete date and time"),
        (b"June 1, 23:30 UTC", "is no complete date and time"),
        (b"0001-01-01 00:00:00 +1400", "is no time"),
        (b"soon", "is no time"),
        (b"\xff", "is not UTF-8 text"),
        (b"\xff\xfe\x32", "is not UTF-8 text"),
        (b" \r\n", "is empty"),
        (b"1" * 101, "is too long"),
        (b"1" * 10_000, "is too long"),
    ],
)
def test_what_is_no_time_is_refused_in_a_few_words(content, words):
    with pytest.raises(ValueError, match=words) as error:
        read_timestamp(content)
    assert "\n" not in str(error.value)
