"""What is particular to the hidden tests of the lab `emojify`; see test_labs_judging for the rest."""

import numpy as np

from autograder.audit.play import grade, judged, namespace
from course_utils.embeddings import words_of
from tests.autograder.referee.referee_play import edited, mistaken_source

LAB = "emojify"


def test_the_cases_have_what_their_names_say(referees):
    for referee in referees:
        for name in ("sentence_to_avg", "sentences_to_indices"):
            cases = {case.name: case.inputs for case in referee.cases[name]}
            loud = cases["capitals, punctuation and a contraction"]
            text = loud.get("sentence") or " ".join(loud["X"])
            assert "n't" in words_of(text)
            assert text != text.lower()
            assert words_of(text) != text.lower().split()
        too_long = cases["sentences longer than max_len"]
        assert max(len(words_of(sentence)) for sentence in too_long["X"]) > too_long["max_len"]


def test_core_cases_have_known_words_in_lower_case_and_fifty_numbers(referees):
    for referee in referees:
        for name in ("sentence_to_avg", "predict", "model", "sentences_to_indices"):
            for case in referee.cases[name]:
                known = case.inputs.get("word_to_vec_map", case.inputs.get("word_to_index"))
                sentences = case.inputs.get("X", [case.inputs.get("sentence")])
                plain = all(text and set(text.split()) <= known.keys() for text in sentences)
                sizes = {np.size(vector) for vector in known.values()} - {1}
                if case.group in ("core", "published"):
                    assert plain, case.name
                    assert sizes <= {50}, case.name
                else:
                    long = max(len(text.split()) for text in sentences) > case.inputs.get("max_len", 99)
                    assert not plain or sizes - {50} or long, case.name


def test_predictions_are_of_many_classes_and_the_bias_decides_some(referees):
    for referee in referees:
        for case in referee.cases["predict"]:
            if case.group == "core":
                (pred,) = case.outputs
                assert np.bincount(pred).max() <= 0.9 * len(pred)
        many = next(case for case in referee.cases["predict"] if case.name == "forty sentences")
        without = {**many.inputs, "b": 0 * many.inputs["b"]}
        assert (referee.lab.reference["predict"](**without) != many.outputs[0]).any()


def test_padding_and_dropout_are_met_by_the_network(referees):
    for referee in referees:
        cases = [case.inputs for case in referee.cases["Emojify_V2"] if case.group != "published"]
        assert {inputs.get("rate", 0) for inputs in cases} == {0, 0.25, 0.5}
        assert sum((inputs["X_indices"] == 0).any() for inputs in cases) >= 3


def test_a_network_without_dropout_keeps_what_predictions_earn(referee, right):
    source = edited(
        right["Emojify_V2"],
        ("dropout(a1, rate, rng)", "(a1, 1)"),
        ("dropout(a2[:, -1], rate, rng)", "(a2[:, -1], 1)"),
    )
    found = judged(referee, "Emojify_V2", source)
    failed = [case.name for case in found.cases if case.status == "failed"]
    assert all("training" in name or "published" in name for name in failed)
    assert 0 < found.points < 20


def test_a_wrong_average_is_lent_to_a_loop_that_calls_it_each_time(referee, lab, answers):
    wrong = mistaken_source(lab, "sentence_to_avg", "sum")
    answer = answers["model"]["averages in the loop, columns and reshapes"]
    verdicts = grade(referee, namespace(lab, {"sentence_to_avg": wrong, "model": answer}))
    assert verdicts["model"].points == 25


def test_stubs_before_do_not_keep_the_later_ones_from_their_points(referee, lab, stubs):
    first = {name: stubs[name] for name in ("sentence_to_avg", "predict")}
    verdicts = grade(referee, namespace(lab, first))
    assert [verdict.points for verdict in verdicts.values()] == [0, 0, 25, 15, 10, 20]


def test_what_the_network_keeps_is_graded_apart_from_what_it_predicts(referee, right):
    kept = "caches.extend([cache1, mask1, cache2, mask2, cache3])"
    for other, points in (
        ("caches.extend([cache1, mask2, cache2, mask1, cache3])", 18),
        ("caches.append((cache1, mask1, cache2, mask2, cache3))", 18),
        ("pass", 18),
        ("caches.extend([cache1, mask1, kept, mask2, cache3])", 16),  # a name that the solution lacks
    ):
        found = judged(referee, "Emojify_V2", edited(right["Emojify_V2"], (kept, other)))
        assert found.points == points, other
        failed = [case.name for case in found.cases if case.status == "failed"]
        assert failed == ["while training, with another rate, and what the way back needs is kept"]


def test_a_keras_like_object_is_no_answer_and_is_told_so(referee):
    source = """
class Model:
    def predict(self, x):
        return np.full((len(x), 5), 0.2)
def Emojify_V2(X_indices, emb_matrix, parameters, rate=0.0, seed=0, caches=None):
    return Model()
"""
    found = judged(referee, "Emojify_V2", source)
    assert found.points == 0
    assert found.message


def test_single_precision_is_no_answer_of_the_training(referee, right):
    source = edited(
        right["model"],
        (
            "W = np.random.randn(n_y, n_x) / np.sqrt(n_x)",
            "W = np.float32(np.random.randn(n_y, n_x) / np.sqrt(n_x))",
        ),
    )
    found = judged(referee, "model", source)
    assert found.points < 25
    assert np.isfinite(found.points)
