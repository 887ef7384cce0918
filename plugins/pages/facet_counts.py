"""Facets of a page counted by one query instead of one each, with what Datasette's own would say.

On a later page they still count all rows, where Datasette's count what is left, and a link leads to the first page of
its rows.
"""

import sqlite3
from typing import Any
from urllib.parse import parse_qsl, urlencode

from datasette import hookimpl
from datasette.database import QueryInterrupted
from datasette.facets import ArrayFacet, ColumnFacet
from datasette.plugins import pm
from datasette.utils import escape_sqlite, path_with_removed_args
from datasette.utils.asgi import Request
from datasette.views.table import TableView

# One select for each facet, below SQLITE_LIMIT_COMPOUND_SELECT in sqlite_limits.py.
MOST_FACETS = 15
COUNT = """select * from (
  select {place} as facet, {column} as value, count(*) as count
  from asked
  where {column} is not null
  group by {column}
  order by count desc, value
  limit {limit}
)"""

Facet = dict[str, Any]
Arguments = list[tuple[str, str]]


class FacetsCountedAtOnce(ColumnFacet):  # type: ignore[misc]
    """Counts of values; where one query for all is too long or too slow, Datasette's own way."""

    async def facet_results(self) -> tuple[list[Facet], list[str]]:
        """Return the facets with their values, and the names of those that took too long."""
        if "_next" in self.request.args:
            return await self.facets_of_the_first_page(), []
        configs = self.get_configs()
        size = self.get_facet_size()
        if not 0 < len(configs) <= MOST_FACETS:
            return await super().facet_results()  # type: ignore[no-any-return]
        columns = [config["config"].get("column") or config["config"]["simple"] for config in configs]
        try:
            rows = await self.count(columns, size + 1)
        except (QueryInterrupted, sqlite3.DatabaseError):
            return await super().facet_results()  # type: ignore[no-any-return]
        given = parse_qsl(self.request.query_string, keep_blank_values=True)
        facets = []
        for place, (column, config) in enumerate(zip(columns, configs, strict=True)):
            found = [row for row in rows if row["facet"] == place]
            facets.append({
                "name": column,
                "type": self.type,
                "hideable": config["source"] != "metadata",
                "toggle_url": self.ds.urls.path(path_with_removed_args(self.request, {"_facet": column})),
                "results": await self.describe(column, found[:size], given),
                "truncated": len(found) > size,
            })  # fmt: skip
        return facets, []

    async def facets_of_the_first_page(self) -> list[Facet]:
        """Return what the page without _next has: the SQL given here holds only the rows that are left."""
        kept = [pair for pair in parse_qsl(self.request.query_string, keep_blank_values=True) if pair[0] != "_next"]
        first = Request({**self.request.scope, "query_string": urlencode(kept).encode()}, self.request.receive)
        data, *_ = await TableView(self.ds).data(first, _size=1)
        return [facet for facet in data["facet_results"].values() if facet["type"] == self.type]

    async def count(self, columns: list[str], limit: int) -> list[sqlite3.Row]:
        """Return each value of each column with its count, the most frequent first."""
        selects = [
            COUNT.format(place=place, column=escape_sqlite(column), limit=limit) for place, column in enumerate(columns)
        ]
        sql = f"with asked as not materialized ({self.sql})\n" + "\nunion all\n".join(selects)
        results = await self.ds.execute(
            self.database,
            f"{sql}\norder by facet, count desc, value",
            self.params,
            truncate=False,
            custom_time_limit=self.ds.setting("facet_time_limit_ms"),
            log_sql_errors=False,
        )
        return list(results.rows)

    async def describe(self, column: str, rows: list[sqlite3.Row], given: Arguments) -> list[Facet]:
        """Return the values of a facet with their labels and the address of the page with or without each."""
        name = f"{column}__exact" if column.startswith("_") else column
        labels = await self.ds.expand_foreign_keys(self.database, self.table, column, [row["value"] for row in rows])
        page = self.ds.absolute_url(self.request, self.request.path)
        kept = [pair for pair in given if pair[1]]
        described = []
        for row in rows:
            pair = (name, str(row["value"]))
            selected = pair in given
            arguments = [other for other in kept if other != pair] + ([] if selected else [pair])
            described.append({
                "value": row["value"],
                "label": labels.get((column, row["value"]), row["value"]),
                "count": row["count"],
                "toggle_url": page + ("?" + urlencode(arguments) if arguments else ""),
                "selected": selected,
            })  # fmt: skip
        return described


@hookimpl
def register_facet_classes() -> list[type]:
    """Return the kinds of facets, this one in the place of Datasette's own; that of dates is in date_facets.py."""
    return [FacetsCountedAtOnce, ArrayFacet]


if pm.has_plugin("datasette.facets"):
    pm.unregister(name="datasette.facets")
