# Shell commands, magics, %run and writing files from a cell: as in Jupyter, within the walls.
# scores: 4 6 10
# shows: from bash
# shows: from a shell
# shows: from a script
# %% first
# %%bash
# echo from bash
# cat /etc/passwd
# %% first
# !echo from a shell; ls / ; cat /etc/passwd
# %% first
# %%writefile script.py
print("from a script")
# %% first
# %run script.py
# %% first
# %matplotlib tk
