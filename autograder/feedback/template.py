"""Renders Jinja templates: all text is cleaned and escaped unless it is markup already."""

import re
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from autograder.feedback.text import SYMBOLS, clean, mark, number

__all__ = ["render"]


def _finalize(value: Any) -> Any:
    return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _prose(text: str) -> Markup:
    """Escape a sentence and mark up what is between backticks as code."""
    return Markup(re.sub(r"`([^`\n]+)`", r"<code>\1</code>", str(escape(clean(text)))))


@cache
def _environment(package: str) -> Environment:
    environment = Environment(
        loader=PackageLoader(package),
        autoescape=True,
        finalize=_finalize,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(mark=mark, number=number, prose=_prose)
    environment.globals["symbols"] = SYMBOLS
    return environment


def render(package: str, name: str, **values: Any) -> str:
    """Render a template in the folder ``templates`` of a package."""
    return _environment(package).get_template(name).render(**values)
