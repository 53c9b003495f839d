# HTML and Markdown that take minutes or gigabytes to show: tags that cross, nest, or never end.
# scores: 4 6 10
# %% first
from IPython.display import HTML, Markdown, display

script = "<script>attacked</script>"
display(HTML(script + "<p>" + "".join(f"<b id={n}>" for n in range(500)) + "<p>x" * 2_000))
# %% before mix
display(HTML("<div>" * 3_000))
# %% before walk
display(Markdown("\\begin{a}" * 1_600))
# %% before slope
display(Markdown("[a]: http://" + "x" * 7_000 + "\n\n" + "[a]" * 2_000))
# %% last
print("\x1b[1mattacked" * 1_000)
