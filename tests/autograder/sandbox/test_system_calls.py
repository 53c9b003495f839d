"""The filter of system calls: what it says on both machines, and what it leaves to an honest notebook."""

import errno
import socket
import struct

import pytest

from autograder.sandbox.inside.calls import ALLOWED, LOOKED_AT, NEWER
from autograder.sandbox.inside.libc import Machine
from autograder.sandbox.inside.seccomp import program

X86_64, AARCH64, I386 = 0xC000003E, 0xC00000B7, 0x40000003
MACHINES = [Machine(X86_64, 0), Machine(AARCH64, 1)]
ALLOW = "allowed"


def says(machine, number, *arguments, audit=None):
    """Run the filter, as the kernel does, on one call: `ALLOW` or the number of the error."""
    words = (*arguments, *[0] * (6 - len(arguments)))
    data = struct.pack("=IIQ6Q", number, audit or machine.audit, 0, *words)
    code = program(machine)
    steps = [struct.unpack_from("=HBBI", code, place) for place in range(0, len(code), 8)]
    at = value = 0
    while True:
        kind, true, false, operand = steps[at]
        at += 1
        if kind == 0x20:
            (value,) = struct.unpack_from("=I", data, operand)
        elif kind == 0x54:
            value &= operand
        elif kind == 0x06:
            assert operand == 0x7FFF0000 or operand >> 16 == 5, "nothing is killed"
            return ALLOW if operand == 0x7FFF0000 else operand & 0xFFFF
        else:
            holds = {0x15: value == operand, 0x25: value > operand, 0x35: value >= operand}[kind]
            at += true if holds else false


@pytest.fixture(params=MACHINES, ids=["x86_64", "aarch64"])
def machine(request):
    """Each machine in turn."""
    return request.param


def test_what_is_in_the_list_is_allowed_and_nothing_else(machine):
    allowed = {numbers[machine.column] for numbers in ALLOWED.values()}
    looked_at = {numbers[machine.column] for numbers in LOOKED_AT.values()}
    assert not allowed & looked_at
    assert len(looked_at) == len(LOOKED_AT)
    for number in set(range(600)) - looked_at:
        refused = errno.ENOSYS if number >= NEWER else errno.EPERM
        assert says(machine, number) == (ALLOW if number in allowed else refused), number


def test_no_number_stands_for_two_calls(machine):
    numbers = [pair[machine.column] for pair in (*ALLOWED.values(), *LOOKED_AT.values())]
    known = [number for number in numbers if number is not None]
    assert len(known) == len(set(known))


def test_calls_by_the_interfaces_of_other_machines_are_refused(machine):
    read = ALLOWED["read"][machine.column]
    assert says(machine, read) == ALLOW
    assert says(machine, read, audit=I386) == errno.EPERM
    assert says(machine, 0x40000000 + read) == errno.ENOSYS
    other = next(m for m in MACHINES if m is not machine)
    assert says(machine, read, audit=other.audit) == errno.EPERM


HIGH = 1 << 32
CASES = [
    ("clone", (0x3D0F00,), ALLOW),  # a thread
    ("clone", (0x1200011,), ALLOW),  # a process
    ("clone", (0x10000000 | 17,), errno.EPERM),
    ("clone", (0x20000 | 17,), errno.EPERM),
    ("clone3", (), errno.ENOSYS),
    ("fcntl", (3, 1030), ALLOW),
    ("fcntl", (3, 6), errno.EPERM),
    ("fcntl", (3, 37), errno.EPERM),
    ("fcntl", (3, 1026), errno.EPERM),
    ("ioctl", (0, 0x5401), ALLOW),
    ("ioctl", (0, 0x80045430), ALLOW),
    ("ioctl", (0, 0x5412), errno.ENOTTY),
    ("ioctl", (0, HIGH + 0x5412), errno.ENOTTY),
    ("madvise", (0, 0, 4), ALLOW),
    ("madvise", (0, 0, 12), errno.EPERM),
    ("prctl", (15,), ALLOW),
    ("prctl", (4, 1), errno.EPERM),
    ("prctl", (22, 2), errno.EPERM),
    ("prlimit64", (0, 7, 1), ALLOW),
    ("prlimit64", (0, 4, 0), ALLOW),
    ("prlimit64", (0, 4, 1), errno.EPERM),
    ("prlimit64", (0, 4, HIGH), errno.EPERM),
    ("setrlimit", (7, 1), ALLOW),
    ("setrlimit", (4, 1), errno.EPERM),
    ("socket", (socket.AF_UNIX,), ALLOW),
    ("socket", (socket.AF_INET,), errno.EPERM),
    ("socket", (socket.AF_NETLINK,), errno.EPERM),
    ("socketpair", (socket.AF_UNIX,), ALLOW),
    ("socketpair", (30,), errno.EPERM),
]


@pytest.mark.parametrize(("call", "arguments", "expected"), CASES)
def test_arguments_decide(machine, call, arguments, expected):
    assert says(machine, LOOKED_AT[call][machine.column], *arguments) == expected


def test_each_call_that_is_looked_at_is_tried():
    assert {call for call, _, _ in CASES} == set(LOOKED_AT)


ORDINARY = """
import asyncio, concurrent.futures, multiprocessing, os, queue, shutil, sqlite3, subprocess, sys, tempfile
import threading, time, zipfile
import numpy as np
with concurrent.futures.ThreadPoolExecutor(3) as pool:
    assert sum(pool.map(abs, range(5))) == 10
with multiprocessing.get_context("fork").Pool(2) as pool:
    assert pool.map(abs, [-1, -2]) == [1, 2]
q = multiprocessing.get_context("fork").Queue()
q.put(3)
assert q.get() == 3
with tempfile.TemporaryDirectory() as folder:
    np.savez(folder + "/a.npz", x=np.ones(9))
    shutil.copy2(folder + "/a.npz", folder + "/b.npz")
    assert np.load(folder + "/b.npz")["x"].sum() == 9
    held = np.memmap(folder + "/m", mode="w+", shape=9)
    held[:] = 1
    held.flush()
    shutil.move(folder + "/b.npz", folder + "/c.npz")
    shutil.make_archive(folder + "/all", "zip", folder)
async def started():
    process = await asyncio.create_subprocess_exec("echo", "hello", stdout=asyncio.subprocess.PIPE)
    return (await process.communicate())[0]
print(await started())
def says(*line):
    return subprocess.run(line, capture_output=True, text=True, check=True).stdout.split()
print(says("sh", "-c", "ls -l / > x; cp -r /seqlab y && tar cf y.tar y && sort y.tar | tail -1 | wc -l"))
print(*says(sys.executable, "-c", "import numpy; print(numpy.ones((9, 9)).dot(numpy.ones(9)).sum())"))
x = np.random.rand(300, 300)
assert np.allclose(np.linalg.inv(x) @ x, np.eye(300))
threading.Timer(0.01, lambda: None).start()
time.sleep(0.02)
"""


@pytest.mark.sandbox
def test_what_ordinary_notebooks_do_goes_on(box):
    ours = box()
    assert ours.says(ORDINARY).split("\n") == ["b'hello\\n'", "['1']", "81.0"]
    assert ours.says("!true\n!echo one | tr o O\nx = !echo two\nprint(x)").split() == ["One", "['two']"]
    assert ours.says("%%bash\nfor i in 1 2; do echo $i; done") == "1\n2"
