"""Sanitises students' HTML for nbgrader's pages: text, tables and pictures stay, nothing runs.

nbgrader's feedback and formgrader render notebooks with nbconvert, whose filter `clean_html` drops tables and
pictures too; ours keeps them. nbgrader's templates pass rendered Markdown through `strip_files_prefix` alone,
so our version of that filter sanitises as well.
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
    """Whether a tag may have this attribute with this value."""
    data = value.strip().lower().startswith("data:")
    if name == "src":
        return tag == "img" and (not data or value.startswith(PICTURE))
    if name == "href":
        return tag == "a" and not data
    return name in ("align", "alt", "class", "colspan", "height", "id", "rowspan", "style", "title", "width")


def clean_html(element: Any) -> str:
    """Return HTML without anything that a browser would run; replaces nbconvert's filter of this name."""
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
    """Return rendered Markdown as nbconvert's filter of this name does, sanitised."""
    return clean_html(strings.strip_files_prefix(text))
