import pytest

from tests.autograder.kills.class_factory import Victim
from tests.autograder.kills.postgresql import started


@pytest.fixture(scope="module")
def victim(tmp_path_factory):
    """A process that runs commands and is killed."""
    with Victim(tmp_path_factory.mktemp("victim")) as started:
        yield started


@pytest.fixture(scope="session")
def postgresql():
    """A server of PostgreSQL."""
    with started() as server:
        yield server
