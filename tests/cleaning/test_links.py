"""Links of a cell: each one, whatever stands between them; other words are refused."""

import pytest
from cleaning.links import NoLink, host_of, merge_told, split_links


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("https://a.example/c,d https://b.example", ["https://a.example/c,d", "https://b.example"]),
        ("https://a.example;https://b.example", ["https://a.example", "https://b.example"]),
        ("https://a.example,\nwww.b.example", ["https://a.example", "www.b.example"]),
        ("https://a.example | https://a.example", ["https://a.example"]),
    ],
)
def test_links_are_told_apart(text: str, links: list[str]) -> None:
    assert split_links(text) == links


@pytest.mark.parametrize("text", ["see the note", "https://a.example (archived)", "a.example"])
def test_other_words_are_refused(text: str) -> None:
    with pytest.raises(NoLink):
        split_links(text)


def test_the_publisher_is_the_host() -> None:
    assert (host_of("https://www.Example.org/x"), host_of("www.example.net")) == ("example.org", "example.net")


def test_what_rows_tell_of_a_link_is_one_unless_they_differ() -> None:
    assert merge_told([("A", ""), ("", "T"), ("A", "T")]) == [("A", "T")]
    assert merge_told([("A", ""), ("B", ""), ("", "")]) == [("A", ""), ("B", "")]
