"""Attacks on plain `nbgrader autograde`: each gets the same, or nothing."""

import pytest
from tests.attacks.attack_files import FULL
from tests.attacks.conftest import PLAINLY, honest_students

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]

REFUSED = {
    "links_beside_the_notebook",
    "links_for_the_folder",
    "links_for_the_student",
    "links_to_nowhere",
    "notebook_is_a_link",
    "notebook_is_a_link_to_the_solution",
    "notebook_is_a_pipe",
    "pipes_and_large_files",
}
"""What nbgrader gives up on, and goes on with the next."""


@pytest.mark.parametrize("name", PLAINLY)
def test_plain_nbgrader_gives_the_same_or_nothing(plainly_attacked, name):
    attack = PLAINLY[name]
    found = plainly_attacked.scores.get(attack.student) or (None, None, None)
    if name in REFUSED:
        assert not any(found)
        assert not (plainly_attacked.course.root / "autograded" / attack.student / "target").exists()
    else:
        assert found == attack.scores


def test_plain_nbgrader_among_the_attackers(plainly_attacked):
    honest = honest_students(PLAINLY)
    found = {student: plainly_attacked.scores.get(student) for student in honest}
    assert found == dict.fromkeys(honest, FULL)
    assert plainly_attacked.changed == []
    assert plainly_attacked.left == []
    assert plainly_attacked.processes == []
