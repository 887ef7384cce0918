"""Templates in the words of the dataset that is served: they are written in those of our own record.

/clearview/agencies takes the name of the database, "searches" what is counted; code inside {{ }} and {% %} stays as it
is, but for the texts in it. Pages of rows are written for our database, and found for one of another name.
"""

import re
from collections.abc import Callable

from dataset.words import OURS
from datasette import hookimpl
from exports.site_words import WORDS
from jinja2 import BaseLoader, ChoiceLoader, Environment, TemplateNotFound
from jinja2.ext import Extension

CODE = re.compile(r"(\{\{.*?\}\}|\{%.*?%\})", re.DOTALL)
LITERAL = re.compile(r'"[^"\n]*"')
KEY = re.compile(r'"[a-z_]+"')
# Names of parts of a page, not words: id="searches", href="#searches".
MARK = re.compile(r'(?<=["#])searches(?=["-])')
Source = tuple[str, str | None, Callable[[], bool] | None]


def translate_literal(text: str) -> str:
    """Return a text that code says: SQL and addresses by their names, a key as it is."""
    if KEY.fullmatch(text):
        return text
    return WORDS.sql(text) if text.startswith(('"select ', '"/')) else WORDS.prose(text)


def translate_template(source: str) -> str:
    """Return a template in the words of the dataset."""
    parts = CODE.split(source)
    for place, part in enumerate(parts):
        if place % 2:
            parts[place] = LITERAL.sub(lambda found: translate_literal(found[0]), part)
        else:
            kept = MARK.sub("figures-of-agencies", part)
            parts[place] = WORDS.prose(kept)
    return "".join(parts)


class OwnWords(Extension):
    """Translates each template when it is loaded."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002
        """Return the template in the words of the dataset."""
        return translate_template(source)


class PagesOfRows(BaseLoader):
    """Finds our pages of rows for a database of another name."""

    def __init__(self, loader: BaseLoader) -> None:
        """Take the loader of the templates."""
        self.loader = loader

    def get_source(self, environment: Environment, template: str) -> Source:
        """Return the template that is ours; raises TemplateNotFound for any other name."""
        prefix = f"row-{WORDS.database}-"
        if not template.startswith(prefix):
            raise TemplateNotFound(template)
        return self.loader.get_source(environment, template.replace(prefix, "row-clearview-", 1))

    def list_templates(self) -> list[str]:
        """Return no names: all are those of the other loader."""
        return []


@hookimpl
def prepare_jinja2_environment(env: Environment) -> None:
    """Give the templates the words, and where they are of another dataset translate all of them."""
    env.globals["own_words"] = WORDS
    if WORDS != OURS and env.loader:
        env.add_extension(OwnWords)
        env.loader = ChoiceLoader([env.loader, PagesOfRows(env.loader)])
