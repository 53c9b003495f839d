"""Lets nbgrader's feedback go on after a kill: pages that were not finished are made again."""

import copy
import re
from pathlib import Path
from typing import Any

from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from nbgrader.converters import GenerateFeedback
from nbgrader.utils import rmtree

import autograder.gradebook.nbgrader_fixes  # noqa: F401 - before nbgrader looks for graded notebooks

__all__ = ["FeedbackExporter"]


class FeedbackExporter(HTMLExporter):
    """The exporter of ``c.GenerateFeedback``, which removes unfinished feedback before the first page.

    nbgrader skips a student whose folder in feedback/ exists, even where a kill left no page in it.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)  # type: ignore[no-untyped-call]
        if isinstance(self.parent, GenerateFeedback):
            _remove_unfinished(self.parent)

    def from_notebook_node(self, nb: NotebookNode, *args: Any, **kwargs: Any) -> Any:
        """Return a page, without the bare number under a verdict, which is there for nbgrader alone."""
        nb = copy.deepcopy(nb)
        for cell in nb.cells:
            known, outputs = cell.metadata.get("nbgrader", {}), cell.get("outputs", [])
            kinds = [output.output_type for output in outputs]
            if (
                known.get("grade")
                and not known.get("solution")
                and kinds == ["display_data", "execute_result"]
            ):
                del outputs[1]
        return super().from_notebook_node(nb, *args, **kwargs)


def _remove_unfinished(converter: GenerateFeedback) -> None:
    pattern = converter._format_source("(?P<assignment_id>.*)", "(?P<student_id>.*)", escape=True)
    for source, notebooks in converter.assignments.items():
        found = re.match(pattern, source)
        target = Path(converter._format_dest(**found.groupdict())) if found else None
        pages = [Path(notebook).with_suffix(".html").name for notebook in notebooks]
        if target and target.is_dir() and not all(_is_whole(target / page) for page in pages):
            rmtree(str(target))


def _is_whole(page: Path) -> bool:
    """Whether a page was written to its end."""
    try:
        return page.read_bytes().rstrip().endswith(b"</html>")
    except OSError:
        return False
