"""Dates as a reader says them."""

import calendar


def say_date(date: str | None) -> str:
    """Return a date of the data (year, month or day) as a reader says it: 25 August 2021."""
    if not date:
        return "no date"
    year, *rest = date.split("-")
    month = [calendar.month_name[int(rest[0])]] if rest else []
    day = [str(int(rest[1]))] if len(rest) > 1 else []
    return " ".join([*day, *month, year])
