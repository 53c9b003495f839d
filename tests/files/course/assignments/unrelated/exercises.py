from autograder import Exercise, Lab

halve = Exercise("halve", outputs={"y": 1})


@halve.case
def halve_vector(rng):
    """a vector"""
    return {"x": rng.standard_normal(4)}


lab = Lab(exercises=(halve,), modules=())
