"""A table's page as Datasette makes it, but of another query for its rows: Datasette has no hook for that."""

import copy
from abc import ABC, abstractmethod
from typing import Any, Self

from datasette.app import Datasette
from datasette.database import Database, Results
from datasette.utils import MultiParams
from datasette.utils.asgi import Request
from datasette.views.table import TableView


class Whole(Request):  # type: ignore[misc]
    """A request for the first page: the place where a later one begins is put into its query here."""

    @classmethod
    def of(cls, request: Request) -> Self:
        """Return a request for the first page of what another asks for."""
        return cls(request.scope, request.receive)

    @property
    def args(self) -> MultiParams:
        """The parameters without _next; the address is still the one asked for."""
        given = super().args
        return MultiParams({name: given.getlist(name) for name in given if name != "_next"})


class OtherDatabase(ABC):
    """A database that changes the one query for a page of rows."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.asked: dict[str, Any] = {}  # the changed query and its parameters

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the database has
        """Return what the database itself has."""
        return getattr(self.database, name)

    async def execute(self, sql: str, params: Any = None, truncate: bool = False, **options: Any) -> Results:  # noqa: ANN401
        """Return the rows; those of the page alone are asked with truncate."""
        if truncate:
            sql, params = await self.change(sql, dict(params or {}))
            self.asked = {"sql": sql, "params": params}
        return await self.database.execute(sql, params, truncate, **options)

    @abstractmethod
    async def change(self, sql: str, params: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """Return the query for the rows and its parameters as they are to be asked."""

    def seen_by(self, view: TableView) -> TableView:
        """Return a view whose one database is this one."""
        seen = copy.copy(view)
        seen.ds = OneDatabase(view.ds, self)
        return seen


class OneDatabase:
    """A Datasette whose one database is an OtherDatabase."""

    def __init__(self, datasette: Datasette, database: OtherDatabase) -> None:
        self.datasette, self.database = datasette, database

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever Datasette has
        """Return what Datasette itself has."""
        return getattr(self.datasette, name)

    def get_database(self, *_: Any, **__: Any) -> OtherDatabase:  # noqa: ANN401
        """Return the database; only the table's own is asked for here."""
        return self.database
