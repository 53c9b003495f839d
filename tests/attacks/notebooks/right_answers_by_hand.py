# No attack: right answers through messages of one's own score in full, which shows that these reach the referee.
# scores: 4 6 10
# with: pipe
# %% first
def speech(name):
    import sys

    wire = sys.modules["seqlab_inside.wire"]
    reader = wire.Reader()

    def answer():
        while (found := reader.next()) is None:
            reader.feed(pipe.recv(1 << 16))
        return found

    send({"type": "begin", "exercise": name})
    assert answer()[0]["type"] == "open"
    while (found := answer())[0]["type"] == "case":
        got, arrays = probe._answer(name, *found)
        send({"type": "answer", "case": found[0]["case"], **got}, *arrays)


probe = __seqlab_grade__
speak_instead_of_probe(speech)
