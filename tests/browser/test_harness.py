"""The harness notices what no page may do."""

from typing import TYPE_CHECKING

import pytest

from tests.browser.harness import Watched

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


def test_errors_and_requests_to_other_machines_are_noticed(chromium: "Browser") -> None:
    page = chromium.new_page()
    watched = Watched(page)
    page.set_content(
        '<img src="https://seqlab.invalid/x.png"><script>console.error("one"); throw Error("two")</script>'
    )
    assert watched.outside == ["https://seqlab.invalid/x.png"]
    for part in ("one (", "exception: two", "ERR_NAME_NOT_RESOLVED"):
        assert any(part in error for error in watched.errors)
    page.close()
