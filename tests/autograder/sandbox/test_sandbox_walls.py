"""What student code under bubblewrap can see, reach and leave behind: next to nothing."""

import os
import select
import signal
import socket
import sys
import uuid
from pathlib import Path

import pytest
from leftovers import processes_with, wait_until

from autograder.sandbox import Ended, ForkServer, Isolation, Limits, Sandbox
from autograder.sandbox.bubblewrap import environment

pytestmark = pytest.mark.sandbox
ROOT = Path(__file__).parents[3]

# ---------------------------------------------------------------- what is in reach


CONNECT = """
import socket
try:
    with socket.create_connection(("127.0.0.1", {port}), timeout=5) as s:
        print("reached")
except OSError as error:
    print("refused")
"""


@pytest.mark.parametrize(
    ("isolation", "expected"), [(Isolation.BUBBLEWRAP, "refused"), (Isolation.LIMITS, "reached")]
)
def test_there_is_no_network(box, isolation, expected):
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert box(isolation).says(CONNECT.format(port=server.getsockname()[1])) == expected


def test_there_are_no_abstract_sockets_of_the_machine(box):
    name = f"seqlab-{uuid.uuid4()}"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(f"\0{name}")
        server.listen()
        code = f"import socket\nsocket.socket(socket.AF_UNIX).connect('\\0{name}')"
        assert box().run(code).error == "ConnectionRefusedError"


def test_only_the_interpreter_and_the_stage_are_visible(box, tmp_path):
    (tmp_path / "gradebook.db").write_text("scores")
    hidden = [
        tmp_path / "gradebook.db",
        ROOT / "assignments",
        ROOT / "autograder",
        ROOT / "nbgrader_config.py",
        ROOT / ".git",
        Path("/etc/passwd"),
        Path("/etc/hostname"),
        Path("/sys/kernel"),
        Path("/run"),
        Path("/var"),
    ]
    ours = box(files={"names.txt": "x"})
    shown = [path for path in hidden if path.exists()]
    assert len(shown) > 5
    code = f"import os\nprint([p for p in {[str(p) for p in shown]} if os.path.exists(p)])"
    assert ours.says(code) == "[]"
    assert ours.says("import os\nprint(sorted(n for n in os.listdir() if n[0] != '.'))") == "['names.txt']"
    top = {"bin", "dev", "etc", "lib", "lib32", "lib64", "proc", "sandbox", "sbin", "seqlab", "tmp", "usr"}
    allowed = top | {Path(sys.prefix).parts[1], Path(sys.base_prefix).parts[1]}
    assert set(ours.says("import os\nprint(*os.listdir('/'))").split()) <= allowed
    assert ours.says("print(*os.listdir('/tmp'))") == "" or sys.prefix.startswith("/tmp")


def test_the_environment_is_cleared(box, monkeypatch):
    monkeypatch.setenv("A_SECRET_TOKEN", "hush")
    names = set(box().says("import os\nprint(*os.environ)").split())
    ours = {
        "MPLBACKEND",
        "NBGRADER_EXECUTION",
        "PWD",
        "SEQLAB_FIGURES",
        "TERM",
        "CLICOLOR",
        "FORCE_COLOR",
        "PAGER",
        "GIT_PAGER",
    }
    assert "A_SECRET_TOKEN" not in names
    assert names - set(environment("", "", {})) <= ours | {
        "CLICOLOR_FORCE",
        "SHLVL",
        "JPY_PARENT_PID",
        "LC_CTYPE",
    }


def test_no_privileges(box):
    ours = box()
    ours.run("import time")
    # Read from outside: within, there is no /proc to read it from.
    found = [Path("/proc", str(p), "status").read_text() for p in processes_with(ours.server.mounted)]
    every = [dict(line.split(":", 1) for line in status.splitlines()) for status in found]
    inside = [fields for fields in every if len(fields["NSpid"].split()) > 2 and "python" in fields["Name"]]
    assert inside
    for fields in inside:
        assert "0" not in fields["Uid"].split()
        assert "0" not in fields["Gid"].split()
        assert {int(fields[name], 16) for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")} == {0}
        assert fields["NoNewPrivs"].strip() == "1"
        assert fields["Seccomp"].strip() == "2"


def test_processes_of_the_machine_are_out_of_sight(box):
    ours = box()
    assert ours.says("import os\nprint(os.listdir('/proc'), os.getpid())") == "[] 1"
    code = (
        "import os\nseen = []\nfor p in range(1, 40000):\n    try: os.kill(p, 0); seen.append(p)\n"
        "    except PermissionError: seen.append(p)\n    except OSError: pass\nprint(seen)"
    )
    assert ours.says(code) == "[1]"


@pytest.mark.parametrize(
    "folder", ["/", "/usr", "/etc", "/dev", "/seqlab", "/seqlab/course_utils", sys.prefix]
)
def test_nothing_outside_its_own_folders_can_be_written(box, folder):
    code = f"open({folder + '/written'!r}, 'w')"
    assert box().run(code).error in ("OSError", "PermissionError")


def test_its_own_folders_can_be_written_up_to_a_size(box):
    ours = box(disk=2 << 20)
    # A folder that the interpreter itself lies in is read-only instead of empty.
    own = [folder for folder in ("/sandbox", "/tmp", "/dev/shm") if not sys.prefix.startswith(f"{folder}/")]
    for folder in own:
        assert ours.run(f"open('{folder}/small', 'wb').write(bytes(1 << 20))").error is None
        run = ours.run(f"with open('{folder}/large', 'wb') as file:\n    file.write(bytes(3 << 20))")
        assert run.error == "OSError"
        assert "No space left" in ours.outputs[-1][1]["evalue"]


def test_the_files_of_the_submission_are_copies(box):
    ours = box(files={"names.txt": "one"})
    assert ours.says("_ = open('names.txt', 'w').write('two')\nprint(open('names.txt').read())") == "two"
    other = Sandbox(ours.server, ours.server.limits, {"names.txt": b"one"})
    ours.sandbox.close()
    with other:
        read = []
        other.run("print(open('names.txt').read())", lambda kind, content: read.append(content))
    assert read[0]["text"] == "one\n"


def test_the_autograder_cannot_be_imported(box):
    ours = box()
    assert ours.run("import autograder.referee").error == "ModuleNotFoundError"
    assert ours.run("import sys\nsys.path.insert(0, '/seqlab/..')\nimport autograder.referee").error


def test_no_kernel_limits_can_be_changed(box):
    assert box().run("open('/proc/sys/kernel/core_pattern', 'w').write('x')").error == "FileNotFoundError"


# ---------------------------------------------------------------- what is left behind


def empty(server):
    """Whether nothing is left of a server but its server and bubblewrap's own two processes."""
    return server.shared and wait_until(lambda: len(set(processes_with(server.mounted))) <= 3)


@pytest.mark.parametrize(
    "call",
    [
        "fcntl.flock(fd, fcntl.LOCK_EX)",
        "fcntl.lockf(fd, fcntl.LOCK_SH, 1, 5)",
        "os.posix_fadvise(fd, 0, 0, 4)",
        "os.preadv(fd, [bytearray(1)], 0, os.RWF_NOWAIT)",
    ],
)
def test_files_that_all_sandboxes_share_carry_no_message(box, call):
    run = box().run(f"import fcntl, os\nfd = os.open('/usr/bin/env', os.O_RDONLY)\n{call}")
    assert run.error == "PermissionError"


DAEMON = """
import os, subprocess, sys
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execv(sys.executable, [sys.executable, "-c", "import time; time.sleep(600)", "{mark}"])
    os._exit(0)
"""


@pytest.mark.parametrize("end", ["close", "crash", "exit"])
def test_a_daemon_does_not_outlive_the_notebook(box, end):
    mark = f"seqlab-daemon-{uuid.uuid4()}"
    ours = box()
    ours.run(DAEMON.format(mark=mark))
    assert wait_until(lambda: processes_with(mark)), "the daemon never started"
    if end == "exit":
        with pytest.raises(Ended):
            ours.run("import os\nos._exit(0)")
    elif end == "crash":
        with pytest.raises(Ended):
            ours.run("import ctypes\nctypes.string_at(0)")
    ours.sandbox.close()
    assert wait_until(lambda: not processes_with(mark))
    assert empty(ours.server)


def test_a_fork_bomb_meets_a_limit_and_leaves_nothing(box):
    ours = box(processes=30, cell_seconds=5)
    code = (
        "import os, time\nfailed = ''\n"
        "for _ in range(200):\n"
        "    try:\n        child = os.fork()\n"
        "    except OSError as error:\n        failed = type(error).__name__\n        break\n"
        "    if child == 0:\n        time.sleep(60)\n        os._exit(0)\n"
        "print(failed)"
    )
    assert ours.says(code) == "BlockingIOError"
    assert 10 < len(processes_with(ours.server.mounted)) < 60
    ours.sandbox.close()
    assert empty(ours.server)


def test_a_zone_that_died_before_its_first_seat_is_replaced():
    with ForkServer((), Limits(), Isolation.BUBBLEWRAP) as server:
        server.start()
        assert select.select([server.control], [], [], 60)[0]
        os.killpg(server._process.pid, signal.SIGKILL)
        assert wait_until(server._has_ended)
        with Sandbox(server, server.limits) as sandbox:
            assert sandbox.run("1 + 1", lambda kind, content: None).error is None


def test_a_fork_bomb_does_not_starve_its_neighbour(box):
    first = box(processes=10)
    first.run(
        "import os, time\n"
        "try:\n    while os.fork():\n        pass\n    time.sleep(60)\nexcept OSError:\n    pass"
    )
    second = box(processes=10)
    assert second.says("!echo free") == "free"
