"""Tokenizer: Rasa's JiebaTokenizer with the cache of its dictionary in a folder of ours."""

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.jieba_tokenizer import JiebaTokenizer

from install.jieba_cache import private_jieba_folder


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=True)
class PrivateJiebaTokenizer(JiebaTokenizer):
    """Same words, same options (``dictionary_path`` must be given)."""

    @staticmethod
    def _load_custom_dictionary(path: str) -> None:
        # Called when the component is made and when it is loaded, in both cases before jieba reads its dictionary.
        private_jieba_folder()
        JiebaTokenizer._load_custom_dictionary(path)
