"""Workbooks in the forms that few programs write, files that are not what their name says, and what a sheet shows."""

import zipfile
from pathlib import Path

import corpus
import openpyxl
import pytest
from dataset.problems import Problems
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import Note, NoteBody, NoteCitation, P
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from small_folder import AGENCIES, HEADINGS, make_folder, name_file
from spreadsheets import plain_sheet, xlsx
from spreadsheets.csv import CsvSheet
from spreadsheets.sheets import DAMAGED_WORKBOOK, UnreadableFile, Watch
from spreadsheets.workbooks import open_sheet
from test_books import read
from test_plain_rows import TYPES

from build import build

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
STRINGS = "<si><t>Body</t></si><si /><si><t>11-50</t></si>"
FOUND = {(1, 0): "Body", (2, 0): "11-50", (2, 1): "7"}
ROWS = (
    '<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c r="A2" t="s"><v>2</v></c><c r="B2"><v>7</v></c></row>'
)
FORMS = {
    "an empty shared text": (STRINGS, ROWS),
    "CDATA": (STRINGS.replace("11-50", "<![CDATA[11-50]]>"), ROWS),
    "cells without a place": (STRINGS, ROWS.replace(' r="A1"', "").replace(' r="A2"', "").replace(' r="B2"', "")),
    "texts in their cells": (STRINGS, ROWS.replace(' t="s"><v>2</v>', ' t="inlineStr"><is><t>11-50</t></is>')),
    "a phonetic guide": (STRINGS.replace("<t>11-50</t>", "<t>11-50</t><rPh sb='0' eb='1'><t>x</t></rPh>"), ROWS),
    "an empty cell at the far corner": (STRINGS, ROWS + '<row r="1048576"><c r="XFD1048576" s="0"/></row>'),
}


def pack(path: Path, strings: str, rows: str) -> Path:
    """Write a workbook of these parts."""
    parts = plain_sheet.SMALL | {
        "[Content_Types].xml": TYPES,
        "xl/styles.xml": f'<styleSheet {MAIN}><fonts><font/></fonts><cellXfs><xf fontId="0"/></cellXfs></styleSheet>',
        "xl/sharedStrings.xml": f"<sst {MAIN}>{strings}</sst>",
        "xl/worksheets/part.xml": f"<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>",
    }
    with zipfile.ZipFile(path, "w") as book:
        for name, content in parts.items():
            book.writestr(name, content)
    return path


def change(path: Path, old: str, new: str) -> Path:
    """Change a text in every part of a workbook."""
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name).decode().replace(old, new) for name in book.namelist()}
    with zipfile.ZipFile(path, "w") as book:
        for name, content in parts.items():
            book.writestr(name, content)
    return path


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("least", [xlsx.LARGE, 0], ids=["library", "our own"])
def test_rare_form_is_read_right(form: str, least: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "LARGE", least)
    assert read(pack(tmp_path / "book.xlsx", *FORMS[form])) == (FOUND, [])


def test_strict_and_prefixed_workbooks_are_read_right(tmp_path: Path) -> None:
    path = change(pack(tmp_path / "a.xlsx", STRINGS, ROWS), MAIN[7:-1], "http://purl.oclc.org/ooxml/spreadsheetml/main")
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/"
    assert read(change(path, relations, "http://purl.oclc.org/ooxml/officeDocument/")) == (FOUND, [])
    path = pack(tmp_path / "b.xlsx", STRINGS, ROWS)
    for name in ("worksheet", "sheetData", "row", "c", "v"):
        for old, new in ((f"<{name} ", f"<x:{name} "), (f"<{name}>", f"<x:{name}>"), (f"</{name}>", f"</x:{name}>")):
            change(path, old, new)
    assert read(change(path, f"<x:worksheet {MAIN}", f"<x:worksheet {MAIN.replace('xmlns', 'xmlns:x')}")) == (FOUND, [])


SHOWN = {
    "words after": (50, '0"+"', "50+"),
    "words before": (5, '"fewer than "0', "fewer than 5"),
    "words for zero": (0, '0;-0;"not stated"', "not stated"),
    "words for a small number": (3, '[<5]"fewer than 5";0', "fewer than 5"),
    "part of a hundred": (0.5, "0%", "50%"),
    "marks between thousands": (1234, "#,##0", "1234"),
    "a zero that isn't shown": (0, "0;-0;;@", ""),
    "words beside a text": ("50", '@" or more"', "50 or more"),
}
DOUBTFUL = {
    "thousands": (12000, "0,", "format", "12"),
    "nothing": (5, ";;;", "format", "nothing"),
    "struck through": (CellRichText(TextBlock(InlineFont(strike=True), "500"), " 30"), "General", "struck", "500"),
    "raised": (CellRichText("50", TextBlock(InlineFont(vertAlign="superscript"), "2")), "General", "raised", "2"),
}


def write(path: Path, value: object, code: str, font: Font | None = None) -> Path:
    """Write a workbook of one cell."""
    book = openpyxl.Workbook()
    cell = book.worksheets[0]["A1"]
    cell.value, cell.number_format = value, code
    if font:
        cell.font = font
    book.save(path)
    return path


@pytest.mark.parametrize("name", SHOWN)
def test_figure_is_read_as_it_is_shown(name: str, tmp_path: Path) -> None:
    value, code, text = SHOWN[name]
    assert read(write(tmp_path / "book.xlsx", value, code)) == ({(1, 0): text} if text else {}, [])


@pytest.mark.parametrize("name", DOUBTFUL)
def test_what_is_shown_and_not_certain_is_told(name: str, tmp_path: Path) -> None:
    value, code, kind, text = DOUBTFUL[name]
    watch = Watch()
    [*open_sheet(write(tmp_path / "book.xlsx", value, code), "Sheet", [], "").rows(watch)]
    assert [(odd.kind, odd.row, odd.column, odd.text) for odd in watch.oddities] == [(kind, 1, 0, text)]


def test_cell_that_is_struck_through_is_told(tmp_path: Path) -> None:
    watch = Watch()
    path = write(tmp_path / "book.xlsx", 30, "General", Font(strike=True))
    [*open_sheet(path, "Sheet", [], "").rows(watch)]
    assert [(odd.kind, odd.text) for odd in watch.oddities] == [("struck", "30")]


@pytest.mark.parametrize("mark", ["1", "a"])
def test_mark_of_a_footnote_is_told_and_its_text_is_no_part_of_the_cell(mark: str, tmp_path: Path) -> None:
    book, table, row, cell = OpenDocumentSpreadsheet(), Table(name="Sheet"), TableRow(), TableCell(valuetype="string")
    note, body, text = Note(noteclass="footnote"), NoteBody(), P(text="50")
    body.addElement(P(text="2"))
    for part in (NoteCitation(text=mark), body):
        note.addElement(part)
    for outer, inner in ((text, note), (cell, text), (row, cell), (table, row), (book.spreadsheet, table)):
        outer.addElement(inner)
    book.save(tmp_path / "book.ods")
    watch = Watch()
    rows = [*open_sheet(tmp_path / "book.ods", "Sheet", [], "").rows(watch)]
    assert rows == [(1, {0: f"50{mark}"})]
    assert [(odd.kind, odd.text) for odd in watch.oddities] == [("raised", mark)]


CONTENTS = {
    "book.xls": (b"<html><table><tr><td>a</td></tr></table></html>", "is a web page"),
    "table.xls": (b"Body,Searches\nYork,5\n", "is a text and not an Excel workbook of before 2007"),
    "book.xlsx": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "is encrypted"),
    "book.ods": (b"%PDF-1.7", "is a PDF"),
    "page.csv": (b"<!DOCTYPE html><html></html>", "is a web page"),
    "note.xls": (b"\xef\xbb\xbf\n<!-- saved -->\n<table><tr><td>a</td></tr></table>", "is a web page"),
    "part.xls": (b"<div><table><tr><td>a</td></tr></table></div>", "is a web page"),
    "text.csv": (b"{\\rtf1\\ansi Body,Searches\\par York,5}", "is a text document"),
    "rows.csv": (b'[{"Body": "York", "Searches": 5}]', "is JSON"),
    "null.csv": (b"Body,Searches\nYork,\x005\n", "line 2 holds a null byte"),
}


@pytest.mark.parametrize("name", CONTENTS)
def test_file_is_named_as_what_it_is(name: str, tmp_path: Path) -> None:
    content, told = CONTENTS[name]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UnreadableFile, match=told):
        open_sheet(tmp_path / name, "S", [], "")


@pytest.mark.parametrize(
    "text", ["Zürich", "Montréal\nLévis", "Polícia Judiciária", "Åland", "fünf Städte, Österreich, Genève"]
)
def test_a_few_accents_are_taken_for_a_western_text(text: str, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(f"Body,No\n{text},1\n".encode("latin-1"))
    assert CsvSheet(tmp_path / "a.csv", []).encoding == "Windows-1252"


@pytest.mark.parametrize("text", ["Montréal\rLévis", "Nb de caméras", "Kärnten\rZürich", "España\rMálaga", "São Paulo"])
def test_a_text_of_an_old_macintosh_is_told_from_one_of_windows(text: str, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(f"sep=;\rBody;No\r{text};1\r".encode("mac_roman"))
    rows = [*CsvSheet(tmp_path / "a.csv", []).rows(Watch())]
    assert [cells[0] for _, cells in rows] == ["Body", *text.split("\r")]


@pytest.mark.parametrize("place", [0, 26, 40])  # a member's head, its name and what it holds
def test_a_wrong_byte_of_an_opendocument_workbook_is_refused_by_name(place: int, tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "list", [])
    rows = [[number, name, "NZ", "11-50", ""] for number, name in enumerate(AGENCIES, start=1)]
    path = name_file(folder, "list.ods")
    corpus.WRITERS[".ods"](path, corpus.Case([[*HEADINGS], *rows]))
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)
    with pytest.raises(Problems) as refused:
        build(folder, tmp_path / "build", [], [])
    assert [str(problem) for problem in refused.value.problems] == [f"list/list.ods: {DAMAGED_WORKBOOK}"]


def test_delimiter_that_the_first_line_tells_is_used(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("sep=;\nBody;Searches\nYork, City;5\n")
    cells = [*CsvSheet(tmp_path / "a.csv", []).rows(Watch())]
    assert cells == [(1, {0: "Body", 1: "Searches"}), (2, {0: "York, City", 1: "5"})]
