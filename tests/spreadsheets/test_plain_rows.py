"""A large sheet of plain cells gives what openpyxl gives, whatever else it holds: openpyxl reads on from there."""

import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl.styles.numbers import BUILTIN_FORMATS
from spreadsheets import plain_sheet, xlsx
from spreadsheets.sheets import Watch, by_column
from spreadsheets.shown import PLAIN
from spreadsheets.xlsx import XlsxSheet
from spreadsheets.xlsx_library import LibrarySheet

# What follows a cell's reference in the XML of spreadsheet programs; style 1 is a date, style 2 a frame.
CELLS = {
    "text": ' t="s"><v>1</v></c>',
    "text in a frame": ' s="2" t="s"><v>2</v></c>',
    "text, type first": ' t="s" s="2"><v>2</v></c>',
    "number": "><v>17</v></c>",
    "number in a frame": ' s="2"><v>40</v></c>',
    "long number": "><v>12345678901234567890</v></c>",
    "fraction": "><v>3.7</v></c>",
    "date": ' s="1"><v>45000</v></c>',
    "truth": ' t="b"><v>1</v></c>',
    "error": ' t="e"><v>#REF!</v></c>',
    "formula": "><f>1+1</f><v>2</v></c>",
    "text of a formula": ' t="str"><v>word</v></c>',
    "inline text": ' t="inlineStr"><is><t>inline &amp; plain</t></is></c>',
    "blanks before the value": ' t="s">\n<v>1</v></c>',
    "empty in a frame": ' s="2"/>',
    "empty": "/>",
    "no value": ' s="2"><v></v></c>',
    "none": "",
}
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
PARTS = {"workbook": "sheet.main", "sharedStrings": "sharedStrings", "styles": "styles"}
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    + "".join(f'<Override PartName="/xl/{name}.xml" ContentType="{KIND}.{kind}+xml"/>' for name, kind in PARTS.items())
    + "</Types>"
)
ROW = st.tuples(*[st.sampled_from([*CELLS])] * 5)
WANTED, LEFT_OUT = [0, 1, 3], frozenset(range(4))  # column C is left out, E has no heading


def write_sheet(path: Path, rows: list[tuple[str, ...]], hidden: int) -> Path:
    """Write a workbook of these cells."""
    lines = []
    for number, names in enumerate(rows, start=1):
        cells = (
            f'<c r="{letter}{number}"{CELLS[name]}' for letter, name in zip("ABCDE", names, strict=True) if CELLS[name]
        )
        mark = ' hidden="1"' if number == hidden else ""
        lines.append(f'<row r="{number}"{mark}>{"".join(cells)}</row>')
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    with zipfile.ZipFile(path, "w") as book:
        sheets = f'<sheets><sheet name="S" sheetId="1" r:id="r1" xmlns:r="{relations}"/></sheets>'
        book.writestr("xl/workbook.xml", f"<workbook {space}>{sheets}</workbook>")
        for name, content in plain_sheet.SMALL.items():
            if name != plain_sheet.BOOK:
                book.writestr(name, TYPES if name == "[Content_Types].xml" else content.replace("part.xml", "s.xml"))
        formats = '<cellXfs><xf numFmtId="0" fontId="0"/><xf numFmtId="14"/><xf numFmtId="0" fontId="0"/></cellXfs>'
        book.writestr("xl/styles.xml", f"<styleSheet {space}><fonts><font/></fonts>{formats}</styleSheet>")
        book.writestr(
            "xl/sharedStrings.xml", f"<sst {space}><si><t>zero</t></si><si><t>one</t></si><si><t>two</t></si></sst>"
        )
        book.writestr("xl/worksheets/s.xml", f"<worksheet {space}><sheetData>{''.join(lines)}</sheetData></worksheet>")
    return path


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(rows=[("number", "none", "empty in a frame", "text", "none")] * 3, hidden=0, chunk=9999)
@example(
    rows=[("text", "number", "none", "number", "none"), ("number", "number", "none", "number", "none")],
    hidden=0,
    chunk=9999,
)
@example(rows=[("date", *["number"] * 4), *[("number", "number", "none", "number", "none")] * 2], hidden=0, chunk=9999)
@example(rows=[("blanks before the value", "none", "none", "none", "none")] * 2, hidden=0, chunk=9999)
@given(rows=st.lists(ROW, min_size=1, max_size=8), hidden=st.integers(0, 8), chunk=st.integers(40, 900))
def test_pieces_give_what_single_cells_give(
    rows: list[tuple[str, ...]], hidden: int, chunk: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plain_sheet, "CHUNK", chunk)
    monkeypatch.setattr(plain_sheet, "SLICE", 1)
    monkeypatch.setattr(xlsx, "LARGE", 0)
    path = write_sheet(tmp_path / "book.xlsx", rows, hidden)
    watches = [Watch(frozenset(WANTED), LEFT_OUT) for _ in range(2)]
    fast = [line for piece in XlsxSheet(path, "S").batches(WANTED, watches[0]) for line in piece.lines()]
    slow = by_column([*LibrarySheet(path, "S").rows(watches[1])], WANTED)
    assert fast == [*slow.lines()]
    assert watches[0].oddities == watches[1].oddities


def test_formats_with_a_number_of_their_own_are_those_that_the_library_knows() -> None:
    plain = {number: code for number, code in BUILTIN_FORMATS.items() if code in PLAIN}
    assert plain == plain_sheet.BUILT_IN


def test_plain_pieces_are_read_fast(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        ("text", "number", "empty in a frame", "text in a frame", "none"),
        ("number", "empty", "text", "number in a frame", "none"),
    ]
    path = write_sheet(tmp_path / "book.xlsx", rows, 0)
    monkeypatch.setattr(xlsx, "LARGE", 0)
    monkeypatch.setattr(LibrarySheet, "rows", None)  # openpyxl would fail
    (piece,) = XlsxSheet(path, "S").batches(WANTED, Watch(frozenset(WANTED), LEFT_OUT))
    assert [*piece.lines()] == [(1, ("one", "17", "two")), (2, ("17", "", "40"))]
