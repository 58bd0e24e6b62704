"""The network: what is saved is what is loaded, byte for byte, or it is refused."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from bot.reading.model_file import ModelDamaged, load_arrays, load_text, save_text
from bot.reading.network import Network, cut, known_grams, load, save, softmax, vector, word_grams


def small() -> Network:
    return Network(
        classes=("no", "yes"),
        vocabulary={"d": 0, "da": 1, "n": 2, "ne": 3},
        idf=np.ones(4, np.float32),
        first=np.array([[0, 100], [0, 100], [100, 0], [100, 0]], np.int8),
        scale=np.full(4, 0.01, np.float32),
        first_bias=np.zeros(2, np.float32),
        second=np.eye(2, dtype=np.float32),
        bias=np.array([0.1, -0.1], np.float32),
        words=cut(["ne"], {"n": 2, "ne": 3}),
    )


def test_a_word_is_cut_into_all_that_stands_in_it() -> None:
    assert sorted(word_grams("da")) == sorted([" ", "d", "a", " ", " d", "da", "a ", " da", "da ", " da "])
    assert sorted(word_grams("a")) == sorted([" ", "a", " ", " a", "a ", " a "])


def test_what_is_found_in_a_word_is_what_it_is_cut_into() -> None:
    words = ["da", "dada", "a", "nedelya"]
    vocabulary = {gram: i for i, gram in enumerate(sorted({gram for word in words for gram in word_grams(word)}))}
    for word in (*words, "danedel", "xda"):
        cut_up = [vocabulary[gram] for gram in word_grams(word) if gram in vocabulary]
        assert sorted(known_grams(word, vocabulary)) == sorted(cut_up), word


def test_a_word_that_was_cut_beforehand_is_read_as_any_other() -> None:
    whole = small()
    cut_before = Network(**{**vars(whole), "words": cut(["da"], whole.vocabulary)})
    assert cut_before.ranking("da ne") == whole.ranking("da ne")


def test_the_likeliest_class_stands_first_and_all_add_up_to_one() -> None:
    ranking = small().ranking("da da")
    assert [name for name, _ in ranking] == ["yes", "no"]
    assert sum(p for _, p in ranking) == pytest.approx(1.0, abs=1e-6)


def test_a_unit_that_is_not_stirred_says_nothing() -> None:
    [(first, share), _] = small().ranking("da")
    unstirred = Network(**{**vars(small()), "first_bias": np.array([0, -9], np.float32)})
    assert (first, share > 0.7) == ("yes", True)
    assert dict(unstirred.ranking("da"))["yes"] == pytest.approx(1 / (1 + np.exp(0.2)), abs=1e-6), "the biases alone"


def test_the_values_of_a_text_have_length_one() -> None:
    index, values = vector(small().features("da ne da"), small().idf)
    assert index.tolist() == [0, 1, 2, 3]
    assert np.square(values).sum() == pytest.approx(1.0, abs=1e-6)
    assert values[0] == pytest.approx(values[2] * (1 + np.log(2))), "what stands twice weighs more, but not twice as much"
    assert vector(small().features("xyz"), small().idf)[1].tolist() == []


def test_a_text_without_known_ngrams_is_not_known() -> None:
    model = Network(**{**vars(small()), "vocabulary": {" da": 0, "da ": 1, "d": 2, "a": 3}})
    assert model.knows("da")
    assert not model.knows("ad")
    assert not model.knows("")


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    save(small(), tmp_path, "m")
    again = load(tmp_path, "m")
    assert (again.vocabulary, again.words.keys()) == (small().vocabulary, small().words.keys())
    assert again.ranking("da ne da") == small().ranking("da ne da")


def test_the_same_model_is_the_same_bytes(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        save(small(), tmp_path / folder, "m")
    assert (tmp_path / "one" / "m.npz").read_bytes() == (tmp_path / "two" / "m.npz").read_bytes()


def test_two_models_share_a_manifest(tmp_path: Path) -> None:
    save(small(), tmp_path, "one")
    save(small(), tmp_path, "two")
    assert load(tmp_path, "one").classes == load(tmp_path, "two").classes


def test_a_changed_file_is_refused(tmp_path: Path) -> None:
    save(small(), tmp_path, "m")
    content = bytearray((tmp_path / "m.npz").read_bytes())
    content[len(content) // 2] ^= 1
    (tmp_path / "m.npz").write_bytes(content)
    with pytest.raises(ModelDamaged, match="not the file"):
        load(tmp_path, "m")


def test_a_pickle_is_refused_though_the_manifest_names_it(tmp_path: Path) -> None:
    np.savez(tmp_path / "m.npz", classes=np.array([{"a": 1}], dtype=object))
    digest = hashlib.sha256((tmp_path / "m.npz").read_bytes()).hexdigest()
    (tmp_path / "manifest.json").write_text(json.dumps({"m.npz": digest}))
    with pytest.raises(ModelDamaged):
        load(tmp_path, "m")


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ModelDamaged, match=r"m\.npz"):
        load(tmp_path, "m")


def test_softmax_of_large_scores_stays_finite() -> None:
    assert softmax(np.array([1000.0, 0.0], np.float32)).tolist() == [1.0, 0.0]
    rows = softmax(np.array([[1000.0, 0.0], [0.0, 0.0]], np.float32))
    assert rows.tolist() == [[1.0, 0.0], [0.5, 0.5]]


def test_a_text_of_the_model_is_refused_when_changed(tmp_path: Path) -> None:
    save_text("{}", tmp_path, "words.json")
    assert load_text(tmp_path, "words.json") == "{}"
    (tmp_path / "words.json").write_text("{ }")
    with pytest.raises(ModelDamaged, match=r"words\.json"):
        load_text(tmp_path, "words.json")


def test_a_model_with_an_array_too_few_is_refused(tmp_path: Path) -> None:
    save(small(), tmp_path, "m")
    arrays = load_arrays(tmp_path, "m")
    del arrays["scale"]
    np.savez(tmp_path / "m.npz", **arrays)
    digest = hashlib.sha256((tmp_path / "m.npz").read_bytes()).hexdigest()
    (tmp_path / "manifest.json").write_text(json.dumps({"m.npz": digest}))
    with pytest.raises(ModelDamaged):
        load(tmp_path, "m")
