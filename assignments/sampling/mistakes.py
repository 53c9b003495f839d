"""The known mistakes of the lab `sampling`: small edits of the reference, each with the help a student reads."""

from autograder import Mistake


def slip(name, old, new, help):
    """A mistake of one edit."""
    return Mistake(name, ((old, new),), help)


# ---------------------------------------------------------------- clip

BOUND = "np.clip(gradient, -maxValue, maxValue, out=gradient)"
CLIPPED_ONE, ENDS = "np.clip(gradient,", "-maxValue, maxValue"
OWN_THRESHOLD = "The bound is {} whatever is asked for: the threshold is the argument `maxValue`."
TOGETHER = (
    "every = (dWaa, dWax, dWya, db, dby)\n"
    "    scale = min(1, maxValue / np.sqrt(sum((g**2).sum() for g in every)))\n"
    "    for gradient in every:\n        "
)


def of(entries):
    """The call with other entries to bound."""
    return f"np.clip({entries},"


CLIP = [
    slip("no-lower-bound", ENDS, "None, maxValue",
         "Large negative entries stay as they are: `maxValue` bounds both sides, not only the positive one."),
    slip("no-upper-bound", ENDS, "-maxValue, None",
         "Large positive entries stay as they are: `maxValue` bounds both sides, not only the negative one."),
    slip("negative-entries-lost", ENDS, "0, maxValue",
         "Negative entries became zero: the range begins at minus `maxValue`, since a gradient may point down."),
    slip("signs-lost", CLIPPED_ONE, of("np.abs(gradient)"),
         "All entries are positive: an entry beyond `maxValue` is shortened and keeps its sign."),
    slip("large-entries-dropped", CLIPPED_ONE, of("np.where(np.abs(gradient) > maxValue, 0, gradient)"),
         "Entries beyond `maxValue` became zero: they are shortened to the threshold, so that a step is still taken."),
    slip("all-beyond-become-positive", CLIPPED_ONE, of("np.where(np.abs(gradient) > maxValue, maxValue, gradient)"),
         "Large negative entries became `maxValue`: what is beyond the lower end goes to the lower end."),
    slip("fixed-threshold", ENDS, "-5, 5", OWN_THRESHOLD.format(5)),
    slip("clipped-to-10", ENDS, "-10, 10", OWN_THRESHOLD.format(10)),
    slip("clipped-to-1", ENDS, "-1, 1", OWN_THRESHOLD.format(1)),
    slip("whole-threshold", ENDS, "-int(maxValue), int(maxValue)",
         "The threshold lost its fraction: `maxValue` need not be a whole number."),
    slip("whole-entries", CLIPPED_ONE, of("np.trunc(gradient)"),
         "The entries lost their fractions: gradients are real numbers, and only those beyond `maxValue` change."),
    slip("squashed", CLIPPED_ONE, of("maxValue * np.tanh(gradient / (maxValue or 1))"),
         "Entries within the range changed too: a smooth curve is no clipping, only entries beyond `maxValue` move."),
    slip("only-if-the-largest", ENDS, "-maxValue if gradient.max() > maxValue else None, maxValue",
         "An array is clipped only if its largest entry is too large: entries below minus `maxValue` are missed."),
    slip("scaled-by-the-norm", CLIPPED_ONE, of("gradient * min(1, maxValue / np.linalg.norm(gradient))"),
         "Each array is scaled to a length of at most `maxValue`. That is another way to clip; here it goes entry by entry."),
    slip("scaled-together", "for gradient in (dWaa, dWax, dWya, db, dby):\n        " + BOUND, TOGETHER + "gradient *= scale",
         "All arrays are scaled by their common length. That is another way; here `maxValue` bounds entry by entry."),
    slip("scaled-by-the-largest", CLIPPED_ONE, of("gradient * min(1, maxValue / np.max(np.abs(gradient)))"),
         "Each array is scaled until its largest entry fits: only entries beyond `maxValue` should change."),
    slip("rows-by-their-norm", CLIPPED_ONE,
         of("gradient * np.minimum(1, maxValue / np.linalg.norm(gradient, axis=1, keepdims=True))"),
         "Each row is scaled by its length: here `maxValue` bounds every entry by itself."),
]

# ---------------------------------------------------------------- sample

LOOP, SEED, STEP = "for counter in range(50):", "np.random.seed(seed + 2 * counter)", "seed + 2 * counter"
STATE = "a_prev = np.tanh(np.dot(Wax, x) + np.dot(Waa, a_prev) + b)"
CHANCES = "y = softmax(np.dot(Wya, a_prev) + by)"
DRAW = "idx = np.random.choice(vocab_size, p=y.ravel())"
KEEP, STOP, INPUT = "        indices.append(idx)\n", "            break\n", "x[idx] = 1"
LIMIT = "It gives up after {} characters: the limit is 50, and counts what is in `indices` when no newline comes."

ENDED = "After {} characters a newline ends the name: the limit is 50, and counts what is in `indices`."


def gives_up_after(limit, appended=True):
    """Mistakes of another limit: with the newline that then follows, or without."""
    tail = "len(indices) == 50"
    edits = ((LOOP, LOOP.replace("50", str(limit))),)
    if not appended:
        return Mistake(f"gives-up-after-{limit}", edits, LIMIT.format(limit))
    edits = (*edits, (tail, f"len(indices) == {limit}"))
    return Mistake(f"gives-up-after-{limit}-with-newline", edits, ENDED.format(limit))


SAMPLE = [
    slip("reads-another-alphabet", 'char_to_ix["\\n"]', "0",
         "The newline counts as number 0 in every alphabet: its number is in `char_to_ix`, the argument. Where that "
         "parameter is misspelt, the notebook's own `char_to_ix` is read in its place."),
    slip("most-likely-character", DRAW, "idx = int(np.argmax(y))",
         "The most likely character is taken every time: `y` holds the chances of a draw."),
    slip("all-characters-alike", ", p=y.ravel()", "",
         "All characters are equally likely in the draw: it does not use the probabilities in `y`."),
    slip("draws-twice", DRAW, f"np.random.choice(vocab_size, p=y.ravel())\n        {DRAW}",
         "Two characters are drawn in a step, and the second is kept as `idx`: each step seeds once and draws once."),
    Mistake("keeps-one-draw-and-reads-another", ((INPUT, f"{DRAW}\n        {INPUT}"),),
            "What is written down and what becomes the input are two draws: the next `x` shows the same `idx`."),
    slip("not-seeded", SEED, "pass",
         "NumPy's generator is never seeded: `seed` should make a name come out the same each time."),
    slip("same-seed-every-step", STEP, "seed",
         "Every step draws with the same random number: the seed of a step depends on `counter` too."),
    slip("seed-moves-by-one", STEP, "seed + counter",
         "The seeds of the steps are one apart: see the formula above the exercise for what `counter` adds."),
    slip("seed-moves-by-three", STEP, "seed + 3 * counter",
         "The seeds of the steps are three apart: if `seed` grows in the loop, `counter` must not add its share twice."),
    slip("seed-runs-back", STEP, "seed - 2 * counter",
         "The seeds of the steps fall: see the formula above the exercise for what `counter` does to `seed`."),
    slip("seed-ignored", STEP, "2 * counter",
         "Every name uses the same dice: the argument `seed` has no part in the seeds of the steps."),
    slip("seed-always-zero", STEP, "0",
         "Every step of every name draws with seed 0: it is made from `seed` and `counter`."),
    slip("seed-one-ahead", STEP, "seed + 1 + 2 * counter",
         "Each seed is one too large: `seed` itself is that of the first step."),
    slip("counter-from-one", STEP, "seed + 2 * (counter + 1)",
         "The seeds are one step ahead: `counter` is 0 in the first step."),
    slip("loop-from-one", "range(50)", "range(1, 50)",
         "`counter` begins at 1, so that the first seed is that of the second step, and a step is missing at the end."),
    Mistake("seeded-once", ((f"    {LOOP}", f"    np.random.seed(seed)\n    {LOOP}"), (SEED, "pass")),
            "The generator is seeded once, before the loop: here each step is seeded anew, from `seed` and `counter`."),
    Mistake("seeded-after-the-draw", ((SEED, "pass"), (DRAW, f"{DRAW}\n        {SEED}")),
            "The seed of a step is set after its draw: the first `idx` then depends on what ran before."),
    Mistake("another-generator",
            ((SEED, "rng = np.random.default_rng(seed + 2 * counter)"), ("np.random.choice(", "rng.choice(")),
            "NumPy's global generator is left alone: `seed` is meant for that one, and the draws should come from it."),
    Mistake("state-not-carried", (("a_prev = np.tanh(", "a = np.tanh("), ("np.dot(Wya, a_prev)", "np.dot(Wya, a)")),
            "Every step starts from a state of zeros: `a_prev` never becomes the new state, so nothing is remembered."),
    slip("input-not-read", STATE, "a_prev = np.tanh(np.dot(Waa, a_prev) + b)",
         "The input `x` has no part in the new state: the network never reads the character that was drawn."),
    slip("state-of-the-bias", STATE, "a_prev = np.tanh(b)",
         "The new state is made from `b` alone: neither `x` nor `a_prev` has a part in it."),
    slip("Waa-transposed", "np.dot(Waa, a_prev)", "np.dot(Waa.T, a_prev)",
         "`Waa` is transposed in the new state: the product is that of equation (3)."),
    slip("Waa-missing", "np.dot(Waa, a_prev)", "a_prev",
         "The old state is added as it is: in equation (3) it is multiplied by `Waa`."),
    slip("Waa-entry-by-entry", "np.dot(Waa, a_prev)", "(Waa * a_prev.T).sum(axis=0)[:, None]",
         "`Waa` is multiplied column by column: a matrix times a column goes along the rows."),
    slip("inputs-pile-up", "        x = np.zeros((vocab_size, 1))\n", "",
         "`x` gets one more 1 at each step: a one-hot vector has a single one, so start it afresh."),
    slip("probabilities-fed-back", "        x = np.zeros((vocab_size, 1))\n        x[idx] = 1\n", "        x = y\n",
         "The probabilities `y` are the next input: the network should read what was drawn, as a one-hot vector."),
    slip("likeliest-fed-back", INPUT, "x[np.argmax(y)] = 1",
         "The most likely character becomes the input `x`: the network should read the one that was drawn."),
    slip("number-fed-back", INPUT, "x[idx] = idx",
         "The input `x` holds the number of the character: a one-hot vector has a 1 at its place."),
    slip("number-everywhere", INPUT, "x[:] = idx",
         "All entries of the input `x` are the number of the character: a one-hot vector has a single 1, at its place."),
    slip("input-one-off", INPUT, "x[idx - 1] = 1",
         "The 1 in the input `x` is one place off: the place is the number that was drawn, counted from 0."),
    slip("newline-fed-back", INPUT, "x[newline_character] = 1",
         "The input `x` is a newline at every step: the network should read the character that was drawn."),
    slip("step-number-fed-back", INPUT, "x[counter % vocab_size] = 1",
         "The input `x` has its 1 at the number of the step: its place is that of the character that was drawn."),
    slip("starts-with-ones", "x, a_prev = np.zeros((vocab_size, 1))", "x, a_prev = np.ones((vocab_size, 1))",
         "The first input holds ones: before the first character, `x` is zero."),
    slip("state-of-ones", "np.zeros((n_a, 1))", "np.ones((n_a, 1))",
         "The first state holds ones: before the first character, `a_prev` is zero."),
    slip("starts-with-newline", "    ### START", "    x[newline_character] = 1\n    ### START",
         "The first input is a newline: before the first character, `x` is zero."),
    slip("no-hidden-bias", " + b)", ")", "The bias `b` is missing from the new hidden state."),
    slip("no-output-bias", "np.dot(Wya, a_prev) + by", "np.dot(Wya, a_prev)",
         "The bias `by` is missing from the scores that go into `softmax`."),
    slip("output-bias-alone", "np.dot(Wya, a_prev) + by", "by",
         "The scores are `by` alone: they are made from the new state too."),
    slip("output-bias-subtracted", "np.dot(Wya, a_prev) + by", "np.dot(Wya, a_prev) - by",
         "The bias `by` is taken away from the scores: it is added."),
    slip("hidden-bias-subtracted", " + b)", " - b)",
         "The bias `b` is taken away in the new hidden state: it is added."),
    slip("no-activation", "np.tanh(", "(", "The new state has no activation: `a_prev` should lie between -1 and 1."),
    slip("sigmoid-for-tanh", STATE, "a_prev = 1 / (1 + np.exp(-(np.dot(Wax, x) + np.dot(Waa, a_prev) + b)))",
         "The new state `a_prev` comes out of a sigmoid: the activation of equation (3) is the tanh."),
    slip("relu-for-tanh", STATE, "a_prev = np.maximum(0, np.dot(Wax, x) + np.dot(Waa, a_prev) + b)",
         "The new state `a_prev` comes out of a ReLU: the activation of equation (3) is the tanh."),
    slip("softmax-for-tanh", "np.tanh(", "softmax(",
         "The new state `a_prev` comes out of a softmax: the activation of equation (3) is the tanh."),
    slip("softmax-twice", CHANCES, "y = softmax(softmax(np.dot(Wya, a_prev) + by))",
         "The probabilities went through `softmax` once more, which makes them nearly equal."),
    slip("rounded-probabilities", DRAW, f"y = np.round(y, 2) / np.round(y, 2).sum()\n        {DRAW}",
         "The probabilities in `y` are rounded: small chances are lost, and the others grow."),
    Mistake("prediction-from-old-state",
            (("        a_prev = np.tanh(", "        old, a_prev = a_prev, np.tanh("), ("np.dot(Wya, a_prev)", "np.dot(Wya, old)")),
            "The probabilities `y` are made from the state before the step: they should see the new one."),
    Mistake("newline-not-kept", ((KEEP, ""), (STOP, STOP + KEEP)),
            "The newline that ends a name is missing from `indices`: it is drawn like any other character, and kept."),
    slip("newline-twice", "if len(indices) == 50:", "if True:",
         "Every name ends in one newline more: `newline_character` is appended only where none was drawn in 50 steps."),
    slip("no-newline-after-fifty", "if len(indices) == 50:", "if False:",
         "After 50 characters without a newline one is appended: it is missing from `indices`."),
    slip("never-stops-early", STOP, STOP.replace("break", "pass"),
         "The drawing goes on after a newline: the loop should end when `idx` is the newline's number."),
    slip("newline-is-the-last", 'char_to_ix["\\n"]', "vocab_size - 1",
         "The newline counts as the last number: its number is in `char_to_ix`."),
    *(gives_up_after(limit) for limit in (10, 20, 25, 30, 40, 100)),
    *(gives_up_after(limit, appended=False) for limit in (10, 20, 25, 30, 40, 49, 51, 100)),
]

# ---------------------------------------------------------------- optimize

FORWARD, BACKWARD = "loss, cache = rnn_forward(X, Y, a_prev, parameters)", "rnn_backward(X, Y, parameters, cache)"
CLIPPED = "    gradients = clip(gradients, 5)\n"
MOVE = "    parameters = update_parameters(parameters, gradients, learning_rate)\n"
RETURN = "    return loss, gradients"

OPTIMIZE = [
    slip("raw-gradients-returned", CLIPPED, "    raw = {name: g.copy() for name, g in gradients.items()}\n" + CLIPPED
         + "    update_parameters(parameters, gradients, learning_rate)\n    gradients, learning_rate = raw, 0\n",
         "`parameters` moved rightly, but the `gradients` that are returned are not the clipped ones."),
    Mistake("clipped-after-the-step", ((CLIPPED, ""), (MOVE, MOVE + CLIPPED)),
            "`parameters` moved by gradients that were not yet clipped: the step comes after the clipping."),
    slip("not-clipped", CLIPPED, "", "The gradients are never clipped: `gradients` still has entries beyond 5."),
    slip("clipped-at-1", "clip(gradients, 5)", "clip(gradients, 1)",
         "The gradients are clipped too much: the threshold of `clip` is 5 here."),
    slip("clipped-at-10", "clip(gradients, 5)", "clip(gradients, 10)",
         "The gradients are clipped too little: the threshold of `clip` is 5 here."),
    slip("clipped-at-the-rate", "clip(gradients, 5)", "clip(gradients, learning_rate)",
         "The gradients are clipped at `learning_rate`: the threshold of `clip` is 5 here."),
    slip("clipped-from-above", "clip(gradients, 5)", "{name: np.minimum(g, 5) for name, g in gradients.items()}",
         "Entries of `gradients` below -5 are still there: the threshold bounds both sides."),
    slip("clipped-by-the-norm", "clip(gradients, 5)",
         "{name: g * min(1, 5 / np.linalg.norm(g)) for name, g in gradients.items()}",
         "The gradients are scaled by their length: `clip` bounds every entry by itself."),
    slip("step-uphill", "gradients, learning_rate)", "gradients, -learning_rate)",
         "`parameters` moved towards a larger loss: the sign of the step is wrong."),
    slip("rate-ignored", "gradients, learning_rate)", "gradients, 0.01)",
         "The step has the same size whatever is asked for: it does not use `learning_rate`."),
    slip("rate-one", "gradients, learning_rate)", "gradients, 1)",
         "`parameters` moved by the whole gradients: a step is their `learning_rate`-th part."),
    slip("two-steps", MOVE, MOVE + MOVE, "`parameters` moved twice as far as they should: the step is taken two times."),
    slip("biases-not-moved", MOVE, "    for name in ('Wax', 'Waa', 'Wya'):\n"
         "        parameters[name] -= learning_rate * gradients['d' + name]\n",
         "`b` and `by` are as before: the biases in `parameters` take the step too."),
    slip("starts-from-zero", FORWARD, FORWARD.replace("a_prev", "0 * a_prev"),
         "The forward pass starts from a state of zeros: the given `a_prev` is never used."),
    slip("reads-the-target", FORWARD, FORWARD.replace("X, Y", "Y, Y"),
         "The network reads the character that it is to predict: its input is `X`."),
    slip("backward-reads-the-target", BACKWARD, BACKWARD.replace("X, Y", "Y, Y"),
         "The backward pass has the targets for its input: it takes `X` and `Y` as the forward pass does."),
    Mistake("gradients-after-the-step",
            ((CLIPPED, f"{CLIPPED}    update_parameters(parameters, gradients, learning_rate)\n"
              f"    gradients, a = {BACKWARD}\n{CLIPPED}"), (MOVE, "")),
            "`gradients` were worked out again after `parameters` had moved: both passes belong to the old ones."),
    slip("loss-after-the-step", MOVE, f"{MOVE}    loss, cache = rnn_forward(X, Y, a_prev, parameters)\n",
         "`loss` is that of the new parameters: what is wanted is the loss before the step."),
    slip("mean-loss", "return loss,", "return loss / len(X),",
         "`loss` is the mean over the characters: here it is their sum."),
    slip("loss-in-bits", "return loss,", "return loss / np.log(2),",
         "`loss` is counted in bits: here it is in nats, with the natural logarithm."),
    slip("first-state", "a[len(X) - 1]", "a[0]",
         "The state after the first character is returned: the last one of `a` is wanted."),
    slip("state-one-too-early", "a[len(X) - 1]", "a[len(X) - 2]",
         "The state before the last character is returned: the last one of `a` is wanted."),
]

# ---------------------------------------------------------------- model

NAME, READ = "examples[j % len(examples)]", "X = [None] + [char_to_ix[ch] for ch in name]"
TARGET = 'Y = X[1:] + [char_to_ix["\\n"]]'
TAKE = "curr_loss, gradients, a_prev = optimize(X, Y, a_prev, parameters, learning_rate=0.01)"
RATE = "look up the `learning_rate` in the text of the exercise."

MODEL = [
    slip("no-training", "optimize(X, Y, a_prev, parameters, learning_rate=0.01)", "loss, None, a_prev",
         "The parameters are those of the start: `optimize` never got to change them."),
    slip("state-not-carried", "curr_loss, gradients, a_prev =", "curr_loss, gradients, _ =",
         "Every name starts from a state of zeros: here `a_prev` of one name is handed on to the next."),
    slip("one-name-only", NAME, "examples[0]", "Every iteration trains on the same name: it should change with `j`."),
    slip("second-name-first", NAME, "examples[(j + 1) % len(examples)]",
         "The names are one ahead: iteration `j` counts from 0, and so do the names."),
    slip("last-name-first", NAME, "examples[(j - 1) % len(examples)]",
         "The names are one behind: iteration 0 takes the first of the `examples`, not the last."),
    slip("last-name-missing", "j % len(examples)", "j % (len(examples) - 1)",
         "The last of the `examples` is never used: begin again only after all of them."),
    slip("quotient-for-remainder", "j % len(examples)", "j // len(examples)",
         "The name stays the same for a whole round: its place is what remains of `j`, not how often the list fits in."),
    slip("each-name-twice", NAME, "examples[j // 2 % len(examples)]",
         "Each name is taken twice in a row: iteration `j` has the next one each time."),
    slip("list-never-starts-again", NAME, "examples[min(j, len(examples) - 1)]",
         "After the last of the `examples` it stays with that one: they start again from the first."),
    slip("random-name", NAME, "examples[np.random.randint(len(examples))]",
         "The names are drawn at random: here they are taken in order, since `examples` are shuffled already."),
    slip("all-names-in-each-iteration", f"        name = {NAME}\n", f"        for name in examples[:-1]:\n"
         f"            {READ}\n            {TARGET}\n            {TAKE}\n        name = examples[-1]\n",
         "Each iteration goes through all `examples`: it takes a step on one name."),
    slip("not-shuffled", "    np.random.shuffle(examples)\n", "",
         "The names come in the order of `data`: they are shuffled first."),
    slip("shuffle-not-seeded", "    np.random.seed(0)\n", "",
         "The `examples` are shuffled into another order: the seed 0 is set just before."),
    slip("iterations-from-one", "in progress(num_iterations):", "in range(1, num_iterations):",
         "The iterations begin with `j` at 1: the first name has no turn, and one step is missing."),
    slip("one-iteration-too-few", "in progress(num_iterations):", "in range(num_iterations - 1):",
         "One step is missing at the end: there are `num_iterations` of them."),
    slip("one-iteration-too-many", "in progress(num_iterations):", "in range(num_iterations + 1):",
         "One step too many: there are `num_iterations` of them."),
    slip("starts-with-newline", "[None] +", "[char_to_ix['\\n']] +",
         "`X` begins with a newline: before the first character the input is zeros, for which None stands."),
    slip("starts-with-zero", "[None] +", "[0] +",
         "`X` begins with number 0, a character: before the first one the input is zeros, for which None stands."),
    slip("no-first-input", READ, READ.replace("[None] + ", ""),
         "`X` begins with the first letter, so the network never learns how a name begins."),
    Mistake("no-end", ((READ, READ.replace("X = [None] + ", "Y = ")), (TARGET, "X = [None] + Y[:-1]")),
            "`Y` does not end in a newline: the network never learns where a name ends."),
    slip("ends-in-first-letter", '+ [char_to_ix["\\n"]]', "+ X[1:2]",
         "`Y` ends in the first letter again: what comes after a name is the newline."),
    slip("newline-is-zero", '+ [char_to_ix["\\n"]]', "+ [0]",
         "`Y` ends in 0 in every alphabet: the number of the newline is in `char_to_ix`."),
    slip("backwards", "for ch in name]", "for ch in name[::-1]]",
         "The names are read from their end: `X` holds the characters in the order in which they stand."),
    slip("no-letter-twice", "for ch in name]", "for ch in dict.fromkeys(name)]",
         "A letter that occurs twice is read once: `X` has all characters of the name."),
    slip("sorted-letters", "for ch in name]", "for ch in sorted(name)]",
         "The letters of a name are sorted: `X` holds them in the order in which they stand."),
    slip("reads-the-target", TAKE, TAKE.replace("X, Y", "Y, Y"),
         "The network reads the character that it is to predict: its input is `X`."),
    slip("trained-twice", TAKE, f"{TAKE}\n        {TAKE}",
         "Each name is trained on twice in an iteration: `optimize` is called once."),
    slip("moved-twice", TAKE, f"{TAKE}\n        update_parameters(parameters, gradients, 0.01)",
         "The `parameters` move twice as far as they should: the step is taken two times, or is twice too long."),
    slip("gradient-ascent", "learning_rate=0.01", "learning_rate=-0.01",
         "The steps go uphill, towards a larger loss: the sign of the `learning_rate` is wrong."),
    slip("faster-rate", "learning_rate=0.01", "learning_rate=0.1", "The steps are ten times too long: " + RATE),
    slip("slower-rate", "learning_rate=0.01", "learning_rate=0.001", "The steps are ten times too short: " + RATE),
    slip("rate-05", "learning_rate=0.01", "learning_rate=0.05", "The steps are five times too long: " + RATE),
    slip("rate-005", "learning_rate=0.01", "learning_rate=0.005", "The steps are half as long as asked: " + RATE),
]

mistakes = {"clip": CLIP, "sample": SAMPLE, "optimize": OPTIMIZE, "model": MODEL}
