# Widgets and messages to a browser, of which there is none: they cost their own cell, no more.
# scores: 4 6 10
# %% first
import ipywidgets

slider = ipywidgets.IntSlider()
slider.observe(lambda change: display(20.0))
display(slider)
slider.value = 3
# %% first
from comm import create_comm

create_comm(target_name="anything", data={"score": 20}).send({"score": 20})
# %% first
get_ipython().kernel.do_shutdown(True)
