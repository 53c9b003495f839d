# The shell is configured, reset and stripped of its parts.
# scores: 0 0 0
# %% first
shell = get_ipython()
shell.displayhook.session.send = lambda *args, **options: None
shell.user_ns = {}
shell.compile = shell.display_pub = shell.displayhook = None
# %% before mix
import builtins

builtins.compile = builtins.exec = builtins.print = None
