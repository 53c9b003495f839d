"""Ten megabytes of metadata, in the notebook and in its cells."""

from tests.attacks.attack_files import write

SCORES = (4.0, 6.0, 10.0)


def hand_in(folder, notebook):
    notebook.metadata.padding = {str(number): "x" * 100 for number in range(50_000)}
    notebook.metadata.kernelspec = {"name": "bash", "display_name": "x" * (1 << 20), "language": "bash"}
    for cell in notebook.cells:
        cell.metadata.padding = "x" * (1 << 18)
    write(folder, notebook)
