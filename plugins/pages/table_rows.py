"""The rows of a table as HTML: how a column is shown is decided once for a page, not again for each cell."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from typing import Any, NamedTuple

import datasette.views.table
from datasette import hookimpl
from datasette.utils import tilde_encode
from exports.site_words import WORDS
from jinja2 import Environment
from markupsafe import Markup

from service.list_columns import is_list, read_list

EMPTY = '<td><span class="muted">–</span></td>'
TEXT, NUMBER, SENTENCE = "<td>", '<td class="num">', '<td class="long">'
LONG = 80  # characters; a text of words that is longer gets a broader column
CONFLICT = ' <span class="conflict">reports conflict</span>'
LINKED = {"agency": "agencies", "country": "countries", "source": "sources"}
TITLES = {"label", "publisher", "action"}  # columns that name their row, where its key is the id
NAMED_BY_NUMBER = {"no", "row"}  # columns of numbers that are names: no count, so no separators
DATES = {"date", "published", "first_reported", "last_reported"}
TICKED = {"agencies": "agency", "countries": "country"}  # tables whose rows can be compared, and as what
HOST = re.compile(r"https?://([^/\s]+)", re.IGNORECASE)

Row = Mapping[str, Any]
Write = Callable[[Any, Row], str]


class Table(NamedTuple):
    """What the writers of cells go by; marked holds the agencies whose name never stands without a word on use."""

    name: str
    keys: Sequence[str]
    marked: Mapping[str, str]
    say_date: Callable[[str], str]


def text_of(value: Any) -> str:  # noqa: ANN401 - a cell
    """Return a value as text for HTML."""
    return escape(str(value))


def mark(table: Table, key: str) -> str:
    """Return the word on use that belongs to an agency, if there is one."""
    return f' <span class="use">{escape(table.marked[key])}</span>' if key in table.marked else ""


def link(table: str, key: Any, text: Any) -> str:  # noqa: ANN401 - cells
    """Return a link to a row."""
    return f'<a href="/{WORDS.database}/{escape(table)}/{escape(tilde_encode(str(key)))}">{text_of(text)}</a>'


def value_in(row: Row, column: str) -> Any:  # noqa: ANN401 - a cell
    """Return the value of a column that the page may have been asked to leave out."""
    return row[column] if column in row.keys() else None  # noqa: SIM118 - a sqlite3.Row is no mapping


def write_plain(value: Any, row: Row) -> str:  # noqa: ANN401 - a cell
    """Return the value; the address of a page as a link that shows its host and, to those who hear it, its row."""
    if isinstance(value, str) and (host := HOST.match(value)):
        said = value_in(row, "id") or value_in(row, "source")
        return f'<a class="out" href="{escape(value)}">{escape(host[1])}{say_beside(said)}</a>'
    return f"{value:,}" if isinstance(value, int) else text_of(value)


def write_query(value: Any, row: Row) -> str:  # noqa: ANN401 - a cell
    """Return the link to the rows that a published total is held against."""
    said = text_of(value_in(row, "measure") or "")
    shown = f'<a href="{escape(value)}">show ours<span class="sr">: {said}</span></a>'
    return shown if value[:1] == "/" else text_of(value)


def say_beside(key: Any) -> str:  # noqa: ANN401 - a cell
    """Return the key of a row as words for those who hear a link alone: many rows have one host or publisher."""
    key = key["value"] if isinstance(key, dict) else key
    return f'<span class="sr"> ({text_of(key)})</span>' if key else ""


def write_name(table: Table, value: Any, row: Row) -> str:  # noqa: ANN401 - a cell
    """Return the name of an agency as a link, with the word on its use and its name in its own language."""
    native = value_in(row, "native_name")
    small = f"<br><small>{text_of(native)}</small>" if native else ""
    return link("agencies", row["id"], value) + mark(table, row["id"]) + small


def write_label(table: Table, column: str, value: Mapping[str, Any]) -> str:
    """Return the label of a code, as a link where the code has a page."""
    if column not in LINKED:
        return text_of(value["label"])
    shown = link(LINKED[column], value["value"], value["label"])
    if column == "source":
        shown = shown.replace("</a>", f"{say_beside(value)}</a>")
    return shown + mark(table, value["value"])


def write_tick(table: Table, row: Row) -> str:
    """Return the box that marks a row for comparison, for the form of that name; "" where rows are not compared."""
    if table.name not in TICKED or list(table.keys) != ["id"]:
        return ""
    name = text_of(value_in(row, "name") or value_in(row, "label") or row["id"])
    value, label = escape(str(row["id"])), f"Compare {name}"
    return f'<input type="checkbox" form="compare" name="{TICKED[table.name]}" value="{value}" aria-label="{label}"> '


def choose_writer(table: Table, column: str) -> Write:
    """Return how a column writes a value that is neither empty nor a code with its label."""
    if is_list(table.name, column):
        return lambda value, _: text_of("; ".join(read_list(value)))
    if table.name == "agencies" and column == "name":
        return lambda value, row: write_name(table, value, row)
    if table.name == "agencies" and WORDS.ours(column) == "searches":
        return lambda value, row: text_of(value) + (CONFLICT if value_in(row, "figures_conflict") else "")
    if list(table.keys) == [column]:
        return lambda value, _: link(table.name, value, value)
    if column == "publisher" and table.name == "sources":
        return lambda value, row: link(table.name, row["id"], value).replace("</a>", f"{say_beside(row['id'])}</a>")
    if column in TITLES and list(table.keys) == ["id"]:
        return lambda value, row: link(table.name, row["id"], value)
    if column in DATES:
        return lambda value, _: text_of(table.say_date(value) if isinstance(value, str) else value)
    if column == "query":
        return write_query
    if column in NAMED_BY_NUMBER:
        return lambda value, _: text_of(value)
    return write_plain


def open_cell(value: str | float) -> str:
    """Return the tag that a value's cell begins with."""
    if isinstance(value, int | float):
        return NUMBER
    return SENTENCE if len(value) > LONG and " " in value else TEXT


def write_rows(rows: Iterable[Row], columns: Sequence[str], table: Table) -> Markup:
    """Return the rows of a table's body; the first cell of a row names it, numbers stand to the right."""
    writers = [(column, choose_writer(table, column)) for column in columns]
    lines = []
    for row in rows:
        cells = []
        for column, write in writers:
            value = row[column]
            if value is None or value == "":
                cells.append(EMPTY)
            elif isinstance(value, dict):
                cells.append(f"<td>{write_label(table, column, value)}</td>")
            else:
                cells.append(f"{open_cell(value)}{write(value, row)}</td>")
        opened, text = cells[0].removeprefix("<td").removesuffix("</td>").split(">", 1)
        lines.append(f'<tr><th scope="row"{opened}>{write_tick(table, row)}{text}</th>')
        lines += [*cells[1:], "</tr>\n"]
    return Markup("".join(lines))


async def pass_rows_on(*given: Any, **_: Any) -> tuple[list[Any], Any]:  # noqa: ANN401 - as Datasette calls it
    """Return no columns and the rows as they are, in place of Datasette's own cells: no template here shows those."""
    return [], given[4]


@hookimpl
def prepare_jinja2_environment(env: Environment) -> None:
    """Give the templates the writer of rows, and spare Datasette the making of its own."""
    datasette.views.table.display_columns_and_rows = pass_rows_on
    env.auto_reload = False  # no look at the files for each page: what an answer depends on is that of the start
    env.globals["write_rows"] = lambda rows, columns, name, keys, marked: write_rows(
        rows, columns, Table(name, keys, marked, env.filters["date"])
    )
