"""Facets of a page counted by one query instead of one each, of which a reader may choose several values.

Each counts the rows that all filters but its own keep, so that it says what one more value would add; cells without a
value are counted as such. A link leads to the first page of its rows.
"""

import sqlite3
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

from datasette import hookimpl
from datasette.database import QueryInterrupted
from datasette.facets import ArrayFacet, ColumnFacet
from datasette.plugins import pm
from datasette.utils import escape_sqlite, path_with_removed_args
from datasette.utils.asgi import Request

from service.chosen_rows import choose_rows
from service.facet_values import (
    Pairs,
    chosen_values,
    name_filters,
    toggle_empty,
    toggle_value,
    without_column,
)
from service.grouped_order import FEW
from service.list_columns import is_list

# Selects in one query, below SQLITE_LIMIT_COMPOUND_SELECT in sqlite_limits.py.
MOST_FACETS = 15
# Cells without a value first: they are counted whatever the limit.
COUNT = """select * from (
  select {place} as facet, {column} as value, count(*) as count
  from {asked}
  group by {column}
  order by ifnull({column}, '') = '' desc, count desc, value
  limit {limit}
)"""

# The values of a list, each as a row of its own; no list has a value twice.
OF_LISTS = "(select value as {column} from asked, json_each(asked.{column}))"

Facet = dict[str, Any]


class Rows(NamedTuple):
    """What a facet counts: a query and its parameters."""

    sql: str
    params: Any


def name_column(config: Facet) -> str:
    """Return the column that a facet is asked for."""
    return str(config["config"].get("column") or config["config"]["simple"])


class FacetsCountedAtOnce(ColumnFacet):  # type: ignore[misc]
    """Counts of values; where one query for all is too slow, Datasette's own way."""

    counted: list[Facet] | None = None  # those that are counted, where not all of them are

    def get_configs(self) -> list[Facet]:
        """Return what is asked to be counted."""
        return list(super().get_configs()) if self.counted is None else self.counted

    async def facet_results(self) -> tuple[list[Facet], list[str]]:
        """Return the facets with their values, and the names of those that took too long."""
        configs = self.get_configs()
        try:
            return await self.count_configs(configs), []
        except QueryInterrupted:
            if self.is_of_many():
                return [], [name_column(config) for config in configs]
            return await self.count_one_by_one(configs)
        except sqlite3.DatabaseError:
            return await self.count_one_by_one(configs)

    def is_of_many(self) -> bool:
        """Return whether many rows are filtered, of which each facet alone would take nearly as long as all."""
        is_part = bool(self.params) or " where " in self.sql
        return is_part and (self.row_count is None or self.row_count > FEW)

    async def count_one_by_one(self, configs: list[Facet]) -> tuple[list[Facet], list[str]]:
        """Return the facets as Datasette counts them, then lists, and the names of those that took too long."""
        lists = [config for config in configs if is_list(self.table, name_column(config))]
        self.counted = [config for config in configs if config not in lists]
        facets, late = await super().facet_results()
        for config in lists:
            try:
                facets += await self.count_configs([config])
            except (QueryInterrupted, sqlite3.DatabaseError):
                late.append(name_column(config))
        return facets, late

    async def count_configs(self, configs: list[Facet]) -> list[Facet]:
        """Return the facets that are asked for with their values; raises QueryInterrupted where that takes too long."""
        size = self.get_facet_size()
        columns = [name_column(config) for config in configs]
        given = parse_qsl(self.request.query_string, keep_blank_values=True)
        counted = await self.count_all(columns, given, size + 1)
        facets = []
        for column, config in zip(columns, configs, strict=True):
            empty = sum(row["count"] for row in counted[column] if row["value"] in (None, ""))
            found = [row for row in counted[column] if row["value"] not in (None, "")]
            facets.append({
                "name": column,
                "type": self.type,
                "hideable": config["source"] != "metadata",
                "toggle_url": self.ds.urls.path(path_with_removed_args(self.request, {"_facet": column})),
                "results": await self.describe(column, found[:size], given) + self.describe_empty(column, empty, given),
                "truncated": len(found) > size,
            })  # fmt: skip
        return facets

    async def count_all(self, columns: list[str], given: Pairs, limit: int) -> dict[str, list[sqlite3.Row]]:
        """Return each column's values with their counts, those without a value first, then the most frequent."""
        filtered = [column for column in columns if any(name in name_filters(column) for name, _ in given)]
        others = [column for column in columns if column not in filtered]
        counted: dict[str, list[sqlite3.Row]] = {}
        for place in range(0, len(others), MOST_FACETS):
            counted |= await self.count(others[place : place + MOST_FACETS], Rows(self.sql, self.params), limit)
        for column in filtered:
            counted |= await self.count([column], await self.rows_beside(column, given), limit)
        return counted

    async def rows_beside(self, column: str, given: Pairs) -> Rows:
        """Return the rows that all filters but those of a column keep."""
        asked = {**self.request.scope, "query_string": urlencode(without_column(given, column)).encode()}
        chosen = await choose_rows(self.ds, Request(asked, self.request.receive), self.database, self.table)
        return Rows(f"select * from {escape_sqlite(self.table)} {chosen.where}", chosen.params)

    async def count(self, columns: list[str], rows: Rows, limit: int) -> dict[str, list[sqlite3.Row]]:
        """Return the values of columns with their counts among some rows."""
        selects = [
            COUNT.format(
                place=place,
                column=escape_sqlite(column),
                limit=limit + 2,
                asked=OF_LISTS.format(column=escape_sqlite(column)) if is_list(self.table, column) else "asked",
            )
            for place, column in enumerate(columns)
        ]
        sql = f"with asked as not materialized ({rows.sql})\n" + "\nunion all\n".join(selects)
        results = await self.ds.execute(
            self.database,
            f"{sql}\norder by facet, count desc, value",
            rows.params,
            truncate=False,
            custom_time_limit=self.ds.setting("facet_time_limit_ms"),
            log_sql_errors=False,
        )
        return {column: [row for row in results.rows if row["facet"] == place] for place, column in enumerate(columns)}

    async def describe(self, column: str, rows: list[sqlite3.Row], given: Pairs) -> list[Facet]:
        """Return the values of a facet with their labels and the address of the page with or without each."""
        labels = await self.ds.expand_foreign_keys(self.database, self.table, column, [row["value"] for row in rows])
        chosen = chosen_values(given, column)
        return [
            {
                "value": row["value"],
                "label": labels.get((column, row["value"]), row["value"]),
                "count": row["count"],
                "toggle_url": self.link(toggle_value(given, column, str(row["value"]))),
                "selected": str(row["value"]) in chosen,
            }
            for row in rows
        ]

    def describe_empty(self, column: str, count: int, given: Pairs) -> list[Facet]:
        """Return the cells without a value as a value of a facet, where there are any."""
        said = {
            "value": None,
            "label": "empty",
            "count": count,
            "toggle_url": self.link(toggle_empty(given, column)),
            "selected": (f"{column}__isblank", "1") in given,
        }
        return [said] if count else []

    def link(self, pairs: Pairs) -> str:
        """Return the address of this page with other parameters."""
        page = str(self.ds.absolute_url(self.request, self.request.path))
        kept = [pair for pair in pairs if pair[1]]
        return page + ("?" + urlencode(kept) if kept else "")


@hookimpl
def register_facet_classes() -> list[type]:
    """Return the kinds of facets, this one in the place of Datasette's own; that of dates is in date_facets.py."""
    return [FacetsCountedAtOnce, ArrayFacet]


if pm.has_plugin("datasette.facets"):
    pm.unregister(name="datasette.facets")
