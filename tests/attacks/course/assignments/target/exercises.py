"""The hidden cases of the lab `target`."""

from autograder import Exercise, Lab


def check_mix(x, w):
    """Raise ValueError when a lent call's arguments are larger than any case, or do not fit."""
    if x.ndim != 2 or max(x.shape) > 50 or w.shape != (len(x), len(x)):
        raise ValueError(f"shapes {x.shape} and {w.shape}")


mix = Exercise("mix", outputs={"y": 3, "total": 1}, check_call=check_mix)
walk = Exercise("walk", outputs={"path": 1}, calls=("mix",))


def numbers_file(inputs):
    """The size of the input, in a file."""
    return {"numbers.txt": str(inputs["x"].size)}


slope = Exercise("slope", outputs={"gradient": 1}, files=numbers_file)


@mix.case
def mix_wide(rng):
    """planted name of a case"""
    return {"x": rng.standard_normal((3, 5)), "w": rng.standard_normal((3, 3)) / 2}


@mix.case
def mix_tall(rng):
    """more rows than columns"""
    return {"x": rng.standard_normal((6, 2)), "w": rng.standard_normal((6, 6)) / 3}


@mix.case(group="edges", share=0.2)
def mix_one(rng):
    """a single column"""
    return {"x": rng.standard_normal((4, 1)), "w": rng.standard_normal((4, 4)) / 2}


@walk.case
def walk_short(rng):
    """three steps"""
    return {"x": rng.standard_normal((3, 2)), "w": rng.standard_normal((3, 3)) / 2, "steps": 3}


@walk.case
def walk_long(rng):
    """more steps than columns"""
    return {"x": rng.standard_normal((2, 4)), "w": rng.standard_normal((2, 2)) / 2, "steps": 7}


@slope.case
def slope_vector(rng):
    """a vector"""
    return {"x": rng.standard_normal(6)}


@slope.case
def slope_matrix(rng):
    """a matrix"""
    return {"x": rng.standard_normal((3, 4))}


lab = Lab(exercises=(mix, walk, slope), modules=("activations",))
