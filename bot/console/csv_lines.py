"""CSV lines: rows for spreadsheets, in which nothing that a customer said is taken for a formula."""

import csv
import io

BYTE_ORDER_MARK = "\ufeff"
"""First in the file, so that spreadsheets read Chinese."""

_FORMULA_SIGNS = tuple("=+-@＝＋－＠")
"""Also the wide ones: spreadsheets for Chinese take them for the others (OWASP, CSV Injection)."""
_CONTROLS = tuple("\t\r\n")


def csv_line(values: tuple[object, ...]) -> str:
    """One row with its line end."""
    line = io.StringIO()
    csv.writer(line).writerow([harmless(str(value)) for value in values])
    return line.getvalue()


def harmless(text: str) -> str:
    """What a spreadsheet would take for a formula gets a quote before it (CSV injection)."""
    return f"'{text}" if text[:1] in _CONTROLS or text.lstrip()[:1] in _FORMULA_SIGNS else text
