"""Invented lists in the shapes of real ones: from the file to the served site, with few decisions of a person."""

from pathlib import Path

import httpx
import pandas as pd
import pytest
from american_shapes import AMERICAN
from european_shapes import EUROPEAN
from people_shapes import OF_PEOPLE
from shapes import MOST_DECISIONS, Shape, published

SHAPES = AMERICAN | EUROPEAN | OF_PEOPLE
# Column of the truth -> that of the table of reports.
PRINTED = {"name": "agency_as_printed", "region": "region_as_printed", "locality": "locality_as_printed",
           "period": "period", "source": "source"}  # fmt: skip


def ask(address: str) -> httpx.Response:
    """Return the answer of the site."""
    answer = httpx.get(address, trust_env=False)
    assert answer.status_code == httpx.codes.OK, answer.text
    return answer


def download(url: str, table: str) -> pd.DataFrame:
    """Return all rows of a served table as texts, page by page."""
    rows: list[dict[str, object]] = []
    address = f"{url}/{table}.json?_shape=objects&_size=max&_nofacet=1&_nocount=1"
    while address:
        page = ask(address).json()
        rows += page["rows"]
        address = page["next_url"]
    return pd.DataFrame(rows, dtype=object).fillna("").astype(str)


def bounds(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the lowest and the highest figure of each row as served; NaN where there is none."""
    low, high = (next(name for name in frame.columns if name.endswith(end)) for end in ("_min", "_max"))
    return pd.DataFrame({"low": pd.to_numeric(frame[low]), "high": pd.to_numeric(frame[high])})


def compare(frame: pd.DataFrame, truth: pd.DataFrame, columns: dict[str, str]) -> None:
    """Hold each row that is served against the one that pandas reads in the file."""
    assert len(frame) == len(truth)
    for own, served in columns.items():
        if own in truth:
            assert frame[served].tolist() == truth[own].tolist(), own
    if "low" in truth:
        found = bounds(frame)
        assert found["low"].sum() == truth["low"].sum() > 0
        expected = truth[["low", "high"]].reset_index(drop=True)
        pd.testing.assert_frame_equal(found, expected, check_dtype=False)


@pytest.mark.slow
@pytest.mark.parametrize("name", SHAPES)
def test_a_list_is_served_after_few_decisions_as_pandas_reads_it(name: str, tmp_path: Path) -> None:
    shape: Shape = SHAPES[name]
    with published(shape, tmp_path) as (url, folder, decisions):
        print(f"{name}: {len(decisions)} decisions", *decisions, sep="\n  ")
        assert len(decisions) <= MOST_DECISIONS
        page = ask(f"{url}/agencies")
        reports, agencies = download(url, "reports"), download(url, "agencies")
        further = download(url, "further_sources") if "links" in shape.truth(folder) else pd.DataFrame()
    assert "A list" in page.text
    truth = shape.truth(folder)
    if shape.accounts:
        truth = truth.sort_values(["name", "region"], ignore_index=True)
        reports = reports.sort_values(["agency_as_printed", "region_as_printed"], ignore_index=True)
        compare(reports, truth, PRINTED)
    else:
        reports = reports.astype({"row": int}).sort_values(["sheet", "row", "no"], ignore_index=True)
        truth = truth.sort_values([*({"region"} & {*truth} if "four" in name else []), "row"], kind="stable",
                                  ignore_index=True)  # fmt: skip
        compare(reports, truth, PRINTED | {"row": "row"})
    places = [one for one in ("name", "region", "locality") if one in truth]
    assert len(agencies) == len(truth[places].drop_duplicates()) - shape.joined
    assert agencies["report_count"].astype(int).sum() == len(truth)
    if "links" in truth:
        others = sorted(link for links in truth["links"] for link in links[1:])
        assert sorted(further["source"]) == others
