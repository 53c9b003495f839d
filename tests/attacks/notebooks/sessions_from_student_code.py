# Calls the probe from cells of its own and from within its functions, for every exercise, again and again.
# scores: 0 0 0
# %% first
def grade_all():
    for name in ("mix", "walk", "slope", "mix", "no such exercise"):
        __seqlab_grade__(name)


grade_all()


# %% mix
def mix(x, w):
    grade_all()


# %% walk
def walk(x, w, steps):
    return __seqlab_grade__("walk")


# %% slope
def slope(x):
    return [__seqlab_grade__(name) for name in ("mix", "walk", "slope")]


# %% last
grade_all()
