# Words of an answer that are no text, markup, halves of characters, or without end.
# scores: 0 0 0
# with: pipe
# %% first
def speech(name):
    begin(name)
    words = ["\ud800", "<script>attacked</script>", "x" * 100_000, 5, None, [], float("nan"), True, -(2**70)]
    for case, word in enumerate(words):
        status = ["raised", "missing", "not callable", word][case % 4]
        keys = ("error", "message", "line", "source", "kind", "stub", "reason", "hint", "name")
        send({"type": "answer", "case": case, "status": status, **dict.fromkeys(keys, word)})
        receive()


speak_instead_of_probe(speech)
