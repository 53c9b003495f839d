"""What is shown of a student's HTML in nbgrader's pages: words, tables and pictures, nothing that runs.

nbgrader's feedback and the formgrader show a notebook by nbconvert, which passes HTML outputs through its
filter `clean_html` when told to. That one drops pictures and tables too; ours keeps them. Markdown that has
become HTML passes through `strip_files_prefix` alone in nbgrader's templates, so that one cleans as well.
"""

from typing import Any

import bleach
from bleach.css_sanitizer import CSSSanitizer
from nbconvert.filters import strings

__all__ = ["clean_html", "strip_files_prefix"]

TAGS = frozenset(
    "a abbr b blockquote br caption code dd del details div dl dt em h1 h2 h3 h4 h5 h6 hr i img kbd li ol p "  # noqa: SIM905
    "pre s small span strong sub summary sup table tbody td tfoot th thead tr u ul".split()
)
STYLES = (
    "background-color border border-bottom border-collapse border-left border-radius color font-family "  # noqa: SIM905
    "font-size font-style font-weight height list-style-type margin margin-top max-width padding text-align "
    "vertical-align white-space width".split()
)
PICTURE = ("data:image/png;base64,", "data:image/jpeg;base64,", "data:image/gif;base64,")


def _allowed(tag: str, name: str, value: str) -> bool:
    """Whether a tag may have an attribute of this value."""
    data = value.strip().lower().startswith("data:")
    if name == "src":
        return tag == "img" and (not data or value.startswith(PICTURE))
    if name == "href":
        return tag == "a" and not data
    return name in ("align", "alt", "class", "colspan", "height", "id", "rowspan", "style", "title", "width")


def clean_html(element: Any) -> str:
    """Return HTML without what a browser would run; a filter of nbconvert's templates."""
    text = element.decode() if isinstance(element, bytes) else str(element)
    cleaned: str = bleach.clean(
        text,
        tags=TAGS,
        attributes=_allowed,
        protocols={"http", "https", "mailto", "data"},
        css_sanitizer=CSSSanitizer(allowed_css_properties=STYLES),
    )
    return cleaned


def strip_files_prefix(text: str) -> str:
    """Return rendered Markdown as nbconvert's filter of this name gives it, and clean."""
    return clean_html(strings.strip_files_prefix(text))
