# Connects to the machine and to the world, by every family of addresses.
# scores: 4 6 10
# shows: reached: []
# %% first
import socket

reached = []
for number in range(1, 46):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW):
        try:
            with socket.socket(number, kind):
                if number != socket.AF_UNIX:
                    reached.append(number)
        except OSError:
            pass
for place in (("127.0.0.1", 22), ("8.8.8.8", 53), ("localhost", 80)):
    try:
        socket.create_connection(place, timeout=1).close()
        reached.append(place)
    except OSError:
        pass
print("reached:", reached)
