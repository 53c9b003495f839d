"""Shows what grading a class would change, and what a cache of results has to say."""

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING

from autograder.cli.app import err, say

if TYPE_CHECKING:
    from autograder.grading.cache import Cache
    from autograder.results import Result
    from autograder.run import Run

__all__ = ["preview_class", "say_of_caches"]


def preview_class(
    run: "Run", students: Sequence[str], names: Sequence[str], force: bool, caching: bool, verbose: bool
) -> tuple["list[Result]", bool]:
    """Grade a class without writing grades; print who would gain or lose in which exercise.

    Returns the results, and whether anybody's points would change.
    """
    from autograder.cli.progress import watch
    from autograder.gradebook.preview import differences, find_preview
    from autograder.grading.cache import Cache, grade_changed

    found = find_preview(run, students, names, force=force)
    cache = Cache(run) if caching else None
    for name in found.nobodys:
        say(f"not graded: {name} is in no student's folder", err)
    outcomes = grade_changed(run, found.tasks, cache)
    results = sorted(
        watch(outcomes, len(found.tasks), "previewed", err, verbose), key=lambda result: result.student
    )
    say_of_caches([cache] if cache else [])
    lines, sums = differences(run, results, len(found.done), names)
    for line in [*lines, *sums]:
        say(line)
    if found.new:
        say(f"{len(found.new)} handed in since, or not graded: --exercise would leave them as they are")
    say("nothing was written: this was a preview", err)
    return results, bool(lines)


def say_of_caches(caches: "Sequence[Cache]") -> None:
    """Say how many results were kept ones, and what was wrong with a cache."""
    if found := sum(cache.found for cache in caches):
        say(f"{found} unchanged, from the cache (--no-cache grades them again)", err)
    for note in itertools.chain(*(cache.notes for cache in caches)):
        say(note, err)
