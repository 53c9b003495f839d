"""Runs the cells of one submission: they come in over a socket, outputs and answers go out.

The fork server (`.server`) preloads the shell and forks a child, which serves as a `Worker`.
"""

import asyncio
import builtins
import importlib
import os
import shutil
import signal
import socket
import sys
import threading
from typing import Any

from .namespaces import release_reserve
from .probe import CellTimeout, Probe, describe
from .shell import connect, make_shell
from .wire import Reader, WireError, frame

__all__ = ["Channel", "Worker", "preload"]

Header = dict[str, Any]
MOUNTED = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "files")
"""The folder of the lab's own files, which only the server's starter may write to."""


class Channel:
    """Sends and receives frames over a blocking socket."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket, self._reader = sock, Reader()
        self._frame, self._lock = frame, threading.Lock()

    def send(self, header: Header, arrays: list[bytes] | tuple[bytes, ...] = ()) -> None:
        """Send one frame."""
        with self._lock:  # a student's threads may print at the same time
            self._socket.sendall(self._frame(header, arrays))

    def receive(self) -> tuple[Header, list[bytes]]:
        """Return the next frame; exit the process if the other end is closed."""
        while True:
            found = self._reader.next()
            if found is not None:
                return found
            data = self._socket.recv(1 << 18)
            if not data:
                os._exit(0)
            self._reader.feed(data)


def hide_editable_install() -> None:
    """Drop the import hook of `pip install -e`: it would find modules that are not mounted."""
    sys.meta_path[:] = [
        finder
        for finder in sys.meta_path
        if not getattr(finder, "__module__", "").startswith("__editable___seqlab")
    ]


def preload() -> Any:
    """Import what student code needs, and make the shell."""
    hide_editable_install()
    os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
    shell = make_shell()
    for name in os.environ.pop("SEQLAB_PRELOAD", "").split():
        importlib.import_module(name)
    # A numpy.py beside the notebook must not shadow the real one: the working folder comes last.
    sys.path[:] = [path for path in sys.path if path not in ("", os.getcwd())] + [os.getcwd()]
    return shell


def copy_files(names: list[str]) -> None:
    """Copy mounted files, the lab's own, into the working folder, where student code may change them."""
    for name in names:
        if os.path.dirname(name):
            os.makedirs(os.path.dirname(name), exist_ok=True)
        shutil.copyfile(os.path.join(MOUNTED, name), name)


def write_files(names: list[str], contents: list[bytes]) -> None:
    """Write the submission's files into the working folder, where student code may change them."""
    for name, content in zip(names, contents, strict=True):
        if os.path.dirname(name):
            os.makedirs(os.path.dirname(name), exist_ok=True)
        with open(name, "wb") as file:
            file.write(content)


class Worker:
    """Runs cells in the shell and answers the executor."""

    def __init__(self, shell: Any, channel: Channel) -> None:
        self.shell, self.channel, self.timeout_error = shell, channel, CellTimeout
        self.error_shown = False
        self.flush = connect(shell, self._publish)
        builtins.__seqlab_grade__ = Probe(shell.user_ns, channel.send, channel.receive)  # type: ignore[attr-defined]
        self.loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self.loop)
        signal.signal(signal.SIGALRM, self._time_is_over)

    def _publish(self, msg_type: str, content: Header) -> None:
        self.error_shown = self.error_shown or msg_type == "error"
        try:
            self.channel.send({"type": "output", "msg_type": msg_type, "content": content})
        except WireError as error:
            text = f"\n... an output was left out: {error}\n"
            self._publish("stream", {"name": "stdout", "text": text})

    def _time_is_over(self, *_: Any) -> None:
        raise self.timeout_error("the time limit of this cell is over")

    def serve(self) -> None:
        """Run cells until the executor closes the connection."""
        self.channel.send({"type": "ready"})
        while True:
            header, _ = self.channel.receive()
            if header["type"] == "cell":
                status = self._cell(header["code"], header["seconds"])
                self.channel.send({"type": "done", "count": self.shell.execution_count - 1, **status})

    def _cell(self, code: str, seconds: float) -> Header:
        result: Any = None
        ended: BaseException | None = None
        self.error_shown = False
        try:
            # Repeated, because student code may catch the first exception.
            signal.setitimer(signal.ITIMER_REAL, seconds, 0.5)
            try:
                result = self.loop.run_until_complete(self._run(code))
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
        except (KeyboardInterrupt, asyncio.CancelledError) as error:
            ended = error
            signal.setitimer(signal.ITIMER_REAL, 0)  # it may have fired while it was being stopped
            self._cancel_tasks()
        except Exception as error:  # of the shell itself, if student code has broken it
            ended = error
        self.flush()
        if result is not None:
            ended = result.error_before_exec or result.error_in_exec
        if ended is None:
            return {"status": "ok"}
        if isinstance(ended, MemoryError):
            release_reserve()
        name, timeout = type(ended).__name__[:80], isinstance(ended, self.timeout_error)
        if not self.error_shown and not timeout:
            self._publish("error", _error_content(name, ended))
        return {"status": "error", "timeout": timeout, **describe(ended)}

    def _cancel_tasks(self) -> None:
        """Cancel tasks that an interrupted `await` left pending: they would go on in a later cell."""
        tasks = asyncio.all_tasks(self.loop)
        for task in tasks:
            task.cancel()
        if tasks:
            self.loop.run_until_complete(asyncio.wait(tasks))

    async def _run(self, code: str) -> Any:
        """Run one cell as ipykernel does: inside a running event loop, with top-level await."""
        shell, failed = self.shell, None
        if "await" not in code and "async" not in code:  # saves parsing the cell twice
            return shell.run_cell(code, store_history=True)
        try:
            transformed = shell.transform_cell(code)
        except Exception:
            transformed, failed = code, sys.exc_info()
        if not shell.should_run_async(code, transformed_cell=transformed, preprocessing_exc_tuple=failed):
            return shell.run_cell(code, store_history=True)
        try:
            result = await shell.run_cell_async(
                code, store_history=True, transformed_cell=transformed, preprocessing_exc_tuple=failed
            )
        finally:
            shell.events.trigger("post_execute")
        shell.events.trigger("post_run_cell", result)
        return result


def _error_content(name: str, error: BaseException) -> Header:
    """Describe an error that the shell could not show."""
    try:
        message = str(error)
    except BaseException:
        message = "its text cannot be shown"
    return {"ename": name, "evalue": message, "traceback": [f"{name}: {message}"]}
