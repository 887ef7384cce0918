"""Lines of CSV that are written by column are those of the csv module."""

import csv
import io

from hypothesis import example, given
from hypothesis import strategies as st
from spreadsheets.csv_lines import CsvLines

TEXTS = st.text(alphabet="\",\n\r\t\\' aé", max_size=4)
TABLES = st.integers(1, 4).flatmap(lambda width: st.lists(st.lists(TEXTS, min_size=width, max_size=width), min_size=1))


@given(TABLES)
@example([[""]])
@example([["", ""], ['"', "a"]])
def test_lines_are_those_of_the_csv_module(rows: list[list[str]]) -> None:
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows(rows)
    lines = CsvLines()
    for _ in range(2):  # texts that were met before, too
        assert lines.write([*zip(*rows, strict=True)]) == file.getvalue()
