"""Training: the same data gives the same model, a change gives another, wrong data is named."""

from __future__ import annotations

import copy
import shutil
import sys
import tarfile
from pathlib import Path

import numpy as np
import pytest
from rasa.shared.nlu.training_data.message import Message

from bot import current_model, quick_messages, serve
from bot.reader import Reader
from bot.reading import language, network
from bot.reading.concepts import Concepts
from bot.reading.intent import IntentModel
from bot.reading.language import LanguageReader
from bot.reading.model_file import ModelDamaged
from bot.reading.network import Network, cut, vector
from bot.reading.spelling import fold
from bot.train import train
from bot.training import augment
from bot.training import fit as fitting
from bot.training.calibrate import held_back, least_loss
from bot.training.corpus import CorpusWrong, other_languages, sentences
from bot.training.fit import Size, fit
from bot.training.rows import rows

SMALL = Size(networks=2, units=8, passes=4)


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
        network.save(fit(groups, labels, SMALL), tmp_path / name, "m")
    assert (tmp_path / "one" / "m.npz").read_bytes() == (tmp_path / "two" / "m.npz").read_bytes()


def test_the_same_sentences_trained_twice_give_the_same_model(small_model: Path, small_nlu: Path, tmp_path: Path) -> None:
    again = train(small_nlu, tmp_path / "again")
    assert (again / "language.npz").read_bytes() == (small_model / "language.npz").read_bytes()
    first, second = learned(small_model), learned(again)
    assert {Path(name).name for name in first} >= {"intent.npz", "concepts.json", "language_names.json"}
    assert first == second


def learned(model: Path) -> dict[str, bytes]:
    """What our components hold. Rasa writes its rules in another order each time, and the hour."""
    with tarfile.open(model / current_model.RASA_MODEL) as archive:
        files = [member for member in archive.getmembers() if member.isfile() and "/train_bot." in member.name]
        return {member.name: opened.read() for member in files if (opened := archive.extractfile(member)) is not None}


def test_two_processes_give_the_same_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    groups = [[fold(s)] * 3 for s in ("да", "ага", "нет", "ни", "стоп", "хватит", "кто", "какой")]
    labels = ["yes", "yes", "no", "no", "stop", "stop", "who", "who"]
    alone = fit(groups, labels, SMALL)
    monkeypatch.setattr(fitting, "FEWEST_FOR_PROCESSES", 0)
    together = fit(groups, labels, SMALL)
    assert np.array_equal(together.first, alone.first)
    assert np.array_equal(together.second, alone.second)
    assert together.first.shape[1] == 2 * SMALL.units


def test_the_features_learned_are_the_features_read() -> None:
    concepts = Concepts.of({"debt": ["долг*", "qarz*"], "home": ["дом*", "uy*"]})
    groups = [["dolgi", "dolgi"], ["dolgov", "dolgov"], ["domoi", "domoi"], ["domu", "domu"]]
    model = IntentModel(fit(groups, ["debt", "debt", "home", "home"], SMALL, more=concepts.features), concepts)
    assert model.ranking("karz")[0][0] == "debt", "through the concept alone"


def test_the_rows_of_training_are_what_is_read() -> None:
    found = rows(["da da", "da net", "ne ne da", "net da"], lambda text: ["«da"] if "da" in text else [], fewest=2)
    model = Network((), found.vocabulary, found.idf, *[np.zeros(0)] * 5, words=cut(["da"], found.vocabulary))
    index, values = vector(model.features("da net", ["«da", "«no"]), found.idf)
    row = found.values.toarray()[1]
    assert row[index] == pytest.approx(values, abs=1e-6)
    assert np.count_nonzero(row) == len(index) > 5
    assert list(found.vocabulary) == sorted(found.vocabulary)
    assert "ne ne" not in found.vocabulary
    assert " da " in found.vocabulary


def ranked(model: Network, text: str) -> str:
    return model.ranking(text)[0][0]


def test_a_sentence_that_counts_for_more_wins_where_nothing_else_tells() -> None:
    groups, labels = [["da", "da", "da"], ["da", "da", "da"]], ["yes", "no"]
    assert ranked(fit(groups, labels, SMALL, weights=[5.0, 1.0]), "da") == "yes"
    assert ranked(fit(groups, labels, SMALL, weights=[1.0, 5.0]), "da") == "no"


def test_one_sentence_in_ten_of_each_class_is_kept_back_and_another_each_time() -> None:
    truth = np.array([0] * 20 + [1] * 10)
    first, second = held_back(truth, 0), held_back(truth, 1)
    assert [int(truth[first].tolist().count(c)) for c in (0, 1)] == [2, 1]
    assert not (first & second).any()
    assert not held_back(np.array([0, 0, 1]), 0).any(), "too few to keep any back"


def test_the_temperature_is_high_where_the_margins_are_right_and_low_where_they_are_not() -> None:
    margins = np.array([[1.0, -1.0], [-1.0, 1.0]] * 10, np.float32)
    right = np.array([0, 1] * 10)
    wrong = np.array([1, 0] * 10)
    assert least_loss(margins, right) > 4 > 0.5 > least_loss(margins, wrong)


def test_the_digest_follows_the_data(small_nlu: Path, tmp_path: Path) -> None:
    copied = tmp_path / "nlu"
    shutil.copytree(small_nlu, copied)
    before = current_model.digest(copied)
    assert before == current_model.digest(small_nlu)
    file = copied / "training" / "ru" / "affirm.yml"
    file.write_text(file.read_text().replace("да согласен", "согласен"))
    assert current_model.digest(copied) != before


def test_messages_are_compared_by_all_that_they_hold_and_a_copy_is_another(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("__eq__", "__hash__", "__deepcopy__"):
        monkeypatch.setattr(Message, name, getattr(Message, name, None), raising=False)
    quick_messages.install()
    one, same, other = Message.build("да", "affirm"), Message.build("да", "affirm"), Message.build("да", "greet")
    assert list(dict.fromkeys([one, other, same])) == [one, other]
    copied = copy.deepcopy(one)
    assert copied == one
    copied.set("language", "ru")
    assert copied != one


def test_an_interrupted_training_is_no_model(small_model: Path, tmp_path: Path) -> None:
    assert current_model.is_trained(small_model)
    copied = tmp_path / "model"
    shutil.copytree(small_model, copied)
    (copied / current_model.DONE).unlink()
    assert not current_model.is_trained(copied)


def test_a_model_with_one_byte_changed_is_neither_measured_nor_served(
    small_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied = tmp_path / "model"
    shutil.copytree(small_model, copied)
    archive = copied / current_model.RASA_MODEL
    content = bytearray(archive.read_bytes())
    content[len(content) // 2] ^= 1
    archive.write_bytes(content)
    with pytest.raises(ModelDamaged, match=current_model.RASA_MODEL):
        Reader(copied, current_model.ROOT / "nlu")
    monkeypatch.setattr(sys, "argv", ["serve", "--model", str(copied)])
    with pytest.raises(SystemExit, match="not as it was trained"):
        serve.main()


@pytest.mark.parametrize(
    "content",
    ["nlu:\n- intent: a\n", "nlu:\n- examples: '- x'\n", "nlu:\n- intent: a\n  examples: |\n    x\n", "nlu: [", "nlu:\n- a\n"],
)
def test_wrong_training_data_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "training" / "ru").mkdir(parents=True)
    (tmp_path / "training" / "ru" / "affirm.yml").write_text(content)
    with pytest.raises(CorpusWrong, match=r"ru/affirm\.yml"):
        sentences(tmp_path)


def test_a_stray_sentence_has_its_own_language_or_none(tmp_path: Path) -> None:
    (tmp_path / "training" / "uz").mkdir(parents=True)
    examples = "\n".join(f"    - {text}" for text in ("ne xochu", "ne ok", "yoq"))
    (tmp_path / "training" / "uz" / "deny.yml").write_text(f"nlu:\n- intent: deny\n  examples: |\n{examples}\n")
    rows = ('{"text": "ne xochu", "lang": "ru"}', '{"text": "ne ok", "lang": null}')
    (tmp_path / "training" / "strays.jsonl").write_text("\n".join(rows))
    assert [(s.text, s.language) for s in sentences(tmp_path)] == [("ne xochu", "ru"), ("ne ok", None), ("yoq", "uz")]


def test_without_sentences_there_is_no_training(tmp_path: Path) -> None:
    with pytest.raises(CorpusWrong):
        sentences(tmp_path)
    assert other_languages(tmp_path) == []


def test_the_small_model_tells_two_languages_apart(small_model: Path) -> None:
    reader = LanguageReader(network.load(small_model, language.NAME))
    assert reader.read("хозяин не отдает мне деньги").language == "ru"
    assert reader.read("xo'jayin pulimni bermayapti").language == "uz"
