"""Known mistakes of the lab `emojify`: averages, and predictions made of them."""

from autograder import Mistake

mistakes = {
    "sentence_to_avg": [
        Mistake(
            "sum",
            ((" / len(known)", ""),),
            "`avg` is the sum of the vectors: long sentences get long vectors, so divide by the number of words.",
        ),
        Mistake(
            "unknown-words-counted",
            ((" / len(known)", " / len(words_of(sentence))"),),
            "`avg` is too short: words without a vector count in the division, but not in the sum.",
        ),
        Mistake(
            "split-at-spaces",
            (("words_of(sentence)", "sentence.lower().split()"),),
            "A word with a comma or a full stop is not found: `words_of` takes punctuation off, and splits contractions.",
        ),
        Mistake(
            "capitals-kept",
            (("words_of(sentence)", "sentence.split()"),),
            "Words with capitals or punctuation are not found: let `words_of` take the `sentence` apart.",
        ),
        Mistake(
            "each-word-once",
            (("in words_of(sentence)", "in dict.fromkeys(words_of(sentence))"),),
            "A word that comes twice in the `sentence` is counted once: every occurrence is a term of the mean.",
        ),
        Mistake(
            "last-word-only",
            (("avg = avg + word_to_vec_map", "avg = word_to_vec_map"),),
            "Only the last word is left in `avg`: each word should be added to what is there.",
        ),
        Mistake(
            "first-word-missing",
            (("for word in known:", "for word in known[1:]:"),),
            "The first word is missing from `avg`.",
        ),
        Mistake(
            "halved-each-time",
            (
                ("avg = avg + word_to_vec_map[word] / len(known)", "avg = (avg + word_to_vec_map[word]) / 2"),
            ),
            "Later words weigh more in `avg` than earlier ones: divide by the number of words, not by 2 each time.",
        ),
        Mistake(
            "divided-in-the-loop",
            (("avg = avg + word_to_vec_map[word] / len(known)", "avg = (avg + word_to_vec_map[word]) / len(known)"),),
            "What is in `avg` already is divided again with every word: divide each vector once, or the sum after the loop.",
        ),
        Mistake(
            "vector-changed",
            (
                ("for word in known:", "for j, word in enumerate(known):"),
                (
                    "avg = avg + word_to_vec_map[word] / len(known)",
                    "avg = avg if j else word_to_vec_map[word]\n        avg += word_to_vec_map[word] if j else 0\n    avg /= len(known) or 1",
                ),
            ),
            "A vector in `word_to_vec_map` is changed: `avg` began as that very array, and += writes into it.",
        ),
        Mistake(
            "ends-stripped",
            (("words_of(sentence)", "[word.strip('.,!?') for word in sentence.lower().split()]"),),
            "Contractions are not found: `words_of` splits them, which no stripping of the `sentence` does.",
        ),
        Mistake(
            "divided-by-size",
            ((" / len(known)", " / n_x"),),
            "The sum is divided by `n_x`, the size of a vector: it is the number of words that counts.",
        ),
        Mistake(
            "last-word-missing",
            (("for word in known:", "for word in known[:-1]:"),),
            "The last word is missing from `avg`.",
        ),
        Mistake(
            "one-word-too-many",
            (("/ len(known)", "/ (len(known) + 1)"),),
            "`avg` is too short: the divisor is one more than the number of words that count.",
        ),
        Mistake(
            "divided-by-letters",
            (("/ len(known)", "/ len(sentence)"),),
            "The sum is divided by the number of letters: `len` of the `sentence` counts these, not its words.",
        ),
        Mistake(
            "divided-by-the-vocabulary",
            (("/ len(known)", "/ len(word_to_vec_map)"),),
            "The sum is divided by the size of the vocabulary: how many words of the `sentence` have a vector is what counts.",
        ),
        Mistake(
            "stops-at-an-unknown-word",
            (
                (
                    "known = [word for word in words_of(sentence) if word in word_to_vec_map]",
                    "known = []\n"
                    "    for word in words_of(sentence):\n"
                    "        if word not in word_to_vec_map:\n"
                    "            break\n"
                    "        known.append(word)",
                ),
            ),
            "The `sentence` ends at its first word without a vector: the known words after it count too.",
        ),
        Mistake(
            "subtracted",
            (("avg + word_to_vec_map", "avg - word_to_vec_map"),),
            "The vectors are subtracted from `avg`, so that its sign is turned round.",
        ),
        Mistake(
            "multiplied",
            (("/ len(known)", "* len(known)"),),
            "Each vector is multiplied by the number of words before it goes into `avg`: a mean is divided by it.",
        ),
    ],
    "predict": [
        Mistake(
            "no-bias",
            ((" + b", ""),),
            "The bias `b` is missing from the scores: some classes are likelier from the start.",
        ),
        Mistake(
            "bias-subtracted",
            ((" + b", " - b"),),
            "The bias `b` is subtracted from the scores.",
        ),
        Mistake(
            "smallest-score",
            (("np.argmax(z)", "np.argmin(z)"),),
            "The class of the smallest score is chosen: the largest entry of `z` belongs to the likeliest class.",
        ),
        Mistake(
            "size-of-score",
            (("np.argmax(z)", "np.argmax(np.abs(z))"),),
            "Signs are lost: a very negative entry of `z` makes its class unlikely.",
        ),
        Mistake(
            "value-of-the-score",
            (("np.argmax(z)", "np.max(z)"),),
            "The largest score itself is taken for a class: its place in `z` is asked for.",
        ),
        Mistake(
            "counted-from-one",
            (("np.argmax(z)", "np.argmax(z) + 1"),),
            "The classes in `pred` are one too large: they count from 0.",
        ),
        Mistake(
            "sentence-before",
            (("sentence_to_avg(sentence, word_to_vec_map)", "sentence_to_avg(X[i - 1], word_to_vec_map)"),),
            "Each prediction is that of the sentence before: average the one that the loop is at, `sentence`.",
        ),
        Mistake(
            "sum-for-the-average",
            (("np.dot(W, avg) + b", "np.dot(W, avg) * len(words_of(sentence)) + b"),),
            "The scores `z` are those of a sum of vectors: for the mean, the sum is divided by the number of words.",
        ),
        Mistake(
            "bias-multiplied",
            ((" + b", " * b"),),
            "The scores are multiplied by the bias `b`: it is a term of its own.",
        ),
        Mistake(
            "last-sentence-left-out",
            (("enumerate(X)", "enumerate(X[:-1])"),),
            "The last entry of `pred` stays 0: the loop ends before the last sentence.",
        ),
        Mistake(
            "first-sentence-left-out",
            (("enumerate(X)", "list(enumerate(X))[1:]"),),
            "The first entry of `pred` stays 0: the loop begins after the first sentence.",
        ),
    ],
}
