"""OptionParser: a wrong option is bad input like any other, with a code instead of argparse's own exit."""

import argparse
from typing import NoReturn


class OptionInvalid(Exception):
    """An option of a command is unknown, missing or has a value that it cannot have."""

    code = "option_invalid"


class OptionParser(argparse.ArgumentParser):
    """Raises OptionInvalid; the command then prints it as its JSON line."""

    def error(self, message: str) -> NoReturn:
        raise OptionInvalid(message)
