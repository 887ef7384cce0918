"""Which columns of numbers a draft proposes as figures."""

from pathlib import Path

import pytest
from drafts import make, mapping, run

AGENCY = ["Alpha Police", "Beta Police", "Gamma Police", "Delta Police"]


@pytest.mark.parametrize(
    ("heading", "proposed"),
    [("# of ALPRs", True), ("Number of readers", True), ("No. of readers", True), ("Total number of readers", True),
     ("Badge #", False), ("Number", False), ("# ID", False), ("ID number", False)],
)  # fmt: skip
def test_a_number_of_things_may_be_the_figure_and_a_number_alone_is_none(
    heading: str, proposed: bool, tmp_path: Path
) -> None:
    folder = make(tmp_path / "list", [["Agency", heading], *([name, place + 3] for place, name in enumerate(AGENCY))])
    told = run(folder, country="USA")
    assert (f"searches: no column was found; there are: '{heading}'" in told) is proposed


def test_numbers_among_words_are_proposed_as_figures_in_a_comment(tmp_path: Path) -> None:
    figures = ["12", "about 40", "see the annex", "7"]
    folder = make(tmp_path / "list", [["Agency", "Lenses"], *zip(AGENCY, figures, strict=True)])
    told = run(folder, country="USA")
    assert "searches: no column was found; there are: 'Lenses'; --figure 'HEADING' takes one" in told
    assert mapping(folder)["columns"] == {"agency": "Agency"}
    text = (folder / "mapping.yml").read_text("utf-8")
    assert "# searches: columns of numbers that may be meant; there are: 'Lenses'" in text
