"""The examples' embeddings are kept between trainings, and a spoilt file does no harm."""

from pathlib import Path

import numpy as np
import pytest
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from understanding import sentence_embedding
from understanding.embedding_cache import Vectors, read_embeddings, write_embeddings
from understanding.sentence_embedding import SentenceEmbeddingFeaturizer


class CountingEncoder:
    """Embeds a text as its length, and notes what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: list[str]) -> Vectors:
        self.asked += texts
        return np.array([[len(text), 1.0] for text in texts], dtype=np.float32)


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> CountingEncoder:
    monkeypatch.setenv("SHOUDAI_VAR_DIR", str(tmp_path))
    encoder = CountingEncoder()
    monkeypatch.setattr(sentence_embedding, "encoder", lambda: encoder)
    return encoder


def trained(*texts: str) -> list[list[float]]:
    examples = [Message(data={TEXT: text, "intent": "greet"}) for text in texts]
    config = SentenceEmbeddingFeaturizer.get_default_config()
    SentenceEmbeddingFeaturizer("meaning", config).process_training_data(TrainingData(examples))
    found = [example.get_dense_features(TEXT)[1] for example in examples]
    return [features.features[0].tolist() for features in found if features is not None]


def test_a_second_training_embeds_new_examples_only(counting: CountingEncoder) -> None:
    assert trained("还款", "几号还") == [[2.0, 1.0], [3.0, 1.0]]
    assert trained("还款", "我要提前还") == [[2.0, 1.0], [5.0, 1.0]]
    assert counting.asked == ["还款", "几号还", "我要提前还"]
    assert set(read_embeddings()) == {"还款", "我要提前还"}


def test_a_file_that_cannot_be_read_is_as_good_as_none(counting: CountingEncoder, tmp_path: Path) -> None:
    (tmp_path / "embeddings.npz").write_bytes(b"PK\x03\x04 cut off")
    assert trained("还款") == [[2.0, 1.0]]


def test_vectors_of_another_version_are_not_used(
    counting: CountingEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_embeddings({"还款": np.ones(2, dtype=np.float32)})
    monkeypatch.setattr("understanding.embedding_cache.version", lambda name: "0")
    assert read_embeddings() == {}
