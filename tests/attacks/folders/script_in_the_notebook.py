"""Script in prose, attachments, raw cells, metadata and old outputs, for whoever opens the feedback."""

from nbformat.v4 import new_code_cell, new_markdown_cell, new_output, new_raw_cell
from tests.attacks.attack_files import write

SCORES = (4.0, 6.0, 10.0)
SCRIPT = "<script>attacked</script>"
PROSE = f"""
{SCRIPT}
<img src=x onerror=attacked> <svg onload=attacked> <iframe srcdoc='{SCRIPT}'></iframe>
![image](x" onerror="attacked) <a href="javascript:attacked">x</a>
<style>body {{ background: url("javascript:attacked") }}</style> <form action="javascript:attacked"><button>
$\\href{{javascript:attacked}}{{x}}$
<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=attacked&gt;">
"""


def hand_in(folder, notebook):
    outputs = [new_output("display_data", {"text/html": SCRIPT, "application/javascript": "attacked"})]
    attached = {"x.svg": {"image/svg+xml": f"<svg onload=attacked>{SCRIPT}</svg>"}}
    notebook.cells += [
        new_markdown_cell(PROSE, attachments=attached),
        new_markdown_cell(f"# {SCRIPT}"),
        new_raw_cell(PROSE, metadata={"raw_mimetype": "text/html", "format": "text/html"}),
        new_code_cell(f"# {SCRIPT}", outputs=outputs, metadata={"tags": [SCRIPT]}),
    ]
    notebook.metadata.title = SCRIPT
    notebook.metadata.language_info = {"name": SCRIPT, "pygments_lexer": SCRIPT}
    write(folder, notebook)
