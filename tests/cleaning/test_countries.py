"""Countries as people write them: one reading for build, reconciliation and search."""

from pathlib import Path

import pytest
from cleaning.countries import CountryReader, UnknownCountry, read_code
from dataset.problems import Problems
from lookups.tables import LOOKUPS

from service.reconciliation import load_reconciler
from service.reconciliation_queries import Query

ROOT = Path(__file__).resolve().parents[2]
WRITTEN = {
    "GB": ["UK", "U.K.", "uk", "GBR", "Great Britain", "United Kingdom", "The United Kingdom", "England"],
    "US": ["USA", "U.S.A.", "U.S.", "United States of America", "the United States", "usa", "United  States"],
    "NL": ["The Netherlands", "Netherlands (the)", "Holland", "NLD", "Pays-Bas"],
    "TR": ["Turkey", "Türkiye", "Tu\u0308rkiye", "TUR", "Republic of Turkey"],
    "CZ": ["Czech Republic", "Czechia", "The Czech Republic"],
    "CI": ["Ivory Coast", "Côte d'Ivoire", "Côte d’Ivoire", "Co\u0302te d'Ivoire", "Cote d'Ivoire", "CÔTE D’IVOIRE"],
    "HK": ["Hong Kong", "Hong Kong SAR", "HKG"],
    "BA": ["Bosnia and Herzegovina", "Bosnia & Herzegovina", "Bosnia-Herzegovina"],
    "TT": ["Trinidad and Tobago", "Trinidad & Tobago"],
    "KR": ["South Korea", "Korea, South", "Republic of Korea", "Korea, Republic of"],
    "KP": ["North Korea", "DPRK"],
    "CD": ["DR Congo", "Democratic Republic of the Congo", "Congo, Democratic Republic of the"],
    "RU": ["Russia", "Russian Federation", "RUS"],
    "MM": ["Myanmar", "Burma"],
    "BS": ["The Bahamas", "Bahamas, The"],
    "LC": ["St Lucia", "St. Lucia", "Saint Lucia"],
    "NA": ["Namibia", "NAM"],
}


@pytest.mark.parametrize(("code", "name"), [(code, name) for code, names in WRITTEN.items() for name in names])
def test_a_country_is_read_however_it_is_written(code: str, name: str) -> None:
    assert CountryReader(LOOKUPS / "countries.csv").read(name)[0] == code
    assert read_code(name) == code


@pytest.mark.parametrize("name", ["Korea", "Yugoslavia", "YUG", "SUN", "S.A.", "N.A.", "Atlantis", "?", "", "Police"])
def test_what_means_no_one_country_is_none(name: str) -> None:
    assert read_code(name) == ""
    with pytest.raises(UnknownCountry):
        CountryReader(LOOKUPS / "countries.csv").read(name)


@pytest.mark.parametrize("name", ["Turkey", "Hong Kong", "UK", "Burma", "Côte d'Ivoire"])
def test_the_reconciliation_reads_the_same_countries(name: str) -> None:
    asked = Query("Toronto Police Service", frozenset(), "any", 1, (("country", (name,)),))
    assert load_reconciler(ROOT / "clearview.db").find_candidates(asked)[0].agreement == {"country": False}


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("Kanada,CAN,German", "row 2, column 'country': 'CAN': write the two letters of"),
        ("Kanada,ca,German", "row 2, column 'country': 'ca': write the two letters of"),
        ("Kanada", "row 2, column 'country': write the two letters of"),
        (",CA,German", "row 2, column 'as_printed': write the country's name, or"),
    ],
)
def test_a_line_that_means_no_country_is_told(tmp_path: Path, line: str, told: str) -> None:
    path = tmp_path / "countries.csv"
    path.write_text(f"as_printed,country,reason\n{line}\n", encoding="utf-8")
    with pytest.raises(Problems) as error:
        CountryReader(path)
    [problem] = error.value.problems
    assert str(problem).startswith(f"scripts/lookups/countries.csv: {told}")
