"""Files of settings: every text is taken as it is written, and a key that is not known is a fault.

no and 1e3 are words, not a truth value and a number.
"""

from pathlib import Path
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from dataset.problems import Problem, Problems, name_file

# A draft has "?" where a person has yet to say something.
Text = Annotated[str, Field(min_length=1, pattern=r"^(?s:\?.|[^?])")]
DRAFT = "is still the ? of the draft; write what should stand here"

Settings = TypeVar("Settings", bound="Strict")


class Strict(BaseModel):
    """A part of the file: a key that is not named here is a fault."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class TextLoader(yaml.BaseLoader):
    """Loads every scalar as text, and refuses a key that stands twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Return a node's keys and values; raise a YAML error where a key stands twice."""
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.MarkedYAMLError(problem=f"{key.value} stands twice", problem_mark=key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def read_settings(path: Path, model: type[Settings]) -> Settings:
    """Return a file of settings, held against its model; raise Problems with all that is wrong with it."""
    file = name_file(path)
    try:
        return model.model_validate(yaml.load(path.read_text("utf-8-sig"), TextLoader))
    except OSError:
        fault = Problem(file, advice="missing file; put it back, or draft one with make new-dataset")
    except UnicodeDecodeError:
        fault = Problem(file, advice="is not UTF-8; save it as UTF-8")
    except yaml.MarkedYAMLError as error:
        fault = Problem(file, row=error.problem_mark.line + 1 if error.problem_mark else 0, advice=f"{error.problem}")
    except ValidationError as error:
        raise Problems(
            Problem(
                file,
                column=".".join(map(str, one["loc"])),
                value=told(one["input"]),
                advice=DRAFT if one["type"] == "string_pattern_mismatch" else one["msg"],
            )
            for one in error.errors()
        ) from None
    raise Problems([fault])


def told(value: object) -> str:
    """Return a faulty value where it is one text, "" where it is a whole part of the file."""
    return value if isinstance(value, str) else ""
