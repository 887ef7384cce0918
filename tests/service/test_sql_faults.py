"""What SQLite refuses is explained: at the right place, with a statement that works."""

import sqlite3

import pytest
from conftest import ROOT

from service.sql_faults import Asked, Fault, explain_fault
from service.sql_schema import FUNCTIONS

SHOWN = "select name from sqlite_master where type in ('table', 'view') and name not like '%fts%'"


def refuse(sql: str) -> Fault:
    """Return the fault of a statement that SQLite refuses."""
    database = sqlite3.connect(f"file:{ROOT / 'clearview.db'}?mode=ro", uri=True)
    names = [name for (name,) in database.execute(SHOWN)]
    schema = {name: [row[1] for row in database.execute(f"pragma table_info({name})")] for name in names}
    with pytest.raises(sqlite3.Error) as refused:
        database.execute(sql)
    return explain_fault(str(refused.value), Asked(sql, schema, FUNCTIONS))


def run(sql: str) -> None:
    """Run a statement on the published database; raises where SQLite refuses it."""
    sqlite3.connect(f"file:{ROOT / 'clearview.db'}?mode=ro", uri=True).execute(sql).fetchall()


# A refused statement with its fault in «», and the name that was meant.
MISSPELT = [
    ("select «nmae» from agencies", "name"),
    ("select a.«nmae» from agencies a", "name"),
    ("select 'nmae', «nmae» from agencies -- nmae", "name"),
    ("select name\nfrom agencies\nwhere «contry» = 'CA'", "country"),
    ("select name from agencies order by «response_201»", "response_2021"),
    ("select «b».name from agencies a", "a"),
    ("select name from agencies where «serches_min» > 5", "searches_min"),
    ("select [«nmae»] from agencies", "name"),
    ("select * from «agencys»", "agencies"),
    ("select * from main.«agencys»", "agencies"),
    ("select * from agencies join «soruces» on 1", "sources"),
    ("select «lenght»(name) from agencies", "length"),
    ("select «len»(name) from agencies", "length"),
    ("select name, «lenght»(name) as lenght from agencies", "length"),
    ("select «country» from agencies a join reports r on r.agency = a.id", "a.country"),
    ("«selct» name from agencies", "select"),
    ("select name «form» agencies", "from"),
    ("select name from agencies «wher» country = 'CA'", "where"),
    ("select name from agencies order by name «limt» 3", "limit"),
]


@pytest.mark.parametrize(("marked", "meant"), MISSPELT)
def test_a_misspelt_name_is_found_and_the_right_one_works(marked: str, meant: str) -> None:
    sql = marked.replace("«", "").replace("»", "")
    start = marked.index("«")
    wrong = marked[start + 1 : marked.index("»")]
    if "[" in marked:  # the quotes belong to the name
        start, wrong = start - 1, f"[{wrong}]"
    fault = refuse(sql)
    assert (fault.start, fault.end) == (start, start + len(wrong))
    assert [each.name for each in fault.did_you_mean][:1] == [meant]
    run(fault.did_you_mean[0].sql)


SYNTAX = [
    "select name, «from» agencies",
    "select name,«,» country, name from agencies",
    "select (1, 2 «from» agencies",
    "select name from agencies where country = 'from' and «from» = 2 or from = 3",
    "select 'a ''from' as x «from»",
    "select name from agencies group «country»",
    "select name from agencies where name = «'abc»",
    "select «#» from agencies",
    "select name from agencies where country in «(»",
    "select «substr»(name) from agencies",
]


@pytest.mark.parametrize("marked", SYNTAX)
def test_the_place_of_an_error_is_the_word_that_sqlite_refused(marked: str) -> None:
    sql = marked.replace("«", "").replace("»", "")
    fault = refuse(sql)
    assert fault.start is not None
    assert f"{sql[: fault.start]}«{sql[fault.start : fault.end]}»{sql[fault.end :]}" == marked
    assert fault.did_you_mean == ()


def test_lines_and_characters_are_counted_from_one() -> None:
    fault = refuse("select name\nfrom agencies\nwhere contry = 1")
    assert (fault.line, fault.column) == (3, 7)


def test_a_column_of_another_table_is_said_to_be_there() -> None:
    assert refuse("select publisher from agencies").hint == (
        "publisher is a column of sources, regulatory_actions: join that table."
    )


def test_a_table_joined_with_itself_needs_another_name() -> None:
    fault = refuse("select agencies.id from agencies join agencies on 1")
    assert fault.hint == "agencies is named twice: give one another name, as in agencies as other."


def test_what_is_not_closed_is_said() -> None:
    assert refuse("select count(").hint == "1 opened bracket is not closed."
    assert refuse("select 'abc").hint == "The quote that opens here is never closed."


def test_a_name_like_no_other_gets_no_suggestion() -> None:
    assert refuse("select zzzzzzzz from agencies").did_you_mean == ()


@pytest.mark.parametrize("repeated", [",", "(", "select ", "a.b, ", "'", "/* ", "from ", "\n"])
def test_a_long_statement_is_explained_too(repeated: str) -> None:
    sql = ("select " + repeated * 10_000)[:9_990]
    fault = refuse(sql)
    assert fault.error


def test_words_beyond_the_first_plane_do_not_move_the_place() -> None:
    fault = refuse("select '🙂', nmae from agencies")
    assert (fault.start, fault.end) == (12, 16)
