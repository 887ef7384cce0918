"""Dates and periods as people write them, read as precisely as they are printed, or refused."""

import pytest
from cleaning.dates import DateColumn, UnreadableDate, period_order


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("2020", "2020"), ("2020-03", "2020-03"), ("2020-03-05 00:00:00", "2020-03-05"), ("5.3.2020", "2020-03-05"),
        ("5 March 2020", "2020-03-05"), ("March 5th, 2020", "2020-03-05"), ("1er août 2021", "2021-08-01"),
        ("5. März 2020", "2020-03-05"), ("5-Mar-19", "2019-03-05"), ("Mar 2019", "2019-03"), ("03/2020", "2020-03"),
        ("5 de marzo de 2020", "2020-03-05"), ("7/7/2020", "2020-07-07"),
    ],
)  # fmt: skip
def test_a_date_is_read_as_precisely_as_it_is_printed(printed: str, read: str) -> None:
    assert DateColumn().read(printed) == read


@pytest.mark.parametrize("printed", ["31/2/2020", "spring 2020", "3/5/2020", "12", "2020-13"])
def test_what_is_no_date_or_may_be_two_is_refused(printed: str) -> None:
    with pytest.raises(UnreadableDate):
        DateColumn().read(printed)


@pytest.mark.parametrize(("other", "read"), [("13/5/2020", "2020-05-03"), ("5/13/2020", "2020-03-05")])
def test_the_other_dates_of_a_column_show_which_comes_first(other: str, read: str) -> None:
    column = DateColumn()
    column.add([other])
    assert column.read("3/5/2020") == read


def test_dates_of_both_orders_are_refused_unless_the_mapping_says_which() -> None:
    column, told = DateColumn(), DateColumn("month first")
    for one in (column, told):
        one.add(["13/5/2020", "5/13/2020"])
    with pytest.raises(UnreadableDate):
        column.read("3/5/2020")
    assert told.read("3/5/2020") == "2020-03-05"


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("2019", "2019"), ("FY2019", "2019"), ("2019-20", "2019/20"), ("2019/20", "2019/20"), ("2010/11", "2010/11"),
        ("2019/2020", "2019/20"), ("2019–2021", "2019–2021"), ("Q1 2019", "2019-Q1"), ("2019 Q4", "2019-Q4"),
        ("March 2019", "2019-03"),
    ],
)  # fmt: skip
def test_a_period_is_a_year_a_year_of_account_a_quarter_or_a_month(printed: str, read: str) -> None:
    assert DateColumn().read_period(printed) == read


def test_a_year_of_account_that_may_be_a_month_is_decided_by_its_column() -> None:
    with pytest.raises(UnreadableDate):
        DateColumn().read_period("2010-11")
    years, months = DateColumn(), DateColumn()
    years.add(["2010-11", "2012-13"])
    months.add(["2010-11", "2010-12"])
    assert (years.read_period("2010-11"), months.read_period("2010-11")) == ("2010/11", "2010-11")


def test_periods_are_in_order_of_their_end() -> None:
    periods = ["2019-03", "2019-Q1", "2019", "2019/20", "2018–2020", "2020"]
    assert sorted(sorted(periods), key=period_order) == periods
