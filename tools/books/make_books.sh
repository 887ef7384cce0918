#!/bin/sh
# Has other programs write the tables of tests/spreadsheets/books.py into tests/spreadsheets/books/, which is committed.
# Needs LibreOffice, gnumeric, R with openxlsx, Perl with Excel::Writer::XLSX and JSON::PP, and `npm install` here.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
books=$root/tests/spreadsheets/books
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$books"
PYTHONPATH=$root/tests:$root/tests/spreadsheets "$root/.venv/bin/python" -c "
import sys, pathlib, books
books.write_all(pathlib.Path(sys.argv[1]))" "$work"
for kind in xlsx ods xls; do
    soffice --headless --convert-to $kind --outdir "$work/$kind" "$work"/?.xlsx >/dev/null
    for file in "$work/$kind"/*; do cp "$file" "$books/libreoffice-$(basename "$file")"; done
done
for file in "$work"/?.xlsx; do
    number=$(basename "$file" .xlsx)
    ssconvert -T Gnumeric_Excel:xlsx "$file" "$books/gnumeric-$number.xlsx" 2>/dev/null
    ssconvert -T Gnumeric_Excel:excel_biff8 "$file" "$books/gnumeric-$number.xls" 2>/dev/null
    ssconvert -T Gnumeric_OpenCalc:odf "$file" "$books/gnumeric-$number.ods" 2>/dev/null
    perl "$here/write.pl" "$work/$number.json" "$books/perl-$number.xlsx"
    Rscript "$here/write.R" "$file" "$books/r_openxlsx-$number.xlsx"
    node "$here/write.js" "$work/$number.json" "$books" "$number"
done
ls "$books" | wc -l
