"""A list from the file to the served site, with the decisions that a person makes on the way, each printed."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
from conftest import serve
from running import run_script

MOST_DECISIONS = 10
# What a list of any shape needs to be said: it is counted for each of them.
OF_ALL = {"use_status": "Reported", "listing": "Other reporting", "publisher": "A paper",
          "url": "https://example.org/list", "keeper": "Nobody", "licence": "CC0-1.0"}  # fmt: skip


@dataclass(frozen=True)
class Shape:
    """An invented list: who writes its files, what pandas reads in them, and what a person says of it."""

    write: Callable[[Path], None]
    # The rows in their order: row, name, low, high (figures as floats), and region, period, links and so on if any.
    truth: Callable[[Path], pd.DataFrame]
    options: dict[str, str] = field(default_factory=dict)
    edits: dict[str, str] = field(default_factory=dict)  # in mapping.yml: a pattern, and what a person writes for it
    accounts: bool = False  # the rows are summed to agencies
    joined: int = 0  # names that a person says are those of another line


def decide(folder: Path, shape: Shape) -> list[str]:
    """Do what a person does after the draft; return each decision."""
    made = []
    mapping = folder / "mapping.yml"
    for pattern, text in shape.edits.items():
        changed, count = re.subn(pattern, text, mapping.read_text("utf-8"), count=1, flags=re.MULTILINE)
        assert count == 1, (pattern, mapping.read_text("utf-8"))
        mapping.write_text(changed, "utf-8")
        made.append(f"mapping.yml: {text.strip()}")
    for name in ("aliases.csv", "not_persons.csv"):
        if (folder / name).exists():
            lines = (folder / name).read_text("utf-8").splitlines()
            # A remark begins with a ? too, and asks for nothing.
            asked = re.compile(r"^\?" if name == "not_persons.csv" else r",\?(?=[a-z])")
            made += [f"{name}: {line} is right" for line in lines if asked.search(line)]
            (folder / name).write_text("\n".join(asked.sub(lambda found: found[0][:-1], line) for line in lines) + "\n")
    return made


@contextmanager
def published(shape: Shape, parent: Path) -> Iterator[tuple[str, Path, list[str]]]:
    """Draft, decide, build, check and serve a list; yield the address of its database, its folder and the decisions."""
    folder, steps, words = parent / "a list", parent / "steps", parent / "metadata.yml"
    folder.mkdir()
    shape.write(folder)
    said = OF_ALL | shape.options
    words_of = ((f"--{name.replace('_', '-')}", text) for name, text in said.items())
    run = run_script("new_dataset", folder, *(word for pair in words_of for word in pair))
    assert run.returncode == 0, run.stderr
    print(run.stdout)
    made = [*(f"--{name} {text!r}" for name, text in said.items()), *decide(folder, shape)]
    database = parent / "a_list.db"
    for step in (("build", folder, steps, "--name", "a_list"), ("check", database),
                 ("site_metadata", folder, words, database)):  # fmt: skip
        run = run_script(*map(str, step))
        assert run.returncode == 0, f"{step[0]}: {run.stderr}"
        if step[0] == "build":
            (steps / "clearview.db").rename(database)
    with serve(database, parent / "server.log", parent / "exports", words) as url:
        yield f"{url}/a_list", folder, made
