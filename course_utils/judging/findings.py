"""Groups the faults of an exercise's cases, so that a student reads each once."""

from collections.abc import Callable, Mapping
from typing import Any

from course_utils.judging.compare import Fault

__all__ = ["Findings", "reason"]


class Findings:
    """Faults grouped by `Fault.sort`, with the outputs that have them and the cases."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], tuple[Fault, dict[str, None], dict[str, None]]] = {}

    def add(self, case: str, faults: Mapping[str, Fault]) -> None:
        """Add the faults of a case, given by the name of the output that has them."""
        for name, fault in faults.items():
            _, names, cases = self._found.setdefault(fault.sort, (fault, {}, {}))
            names[name] = cases[case] = None

    def all(self, key: Callable[[Fault, list[str]], Any] = lambda *_: 0) -> list[tuple[str, list[str]]]:
        """Return a sentence for each fault, and the cases that have it.

        They are sorted by the ``key`` of the fault and the outputs that have it, then in the order of adding.
        """
        found = sorted(self._found.values(), key=lambda one: key(one[0], list(one[1])))
        return [(_sentence(_text(fault, list(names))), list(cases)) for fault, names, cases in found]


def reason(faults: Mapping[str, Fault]) -> str:
    """Return the faults of one case in one line, each listed once."""
    names: dict[tuple[str, str], list[str]] = {}
    for name, fault in faults.items():
        names.setdefault(fault.sort, []).append(name)
    return "; ".join(_text(faults[same[0]], same) for same in names.values())


def _text(fault: Fault, names: list[str]) -> str:
    """Return a fault's message, followed by the other outputs that have it."""
    others = ", ".join(f"`{name}`" for name in names[1:])
    of_output = fault.path.partition("[")[0] == names[0]
    if not others or not of_output:
        return fault.message
    if f'["{names[0]}"]' in fault.message:
        return f"{fault.message}; likewise {others}"
    return fault.message + (" The" if fault.message.endswith("?") else "; the") + f" same holds for {others}"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}{'' if text[-1:] in '.?!' else '.'}"
