from autograder import Exercise, Lab

scale = Exercise("scale", outputs={"y": 3, "total": 1}, may_alias=())
repeat = Exercise("repeat", outputs={"steps": 1}, calls=("scale",))


@scale.case
def scale_matrix(rng):
    """a matrix of numbers"""
    return {"x": rng.standard_normal((3, 5)), "w": 1.5 + rng.random()}


@scale.case(group="edges", share=0.25)
def scale_one(rng):
    """a single number in an array"""
    return {"x": rng.standard_normal((1,)), "w": 1.5 + rng.random()}


@repeat.case
def repeat_matrix(rng):
    """three steps"""
    return {"x": rng.standard_normal((2, 4)), "w": 1.5 + rng.random(), "n": 3}


lab = Lab(exercises=(scale, repeat), modules=(), limits={"cell_seconds": 1.0})
