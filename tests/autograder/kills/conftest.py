import pytest
from tests.autograder.kills.class_factory import Victim


@pytest.fixture(scope="module")
def victim(tmp_path_factory):
    """A process that runs commands and is killed."""
    with Victim(tmp_path_factory.mktemp("victim")) as started:
        yield started
