"""Makes a student's HTML harmless: words, tables and pictures stay; nothing runs, loads or acts.

First `_tidy` writes the tags anew, nested and closed, with a bounded number and depth: a browser's rules for
tags that cross each other copy them without end. Then nh3 takes what may do harm from the attributes.
"""

import re
from collections.abc import Iterator
from html import escape, unescape
from urllib.parse import unquote

import nh3

__all__ = ["MAX_DEPTH", "TooMuch", "safe_html"]

MAX_DEPTH = 60
"""Most tags inside each other."""
VOID = {"br", "hr", "img"}
BLOCKS = set(
    "blockquote dd details div dl dt h1 h2 h3 h4 h5 h6 hr li ol p pre summary table ul".split()  # noqa: SIM905
)
"""What ends an open paragraph."""
TAGS = VOID | BLOCKS
TAGS |= set(
    "a abbr b caption code del em i kbd s small span strong sub sup tbody td tfoot th thead tr u".split()  # noqa: SIM905
)
DROPPED = ("script", "style")
"""Tags whose content is no text."""
CELLS = {"caption", "td", "th"}
PARENTS = {
    **{name: {"tr"} for name in ("td", "th")},
    "tr": {"table", "tbody", "tfoot", "thead"},
    **{name: {"table"} for name in ("caption", "tbody", "tfoot", "thead")},
}
"""Where the parts of a table may stand."""
ENDS = {
    "a": ({"a"}, CELLS),
    "li": ({"li"}, {"ol", "ul", *CELLS}),
    **{name: ({"dd", "dt"}, {"dl", *CELLS}) for name in ("dd", "dt")},
}
"""What a tag that opens ends, if it is open, and how far out that is looked for."""

NAME = re.compile(r"</?([a-zA-Z][^\s/>]*)")
ATTRIBUTE = re.compile(r"""[\s/]*([^\s/>][^\s/>=]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+)))?""")
TAG_END = re.compile(r"[\s/]*(>?)")
DROPPED_END = re.compile("</(?:script|style)", re.IGNORECASE)

STYLES = set(
    "background-color border border-bottom border-collapse border-left border-radius color font-family "  # noqa: SIM905
    "font-size font-style font-weight height list-style-type margin margin-top max-width padding text-align "
    "vertical-align white-space width".split()
)
STYLE_VALUE = re.compile(r"(?:[\w#%.,\s]|(?<=\w)-|(?:rgb|rgba|hsl)\([\d.,%\s]*\)){1,100}", re.ASCII)
"""Sizes, colours and names: no addresses, no text in quotes, nothing negative."""
CLASS = re.compile(r"[a-z][a-z0-9]?|err|hll|highlight|dataframe|anchor-link|note|\w+_ignore")
"""pandas' tables, highlighted code, what MathJax is to leave alone: not what the page itself acts on."""
PICTURE = re.compile(
    r"data:image/(?:png|jpeg|gif);base64,[A-Za-z0-9+/=\s]*|(?:\w[\w-]*/)*\w[\w.-]*\.(?:gif|jpe?g|png|svg)",
    re.ASCII,
)
"""Pictures in the page itself, and those of the lab beside it."""
LINK = re.compile(r"(?:https://|mailto:)[^\s\\]+")
HUB = re.compile(r"/(?:hub|formgrader)(?:[/?#]|$)", re.IGNORECASE)
ID = "s-"
"""Stands before a student's ids: the page finds its own fields by theirs."""
LOOKS = {"align", "alt", "class", "colspan", "height", "rowspan", "style", "title", "width"}
ATTRIBUTES = {"*": LOOKS | {"id"}, "a": {"href"}, "img": {"src"}}
KNOWN = LOOKS | {"href", "id", "src"}


class TooMuch(Exception):
    """The HTML has more tags, or more inside each other, than is shown; the message says which."""


def safe_html(text: str, max_tags: int) -> str:
    """Return HTML without what a browser would run or load; raises TooMuch. Takes linear time."""
    if text.count("&") > max_tags:  # nh3 takes quadratic time for them
        raise TooMuch(f"more than {max_tags} characters &")
    return nh3.clean(
        "".join(_tidy(text, max_tags)),
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=_attribute,
        url_schemes={"data", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )


def _tidy(text: str, max_tags: int) -> Iterator[str]:
    """Yield the pieces of HTML in which each tag is known, closed, and inside what may hold it."""
    open_tags: list[str] = []
    at = tags = 0
    while at < len(text):
        start = text.find("<", at)
        yield text[at : start if start >= 0 else None].replace(">", "&gt;")
        if start < 0:
            break
        at, name, attributes = _tag(text, start)
        if name is None:
            yield escape(text[start:at], quote=False)
        elif text.startswith("</", start):
            within = {"table"} if name in PARENTS or name == "table" else {"table", *CELLS}
            yield from _close(open_tags, {name}, within)
        elif name:
            yield from _make_room(open_tags, name)
            if name in PARENTS and (not open_tags or open_tags[-1] not in PARENTS[name]):
                continue
            tags += 1
            if tags > max_tags:
                raise TooMuch(f"more than {max_tags} tags")
            yield f"<{name}{attributes}>"
            if name not in VOID:
                open_tags.append(name)
                if len(open_tags) > MAX_DEPTH:
                    raise TooMuch(f"more than {MAX_DEPTH} tags inside each other")
    yield from (f"</{name}>" for name in reversed(open_tags))


def _make_room(open_tags: list[str], name: str) -> Iterator[str]:
    """Close what a browser would close before a tag opens."""
    if name in PARENTS:
        yield from _close(open_tags, PARENTS[name], {"table"}, itself=False)
    if name in BLOCKS:
        yield from _close(open_tags, {"p"}, {"table", *CELLS})
    if name in ENDS:
        yield from _close(open_tags, *ENDS[name])


def _close(open_tags: list[str], names: set[str], within: set[str], *, itself: bool = True) -> Iterator[str]:
    """Close the innermost of some tags, or what is open in it, if no tag of ``within`` is open in it."""
    for index in range(len(open_tags) - 1, -1, -1):
        if open_tags[index] in names:
            first = index if itself else index + 1
            yield from (f"</{name}>" for name in reversed(open_tags[first:]))
            del open_tags[first:]
            return
        if open_tags[index] in within:
            return


def _tag(text: str, start: int) -> tuple[int, str | None, str]:
    """Read what begins with a "<"; returns where it ends, the tag's name, and its attributes as written.

    The name is empty for what is left out, and None for what is text. A tag or comment that never ends is
    text to the end, as it is nothing to a browser: so none is looked for twice.
    """
    if text.startswith("<!--", start):
        end = text.find("-->", start + 4)
        return (len(text), None, "") if end < 0 else (end + 3, "", "")
    head = NAME.match(text, start)
    if head is None:
        return start + 1, None, ""
    name, at = head[1].lower(), head.end()
    attributes: dict[str, str] = {}
    while found := ATTRIBUTE.match(text, at):
        at = found.end()
        if (key := found[1].lower()) in KNOWN:
            attributes.setdefault(key, next((value for value in found.groups()[1:] if value is not None), ""))
    closing = TAG_END.match(text, at)
    at = closing.end() if closing else at
    if not closing or not closing[1]:
        return len(text), None, ""
    if name in DROPPED and not text.startswith("</", start):
        after = DROPPED_END.search(text, at)
        return (after.start(), "", "") if after else (len(text), None, "")
    if name in DROPPED:
        return at, "", ""
    written = (f' {key}="{escape(unescape(value))}"' for key, value in attributes.items())
    return at, name if name in TAGS else None, "".join(written)


def _attribute(tag: str, name: str, value: str) -> str | None:
    """Return what may stay of an attribute's value, None for nothing: called by nh3."""
    if name == "style":
        return _style(value)
    if name == "class":
        return " ".join(filter(CLASS.fullmatch, value.split())) or None
    if name == "id":
        return ID + value
    if name == "href":
        if value.startswith("#"):
            return f"#{ID}{value[1:]}"
        return value if LINK.fullmatch(value) and not HUB.search(unquote(value)) else None
    if name == "src":
        return value if PICTURE.fullmatch(value) else None
    return value


def _style(value: str) -> str | None:
    """Return the declarations that only change the looks of their element."""
    pairs = (declaration.partition(":") for declaration in value[:2_000].split(";"))
    kept = [
        f"{name.strip().lower()}: {words.strip()};"
        for name, _, words in pairs
        if name.strip().lower() in STYLES and STYLE_VALUE.fullmatch(words.strip())
    ]
    return " ".join(kept) or None
