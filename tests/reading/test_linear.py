"""The linear model: what is saved is what is loaded, byte for byte, or it is refused."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from bot.reading.linear import LinearModel, ModelDamaged, grams, load, save, softmax


def small() -> LinearModel:
    return LinearModel(
        classes=("no", "yes"),
        vocabulary={" d": 0, "da": 1, " n": 2, "ne": 3},
        idf=np.ones(4, np.float32),
        weights=np.array([[-1, 1], [-1, 1], [1, -1], [1, -1]], np.float32),
        bias=np.array([0.1, -0.1], np.float32),
        temperature=2.0,
    )


def test_grams_are_counted_inside_words() -> None:
    assert grams("da", 2) == {" ": 2, "d": 1, "a": 1, " d": 1, "da": 1, "a ": 1}
    assert grams("a") == {" ": 2, "a": 1, " a": 1, "a ": 1, " a ": 1}
    assert grams("") == {}


def test_the_likeliest_class_stands_first_and_all_add_up_to_one() -> None:
    ranking = small().ranking("da da")
    assert [name for name, _ in ranking] == ["yes", "no"]
    assert sum(p for _, p in ranking) == pytest.approx(1.0, abs=1e-6)


def test_a_higher_temperature_is_surer() -> None:
    model = small()
    surer = LinearModel(**{**vars(model), "temperature": 6.0})
    assert surer.ranking("da")[0][1] > model.ranking("da")[0][1]


def test_a_text_without_known_ngrams_is_not_known() -> None:
    model = LinearModel(**{**vars(small()), "vocabulary": {" da": 0, "da ": 1, "d": 2, "a": 3}})
    assert model.knows("da")
    assert not model.knows("ad")
    assert not model.knows("")


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    save(small(), tmp_path, "m")
    again = load(tmp_path, "m")
    assert again.vocabulary == small().vocabulary
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
    import hashlib

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
