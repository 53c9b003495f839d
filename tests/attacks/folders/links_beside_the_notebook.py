"""Links beside the notebook: to the gradebook, /etc/passwd, a folder above, and a neighbour's work."""

from tests.attacks.attack_files import write

SCORES = (4.0, 6.0, 10.0)
SAYS = "files left out, as links or too large"
PLACES = {
    "gradebook": "../../../gradebook.db",
    "users": "/etc/passwd",
    "above": "../../..",
    "neighbour": "../../a honest one/target/target.ipynb",
    "seeds": "../../../.seqlab",
    "solution.py": "../../../assignments/target/target.py",
}


def hand_in(folder, notebook):
    for name, place in PLACES.items():
        (folder / name).symlink_to(place)
    (folder / "data").symlink_to("../../../assignments/target")
    write(folder, notebook)
