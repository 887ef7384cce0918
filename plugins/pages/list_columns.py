"""Lists in cells: filters look into them (service/list_columns.py), pages show their values one by one."""

from datasette import hookimpl
from datasette.app import Datasette
from exports.site_words import WORDS
from jinja2 import Environment

from service.list_columns import is_list, read_list, teach_filters

teach_filters()


@hookimpl
def prepare_jinja2_environment(env: Environment, datasette: Datasette) -> None:
    """Give the templates the facets of the dataset's own, each with its label, and the values of a cell."""

    def own_facets() -> dict[str, str]:
        pages = datasette.metadata("databases")[WORDS.database]["tables"]["agencies"]["plugins"]["pages"]
        return {column: pages["columns"][column] for column in pages.get("lists", ())}

    env.globals["own_facets"] = own_facets
    env.globals["values_in"] = lambda table, column, text: read_list(text) if is_list(table, column) else [text]
