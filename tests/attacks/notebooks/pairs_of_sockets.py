# Asks for pairs of sockets of every family, which loads the kernel's modules of them.
# scores: 4 6 10
# shows: refused by the filter: True
# shows: local ones: hello
# %% first
import errno
import socket

found = set()
for family in range(2, 46):
    try:
        socket.socketpair(family, socket.SOCK_STREAM)
        found.add(0)
    except OSError as error:
        found.add(error.errno)
print("refused by the filter:", found == {errno.EPERM})
a, b = socket.socketpair()
a.send(b"hello")
print("local ones:", b.recv(9).decode())
