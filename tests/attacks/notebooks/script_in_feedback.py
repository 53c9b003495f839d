# Script in all that a verdict may quote: the text and type of an exception, and the line that raised it.
# scores: 0 0 0
# says: <script>
# %% first
Scripted = type("<script>attacked</script>", (Exception,), {})


# %% mix
def mix(x, w):
    raise Scripted("<img src=x onerror=attacked>")  # <script>attacked</script>


# %% walk
def walk(x, w, steps):
    return {"<script>attacked</script>": x}


# %% slope
class Odd:
    pass


slope = type("<script>attacked</script>", (), {})()
