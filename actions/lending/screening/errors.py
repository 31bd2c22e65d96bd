"""What can be wrong with a table that is to be screened."""

from actions.lending.errors import LendingError


class TableMissing(LendingError):
    """There is no such file."""

    code = "table_missing"


class TableUnreadable(LendingError):
    """The file is no Parquet file, or a broken one."""

    code = "table_unreadable"


class ColumnsUnfit(LendingError):
    """A column has another type than its input, is one that screening does not know, or none is an input."""

    code = "columns_unfit"


class NothingInForce(LendingError):
    """No product is in force on that day."""

    code = "nothing_in_force"


class ResultUnwritable(LendingError):
    """The result cannot be written; what was there before stays."""

    code = "result_unwritable"
