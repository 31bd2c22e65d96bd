"""jieba's cache lies in our own folder, whoever of us cuts words; nothing is left in the shared temporary one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]

CORRECTION = (
    "from voice.hearing.pinyin_correction import PinyinCorrection; "
    "PinyinCorrection(['还款']).correct('我要海款')"
)
PRONUNCIATION = "from voice.speech.pronunciation import pronounce; pronounce('提前还款')"
TOKENIZER = """
from rasa.shared.nlu.training_data.message import Message
from understanding.private_jieba import PrivateJiebaTokenizer as Tokenizer
config = Tokenizer.get_default_config() | {"dictionary_path": "data/jieba"}
tokens = Tokenizer.create(config, None, None, None).tokenize(Message({"text": "我要提前还款"}), "text")
assert "提前还款" in [token.text for token in tokens]
"""
RESTORER = """
from pathlib import Path
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from understanding.text_restorer import TextRestorer, heard_text
import os
storage = LocalModelStorage(Path(os.environ["SHOUDAI_VAR_DIR"]))
restorer = TextRestorer(TextRestorer.get_default_config(), storage, Resource("restorer"))
restorer.train(TrainingData([Message({"text": "我要提前还款", "intent": "ask_early_repayment"})]))
assert heard_text(restorer.process([Message({"text": "我要提钱海款"})])[0]) == "我要提前还款"
"""


@pytest.mark.parametrize(
    "code",
    [CORRECTION, PRONUNCIATION, TOKENIZER, RESTORER],
    ids=["correction", "pronunciation", "tokenizer", "restorer"],
)
def test_the_cache_is_written_into_our_folder_only(tmp_path: Path, code: str) -> None:
    shared, var = tmp_path / "shared", tmp_path / "var"
    shared.mkdir()
    environment = os.environ | {"TMPDIR": str(shared), "SHOUDAI_VAR_DIR": str(var), "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, check=True)
    assert list((var / "jieba").glob("*.cache"))
    assert not list(shared.glob("jieba*"))


def test_rasa_is_not_configured_with_a_tokenizer_that_shares_its_cache() -> None:
    pipeline = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))["pipeline"]
    assert not [part["name"] for part in pipeline if part["name"].endswith("JiebaTokenizer")]
