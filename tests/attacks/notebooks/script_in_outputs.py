# Script in every kind of output, for whoever opens the feedback.
# scores: 4 6 10
# %% first
from IPython.display import HTML, SVG, JSON, Javascript, Latex, Markdown, display

script = "<script>window.attacked = 1</script><img src=x onerror='window.attacked = 1'>"
for kind in (HTML, Javascript, Latex, Markdown):
    display(kind(script))
display(HTML("<iframe srcdoc='<script>attacked</script>'></iframe><a href='javascript:attacked'>x</a>"))
display({"image/svg+xml": f"<svg onload='attacked'>{script}</svg>"}, raw=True)
display({"image/png": '" onerror="attacked', "text/plain": script}, raw=True)
display(
    {"image/png": "eA==", "text/plain": ""},
    raw=True,
    metadata={"image/png": {"width": '" onerror="attacked'}},
)
display({"application/vnd.jupyter.widget-view+json": {"model_id": script}, "text/plain": script}, raw=True)
print(script)
raise ValueError(script)
