"""The known mistakes of the lab `torch_rnn`; those of exercises 2 to 4 are in mistakes_cells.py, those of models beside.

``edits`` are edits of reference.py, or of the text where that has the reference; ``written`` is the same mistake in
PyTorch.
"""

import runpy
from pathlib import Path

from autograder import Mistake

Y_SHAPE = "Y_shape = (batch_size, num_steps, width) if batch_first else (num_steps, batch_size, width)"
H_SHAPE = "h_shape = (num_layers * directions, batch_size, hidden_size)"

output_shapes = [
    Mistake(
        "batch-first-ignored",
        ((Y_SHAPE, "Y_shape = (num_steps, batch_size, width)"),),
        "`Y_shape` has time first also where `batch_first` is True.",
    ),
    Mistake(
        "always-batch-first",
        ((Y_SHAPE, "Y_shape = (batch_size, num_steps, width)"),),
        "`Y_shape` has the batch first also where `batch_first` is False, as it is by default.",
    ),
    Mistake(
        "batch-first-turned-round",
        (("if batch_first else", "if not batch_first else"),),
        "`batch_first` is understood the wrong way round in `Y_shape`.",
    ),
    Mistake(
        "printed-in-the-document",
        ((Y_SHAPE, "Y_shape = (1 if batch_first else num_steps, num_steps if batch_first else batch_size, width)"),),
        "`Y_shape` begins with 1 where `batch_first` is True, as document 000 prints: each sequence of the batch "
        "has its own outputs.",
    ),
    Mistake(
        "one-direction-in-the-output",
        (("width = directions * hidden_size", "width = hidden_size"),),
        "`Y_shape` has room for one direction: of a bidirectional layer the states of both stand side by side.",
    ),
    Mistake(
        "all-layers-in-the-output",
        (("width = directions * hidden_size", "width = num_layers * directions * hidden_size"),),
        "`Y_shape` has room for every layer: the output is that of the topmost one alone.",
    ),
    Mistake(
        "directions-missing-in-the-state",
        ((H_SHAPE, "h_shape = (num_layers, batch_size, hidden_size)"),),
        "`state_shape` counts the layers alone: each direction has a state of its own.",
    ),
    Mistake(
        "layers-missing-in-the-state",
        ((H_SHAPE, "h_shape = (directions, batch_size, hidden_size)"),),
        "`state_shape` counts the directions alone: each layer has a state of its own.",
    ),
    Mistake(
        "wide-state",
        ((H_SHAPE, "h_shape = (num_layers, batch_size, width)"),),
        "`state_shape` has both directions side by side, as `Y` has: in the state they are entries of the first axis.",
    ),
    Mistake(
        "state-batch-first",
        (
            (
                H_SHAPE,
                "h_shape = (num_layers * directions, batch_size, hidden_size)\n"
                "    h_shape = (h_shape[1], h_shape[0], h_shape[2]) if batch_first else h_shape",
            ),
        ),
        "`state_shape` has the batch first where `batch_first` is True: that option is about input and output alone.",
    ),
    Mistake(
        "a-state-for-each-step",
        ((H_SHAPE, "h_shape = (num_steps, batch_size, hidden_size)"),),
        "`state_shape` has an entry for each step: the state is that after the last step, of each layer.",
    ),
    Mistake(
        "memory-forgotten",
        (('state_shape = (h_shape, h_shape) if kind == "LSTM" else h_shape', "state_shape = h_shape"),),
        "`state_shape` of an LSTM is a tuple of two shapes: beside the hidden state there is a memory.",
    ),
]

build_vocabulary = [
    Mistake(
        "numbered-from-zero",
        (("= len(vocabulary)\n", "= len(vocabulary) - 2\n"),),
        "Words are numbered from 0, which is padding: 0 and 1 are taken.",
    ),
    Mistake(
        "numbered-from-one",
        (("= len(vocabulary)\n", "= len(vocabulary) - 1\n"),),
        "Words are numbered from 1, which stands for unknown words: 0 and 1 are taken.",
    ),
    Mistake(
        "more-than-the-minimum",
        (("count >= min_count", "count > min_count"),),
        "Words that occur just `min_count` times get no number; they should.",
    ),
    Mistake(
        "minimum-ignored",
        (("count >= min_count", "count >= 1"),),
        "`min_count` is not used: rarer words get no number.",
    ),
    Mistake(
        "in-order-of-appearance",
        (("counts.most_common()", "counts.items()"),),
        "Words are numbered as they come: the most frequent one comes first.",
    ),
    Mistake(
        "in-alphabetical-order",
        (("counts.most_common()", "sorted(counts.items())"),),
        "Words are numbered in alphabetical order: the most frequent one comes first.",
    ),
    Mistake(
        "rarest-first",
        (("counts.most_common()", "sorted(counts.items(), key=lambda item: item[1])"),),
        "The rarest words have the smallest numbers: the most frequent one comes first.",
    ),
    Mistake(
        "ties-in-alphabetical-order",
        (("counts.most_common()", "sorted(counts.items(), key=lambda item: (-item[1], item[0]))"),),
        "Equally frequent words are in alphabetical order: that which comes first in the headlines is first.",
    ),
    Mistake(
        "gaps",
        (
            ("for word, count in counts.most_common():", "for number, (word, count) in enumerate(counts.items(), 2):"),
            ("vocabulary[word] = len(vocabulary)", "vocabulary[word] = number"),
        ),
        "Words are numbered as they come, and rare ones use up numbers: the most frequent one comes first, and only a word "
        "that is taken gets the next number.",
    ),
    Mistake(
        "split-at-blanks",
        (("words_of(headline)", "headline.split()"),),
        "Words are cut at blanks alone, so that capitals and punctuation make other words: `words_of` takes care of both.",
    ),
    Mistake(
        "once-a-headline",
        (("in words_of(headline)", "in dict.fromkeys(words_of(headline))"),),
        "A word that occurs twice in a headline is counted once.",
    ),
]

PADDED = 'numbers = (numbers + length * [vocabulary["<pad>"]])[:length]'

encode = [
    Mistake(
        "padded-at-the-beginning",
        ((PADDED, 'numbers = length * [vocabulary["<pad>"]] + numbers[:length]\n    numbers = numbers[-length:]'),),
        "The padding stands before the words: it belongs behind them.",
    ),
    Mistake(
        "cut-at-the-beginning",
        ((PADDED, 'numbers = numbers[-length:] + (length - len(numbers)) * [vocabulary["<pad>"]]'),),
        "Of a long headline the last words are kept: it is cut at the end, and the first ones stay.",
    ),
    Mistake(
        "both-at-the-beginning",
        ((PADDED, 'numbers = (length * [vocabulary["<pad>"]] + numbers)[-length:]'),),
        "Padding and cutting are done at the beginning; both belong at the end.",
    ),
    Mistake(
        "not-cut",
        ((PADDED, 'numbers = numbers + (length - len(numbers)) * [vocabulary["<pad>"]]'),),
        "A headline that is too long is not cut: there should be `length` numbers.",
    ),
    Mistake(
        "not-padded",
        ((PADDED, "numbers = numbers[:length]"),),
        "A headline that is too short is not padded: there should be `length` numbers.",
    ),
    Mistake(
        "padded-with-unknown",
        ((PADDED, 'numbers = (numbers + length * [vocabulary["<unk>"]])[:length]'),),
        "The padding is the number of unknown words; padding has a number of its own.",
    ),
    Mistake(
        "unknown-dropped",
        (
            ('vocabulary.get(word, vocabulary["<unk>"])', "vocabulary[word]"),
            ("in words_of(headline)]", "in words_of(headline) if word in vocabulary]"),
        ),
        "Unknown words are left out: each has the number of `<unk>`, so that the others stay in their places.",
    ),
    Mistake(
        "unknown-as-padding",
        (('vocabulary.get(word, vocabulary["<unk>"])', 'vocabulary.get(word, vocabulary["<pad>"])'),),
        "Unknown words have the number of padding: they have one of their own.",
    ),
    Mistake(
        "split-at-blanks",
        (("words_of(headline)", "headline.split()"),),
        "Words are cut at blanks alone, so that capitals and punctuation make them unknown: `words_of` takes care of both.",
    ),
    Mistake(
        "always-32",
        ((PADDED, 'numbers = (numbers + 32 * [vocabulary["<pad>"]])[:32]'),),
        "There are always 32 numbers: `length` says how many.",
    ),
    Mistake(
        "in-reverse",
        (("for word in words_of(headline)]", "for word in words_of(headline)[::-1]]"),),
        "The words are in reverse order.",
    ),
]

cells, models = (
    runpy.run_path(str(Path(__file__).with_name(name)))["mistakes"] for name in ("mistakes_cells.py", "mistakes_models.py")
)
mistakes = {"output_shapes": output_shapes, **cells, "build_vocabulary": build_vocabulary, "encode": encode, **models}
