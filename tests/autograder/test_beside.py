"""What is started while nbgrader is loaded, and ends with the block."""

from autograder.beside import started
from autograder.sandbox import Isolation
from autograder.settings import Settings


def test_zones_and_lenders_are_started_and_ended(course):
    settings, folder = Settings(isolation=Isolation.LIMITS), course.lab("cells")
    with started(settings, folder, 2) as beside:
        running = [process for one in beside for process in (one.zone._process, one.lender._process)]
        assert len({process.pid for process in running}) == 4
        assert all(process.poll() is None for process in running)
    assert all(process.poll() is not None for process in running)
