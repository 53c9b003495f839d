# The code of course_utils and of the sandbox's own modules is overwritten in memory and on disk.
# scores: 0 6 10
# shows: could not write ['/seqlab/course_utils/activations.py', '/seqlab/seqlab_inside/probe.py', 'numpy']
# %% first
import sys

import course_utils.activations

refused = []
for place in ("/seqlab/course_utils/activations.py", "/seqlab/seqlab_inside/probe.py", np.__file__):
    try:
        open(place, "a").write("raise SystemExit\n")
    except OSError:
        refused.append("numpy" if place == np.__file__ else place)
print("could not write", refused)
course_utils.activations.softmax = course_utils.activations.sigmoid = None
for name in list(sys.modules):
    if name.startswith("seqlab_inside"):
        sys.modules[name].__dict__.update(raised=True, compare=None)


# %% mix
def mix(x, w):
    return x, x.sum(axis=0)
