"""jieba's cache: a folder of ours, not the shared temporary one, where anybody could put a file for us to load."""

import jieba

from install.paths import var_dir


def private_jieba_folder() -> str:
    """Point jieba's process-wide tokenizer at ``var``/jieba; return that folder for tokenizers of one's own.

    To be called before the first word is cut: jieba reads and writes its cache then.
    """
    folder = var_dir() / "jieba"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    jieba.dt.tmp_dir = str(folder)
    return str(folder)
