"""Finds in an HTML page what a browser would run or load."""

from html.parser import HTMLParser

MARK = "attacked"


LOADS = {"action", "background", "formaction", "href", "ping", "src", "srcset", "style"}
"""The attributes by which a tag loads something or leads somewhere."""


class _Runs(HTMLParser):
    """Collects scripts, handlers of events, addresses and names, where they have the mark."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag if tag in ("script", "style") else ""
        for name, value in attrs:
            address = "".join((value or "").lower().split())
            runs = (
                name.startswith("on")
                or name == "srcdoc"
                or (name in LOADS and not address.startswith("#"))  # that leads nowhere else
                or (name == "id" and address.startswith(MARK))
                or address.startswith(("javascript:", "data:text/html"))
            )
            if runs and MARK in (value or ""):
                self.found.append(f"<{tag} {name}={value!r}>")

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside and MARK in data:
            self.found.append(f"<{self.inside}>{data[:80]}")


def what_runs(page: str) -> list[str]:
    """Return what of the attackers' script a browser would run on a page."""
    parser = _Runs()
    parser.feed(page)
    return parser.found
