# Answers that contain themselves, or nest and repeat without end.
# scores: 0 0 0
# says: nested too deeply or too many values
# %% mix
def mix(x, w):
    answer = []
    answer.append(answer)
    return answer, answer


# %% walk
def walk(x, w, steps):
    return [0.0] * 10_000_000


# %% slope
def slope(x):
    answer = {}
    for number in range(100_000):
        answer = {number: answer}
    return answer
