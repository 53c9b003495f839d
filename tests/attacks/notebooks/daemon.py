# A daemon in a session of its own, which is to outlive the notebook and write into its folder for ever.
# scores: 4 6 10
# %% first
import os, sys

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        code = "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nwhile True: time.sleep(1)"
        os.execv(sys.executable, [sys.executable, "-c", code, "a daemon of the attack suite"])
    os._exit(0)
os.wait()
