"""Examines a function as a visible check does: the published example, then the open cases."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import CodeType
from typing import Any, NamedTuple

from course_utils.judging.attempt import Attempt, Tried, try_cases, where
from course_utils.judging.findings import reason
from course_utils.judging.fingerprints import Named, fingerprints, named_mistake
from course_utils.judging.form import Form
from course_utils.judging.locate import Known
from course_utils.judging.open_cases import OPEN_CASES, OpenCases, Unusable, Variant, entry_of
from course_utils.judging.outputs import differ
from course_utils.judging.properties import UNCHANGED
from course_utils.judging.published import PUBLISHED, NoValue, check_entry, published_rows
from course_utils.tables import CheckTable, Line, Row

__all__ = ["Examination", "examine", "likely_mistake", "passes"]


MOST_LINES = 3
"""How many different faults of open cases the table lists."""


class Examination:
    """What came of the published example and of the open cases; ``problem`` is empty if all is right.

    ``says`` tells which of several right forms a right function has.
    """

    def __init__(
        self, name: str, rows: Sequence[Row], tried: Tried | None, problem: str, says: str = ""
    ) -> None:
        self.name, self.rows, self.tried, self.problem, self.says = name, list(rows), tried, problem, says

    def table(self) -> CheckTable | None:
        """Return what is shown; None if the function gave no value for the published example."""
        if self.tried is None:
            return None
        wrong, values = sum(bool(row.problem) for row in self.rows), len(self.rows)
        if wrong:
            heading = f"{wrong} of {values} published values {'is' if wrong == 1 else 'are'} not right."
        elif not self.tried.passed:
            heading = "the published values are right, but not all else is."
        elif self.problem:
            heading = "these values are right, but not all that is returned."
        else:
            said = ["visible checks passed.", self.says, "The hidden tests use other inputs."]
            heading = " ".join(filter(None, said))
        return CheckTable(f"{self.name}: {heading}", self.rows, _lines(self.tried))


def passes(function: Callable[..., Any], entry: Mapping[str, Any] | None, opened: OpenCases) -> bool:
    """Whether a function passes its visible check; nothing is put into words.

    ``entry`` is that of published.json, or None if the function has none.
    """
    try:
        return any(tried.passed for tried in _forms(function, opened, entry))
    except NoValue:
        return False


class _Form(NamedTuple):
    """What came of the published example and of the open cases, if one right form is meant."""

    meant: Variant
    rows: Sequence[Row]
    tried: Tried

    @property
    def failed(self) -> list[Row]:
        """The published values that are not right."""
        return [row for row in self.rows if row.problem]

    @property
    def passed(self) -> bool:
        """Whether all is right."""
        return not self.failed and self.tried.passed


def _forms(
    function: Callable[..., Any], opened: OpenCases, entry: Mapping[str, Any] | None
) -> Iterator[_Form]:
    """Yield what comes of a function for each right form; that of the reference is the first."""
    for meant in opened.all():
        rows = published_rows(function, opened.form, _printed(entry, meant)) if entry else []
        yield _Form(meant, rows, try_cases(function, opened.form, meant.cases))


def _printed(entry: Mapping[str, Any], meant: Variant) -> Mapping[str, Any]:
    """Return an entry of published.json with the values of a form. Raises Unusable if they do not fit."""
    if not meant.label:
        return entry
    if len(meant.published) != len(entry["values"]):
        raise Unusable(f"{OPEN_CASES} and {PUBLISHED} do not fit together: copy both from the released lab")
    pairs = zip(entry["values"], meant.published, strict=True)
    return {**entry, "values": [{**printed, "value": value} for printed, value in pairs]}


def _nothing(_: str) -> "tuple[Sequence[Mapping[str, Any]], Known | None]":
    return (), None


def examine(
    function: Callable[..., Any],
    name: str,
    entry: Mapping[str, Any],
    opened: Mapping[str, OpenCases],
    known: Callable[[str], tuple[Sequence[Mapping[str, Any]], Known | None]] = _nothing,
) -> Examination:
    """Run a function on the published example and on its open cases, and say what is wrong, if anything.

    ``known`` returns, for the name of an entry, the known mistakes as hints.json has them, and what tells
    where it goes wrong. Of several right forms one must hold throughout; if none does, the one is meant that
    fits best. Raises Unusable when published.json is damaged.
    """
    check_entry(name, entry)
    own = opened[name]
    forms: list[_Form] = []
    try:
        for form in _forms(function, own, entry):
            if form.passed:
                return Examination(name, form.rows, form.tried, "", form.meant.says)
            forms.append(form)
    except NoValue as error:
        return Examination(name, [], None, _mend_first(function, name, opened) or str(error))
    if problem := _mend_first(function, name, opened):
        return Examination(name, forms[0].rows, forms[0].tried, problem)
    told = [known(entry_of(name, form.meant.label)) for form in forms]
    causes = [
        likely_mistake(own.form, hints, form.tried) for form, (hints, _) in zip(forms, told, strict=True)
    ]
    fits = [_fit(form, cause) for form, cause in zip(forms, causes, strict=True)]
    best = fits.index(max(fits))
    (meant, rows, tried), failed, named = forms[best], forms[best].failed, causes[best]
    if named:
        parts = [f"Likely cause{'' if named.whole else ', among others'}: {named.help}"]
    else:
        parts = [_written(tried) or _pattern(tried)]
    alike = [places for fit, (_, places) in zip(fits, told, strict=True) if fit == fits[best]]
    parts.append(where(function, own, *alike))
    if failed and not any(parts):  # an exception says more than numbers
        parts.append(_raised(tried))
    if failed:
        first = min(failed, key=lambda row: (row.stage, not row.expression.endswith(".shape")))
        parts.append(_sentence(first.problem))
    elif findings := tried.findings():
        parts = [part for part in parts if part not in findings[0][0]]
        parts.append(_where(*findings[0], tried))
    parts.append(meant.says)
    said = " ".join(part for part in parts if part)
    return Examination(name, rows, tried, said if said.startswith(f"`{name}` ") else f"{name}: {said}")


def _fit(form: _Form, cause: Named | None) -> tuple[int, int, int]:
    """Return how well a wrong function fits a form: by a mistake that explains it, then by what is right."""
    named = 0 if cause is None else 1 + cause.whole
    return named, -len(form.failed), sum(not one.faults for one in form.tried.attempts)


def likely_mistake(form: Form, known: Sequence[Mapping[str, Any]], tried: Tried) -> Named | None:
    """Return the known mistake that gives the same in the open cases, if there is one."""
    made: list[dict[str, Any]] = []
    wrong: list[set[str]] = []
    for one in tried.attempts:
        call = one.call
        if call is None or call.outputs is None:
            made.append({})
            wrong.append(set(one.faults))
            continue
        made.append(fingerprints(form, one.case, call.outputs, call.random))
        drawn = form.seeds and differ(call.random, one.case.random, "random")
        wrong.append(set(form.weights) if drawn else set(one.faults))
    return named_mistake(known, made, wrong, max(1e-7, form.rtol))


def _raised(tried: Tried) -> str:
    """Return what a function raised in an open case, if it raised in any."""
    raised = [(one.case.name, f) for one in tried.attempts for f in one.faults.values() if f.kind == "raised"]
    if not raised:
        return ""
    cases = list(dict.fromkeys(name for name, fault in raised if fault.sort == raised[0][1].sort))
    return _where(_sentence(raised[0][1].message), cases, tried)


def _written(tried: Tried) -> str:
    """Say which inputs are written to, if any: other faults often come of it."""
    reason = tried.broken.get(UNCHANGED, "")
    return f"{reason[:1].upper()}{reason[1:]}." if reason else ""


def _pattern(tried: Tried) -> str:
    """Return what the first wrong output looks like, if the same in all open cases in which it is wrong."""
    found = [(name, fault) for one in tried.attempts for name, fault in one.faults.items()]
    first = found[0][0] if found else ""
    faults = [fault for name, fault in found if name == first]
    patterns = {fault.pattern if fault.kind == "values" else None for fault in faults}
    wrong, of = len(faults), len(tried.attempts)
    if wrong < min(2, of) or len(patterns) > 1 or not (pattern := next(iter(patterns), None)):
        return ""
    cases = "the open cases" if wrong == of else f"{wrong} of {of} open cases"
    return f"`{first}` is not right in {cases}: {pattern}."


def _mend_first(function: Callable[..., Any], name: str, opened: Mapping[str, OpenCases]) -> str:
    """Return which function to mend first: one that this one calls, and that fails its own open cases."""
    names: Mapping[str, Any] = getattr(function, "__globals__", {})
    used = set(_called(function, names))
    for other in _before(name, opened):
        callee = names.get(other)
        if other not in used or not callable(callee):
            continue
        tried = [try_cases(callee, opened[other].form, one.cases) for one in opened[other].all()]
        if not any(one.passed for one in tried):
            return f"First mend `{other}`: `{name}` calls it. {tried[0].findings()[0][0]}"
    return ""


def _before(name: str, opened: Mapping[str, OpenCases], seen: frozenset[str] = frozenset()) -> Iterator[str]:
    """Yield the exercises that one may call, itself or through others, those that are called before."""
    for other in opened[name].calls:
        if other in opened and other not in seen:
            yield from _before(other, opened, seen | {name, other})
            yield other


def _called(function: Any, names: Mapping[str, Any], depth: int = 0) -> Iterator[str]:
    """Yield the global names that a function uses, itself or through other functions of the notebook."""
    code = getattr(function, "__code__", None)
    used = set(_names_in(code)) if isinstance(code, CodeType) else set[str]()
    yield from used
    for name in used if depth < 5 else ():
        other = names.get(name)
        if other is not function and getattr(other, "__globals__", None) is names:
            yield from _called(other, names, depth + 1)


def _names_in(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names_in(constant)


def _lines(tried: Tried) -> list[Line]:
    """Return a line for each fault of open cases and each broken property, and one for all that holds."""
    alike: dict[Any, list[Attempt]] = {}
    for one in tried.attempts:
        alike.setdefault(tuple((name, fault.sort) for name, fault in one.faults.items()), []).append(one)
    right, groups = [one.case.name for one in alike.pop((), ())], list(alike.values())
    listed = groups if len(groups) <= MOST_LINES + 1 else groups[:MOST_LINES]
    lines = [
        Line(_cases([one.case.name for one in group], tried), reason(group[0].faults)) for group in listed
    ]
    if more := sum(map(len, groups[len(listed) :])):
        lines.append(Line(_count(more, "more open case"), "not right either"))
    lines += [Line(name, why) for name in tried.properties if (why := tried.broken.get(name))]
    held = [name for name in tried.properties if name not in tried.broken]
    counts = (right, len(tried.attempts), "open cases"), (held, len(tried.properties), "properties")
    if kept := [f"{word}: {len(some)} of {of}" for some, of, word in counts if some]:
        lines.append(Line("; ".join(kept), names=[*right, *held]))
    return lines


def _count(number: int, word: str) -> str:
    return f"1 {word}" if number == 1 else f"{number} {word}s"


def _cases(cases: Sequence[str], tried: Tried) -> str:
    """Return which open cases these are, in a few words."""
    if 1 < len(cases) == len(tried.attempts):
        return f"all {len(cases)} open cases"
    others = f" and {_count(len(cases) - 1, 'other')}" if len(cases) > 1 else ""
    return f"open case “{cases[0]}”{others}"


def _where(text: str, cases: Sequence[str], tried: Tried) -> str:
    """Return what is said of a fault, with the open cases in which it shows, if not in all."""
    named = [one.case.name for one in tried.attempts]
    if len(cases) == len(named) or cases[0] not in named:
        return text
    return f"{text} This is so in the {_cases(cases, tried)}."


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."
