# Pictures and links that would load something, tell who reads the page, or act on the hub.
# scores: 4 6 10
# %% first
from IPython.display import HTML, Markdown, display

for place in (
    "https://example.org/attacked.png",
    "//example.org/attacked",
    "/hub/attacked",
    "../../hub/attacked",
):
    display(HTML(f"<img src='{place}' srcset='{place} 2x'><table background='{place}'></table>"))
    display(HTML(f"<video src='{place}'></video><link rel=stylesheet href='{place}'>"))
    display(HTML(f"<p style='background: url({place}); list-style-type: url({place})'>x</p>"))
    display(Markdown(f"![x]({place})"))
for place in ("/hub/attacked", "attacked", "http://localhost:8888/attacked", "https://hub.org/hub/attacked"):
    display(
        HTML(f"<a href='{place}' ping='{place}'>x</a><form action='{place}'><button formaction='{place}'>")
    )
    display(Markdown(f"[x]({place})"))
display(HTML("<p class='navbar-fixed-top attacked' id='attacked'>attacked</p>"))
