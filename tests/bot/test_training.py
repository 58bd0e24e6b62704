"""Training: the same data gives the same model, a change gives another, wrong data is named."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from bot import current_model
from bot.reading import language, linear
from bot.reading.concepts import Concepts
from bot.reading.intent import IntentModel
from bot.reading.language import LanguageReader
from bot.reading.linear import grams, vector
from bot.reading.spelling import fold
from bot.training import augment, machines
from bot.training.corpus import CorpusWrong, other_languages, sentences
from bot.training.fit import _matrix, fit, least_loss


def test_a_spelling_variant_is_the_same_word_to_the_reader() -> None:
    for text, lang in (
        ("мен үйге қайтқым келеді", "kk"),
        ("o'g'limni olib ketishdi", "uz"),
        ("ман ба хона рафтан мехоҳам", "tg"),
    ):
        assert any(fold(variant) == fold(text) for variant in augment.variants(text, lang))


def test_variants_depend_on_the_sentence_alone() -> None:
    first = augment.variants("мне негде ночевать", "ru")
    augment.variants("другое", "ru")
    assert augment.variants("мне негде ночевать", "ru") == first
    assert "мне негде ночевать" not in first
    assert any(variant.isascii() for variant in first)


def test_the_same_data_give_the_same_bytes(tmp_path: Path) -> None:
    groups = [[fold(s), fold(s) + "a"] for s in ("да", "ага", "так", "нет", "ни", "нельзя")]
    labels = ["yes"] * 3 + ["no"] * 3
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        linear.save(fit(groups, labels), tmp_path / name, "m")
    assert (tmp_path / "one" / "m.npz").read_bytes() == (tmp_path / "two" / "m.npz").read_bytes()


def test_two_processes_give_the_same_bytes_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    groups = [[fold(s)] for s in ("да", "ага", "нет", "ни", "стоп", "хватит", "кто", "какой")]
    labels = ["yes", "yes", "no", "no", "stop", "stop", "who", "who"]
    for balanced in (False, True):
        alone = fit(groups, labels, balanced=balanced)
        with monkeypatch.context() as patched:
            patched.setattr(machines, "FEWEST_ROWS", 0)
            together, again = fit(groups, labels, balanced=balanced), fit(groups, labels, balanced=balanced)
        assert np.array_equal(together.weights, again.weights)
        assert together.weights == pytest.approx(alone.weights, abs=0.02), "only the solver's tolerance apart"


def test_the_features_learned_are_the_features_read() -> None:
    concepts = Concepts.of({"debt": ["долг*", "qarz*"], "home": ["дом*", "uy*"]})
    groups = [["dolgi"], ["dolgov"], ["domoi"], ["domu"]]
    model = IntentModel(fit(groups, ["debt", "debt", "home", "home"], more=concepts.features), concepts)
    assert model.ranking("karz")[0][0] == "debt", "through the concept alone"


def test_the_rows_of_training_are_what_is_read() -> None:
    model = fit([["da da"], ["da net"], ["ne ne"], ["net"]], ["yes", "yes", "no", "no"], calibrated=False)
    counts = grams("da net")
    index, values = vector(counts, model.vocabulary, model.idf)
    row = _matrix([counts], model.vocabulary, model.idf).toarray()[0]  # type: ignore[attr-defined]
    assert row[index] == pytest.approx(values, abs=1e-6)
    assert np.count_nonzero(row) == len(index)


def test_two_classes_rank_as_well_as_many() -> None:
    model = fit([["da da"], ["da"], ["ne ne"], ["ne"]], ["yes", "yes", "no", "no"], calibrated=False)
    assert model.ranking("da")[0][0] == "yes"
    assert model.ranking("ne")[0][0] == "no"


def test_the_temperature_is_high_where_the_margins_are_right_and_low_where_they_are_not() -> None:
    margins = np.array([[1.0, -1.0], [-1.0, 1.0]] * 10, np.float32)
    right = np.array([0, 1] * 10)
    wrong = np.array([1, 0] * 10)
    assert least_loss(margins, right) > 4 > least_loss(margins, wrong)


def test_the_digest_follows_the_data(small_nlu: Path, tmp_path: Path) -> None:
    copy = tmp_path / "nlu"
    shutil.copytree(small_nlu, copy)
    before = current_model.digest(copy)
    assert before == current_model.digest(small_nlu)
    file = copy / "training" / "ru" / "affirm.yml"
    file.write_text(file.read_text().replace("да согласен", "согласен"))
    assert current_model.digest(copy) != before


def test_an_interrupted_training_is_no_model(small_model: Path, tmp_path: Path) -> None:
    assert current_model.is_trained(small_model)
    copy = tmp_path / "model"
    shutil.copytree(small_model, copy)
    (copy / current_model.DONE).unlink()
    assert not current_model.is_trained(copy)


@pytest.mark.parametrize(
    "content",
    ["nlu:\n- intent: a\n", "nlu:\n- examples: '- x'\n", "nlu:\n- intent: a\n  examples: |\n    x\n", "nlu: [", "nlu:\n- a\n"],
)
def test_wrong_training_data_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "training" / "ru").mkdir(parents=True)
    (tmp_path / "training" / "ru" / "affirm.yml").write_text(content)
    with pytest.raises(CorpusWrong, match=r"ru/affirm\.yml"):
        sentences(tmp_path)


def test_without_sentences_there_is_no_training(tmp_path: Path) -> None:
    with pytest.raises(CorpusWrong):
        sentences(tmp_path)
    assert other_languages(tmp_path) == []


def test_the_small_model_tells_two_languages_apart(small_model: Path) -> None:
    reader = LanguageReader(linear.load(small_model, language.NAME))
    assert reader.read("хозяин не отдает мне деньги").language == "ru"
    assert reader.read("xo'jayin pulimni bermayapti").language == "uz"
