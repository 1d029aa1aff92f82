"""Figures in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence

_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def spoken(name: str) -> str:
    """A name of a column or a rule as words."""
    return name.replace("_", " ")


def percent(share: float) -> str:
    """A share as per cent with as many digits as it takes to tell a small one from none."""
    if 0 < share < 0.0005:
        return "under 0.1%"
    return f"{share:.1%}" if share < 0.0995 and share else f"{share:.0%}"


def signed(value: float, digits: int) -> str:
    """A number with its sign."""
    return f"{value:+.{digits}f}".replace("-", "−")


def money(value: float | None) -> str:
    """Units of the reporting currency."""
    return known(value, ",.2f")


def known(value: object, form: str | Callable[[object], str]) -> str:
    """A value in a format, or by a function that writes it; None is unknown."""
    if value is None:
        return "unknown"
    return form(value) if callable(form) else f"{value:{form}}"


def interval(row: dict, measure: str | None, form: str) -> str:
    """The interval (columns ``<measure>_ci_low``, ``…_ci_high``), or the ``reason`` why there is none."""
    low, high = (row[f"{measure}_ci_{end}" if measure else f"ci_{end}"] for end in ("low", "high"))
    if low is None or high is None:
        return f"interval withheld: {row['reason']}"
    return f"95% interval {low:{form}} to {high:{form}}"


def listed(words: Sequence[str]) -> str:
    """Words with commas and an "and"."""
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def ends(low: float | None, high: float | None, form: str) -> str:
    """An interval in a format, or that there is none."""
    if low is None or high is None:
        return "no interval"
    return f"{low:{form}} to {high:{form}}".replace("-", "−")


def estimate(value: float | None, low: float | None, high: float | None, form: str) -> str:
    """A measured value with its interval, or that it was not measured."""
    if value is None:
        return "not measured"
    return f"{value:{form}}".replace("-", "−") + f" ({ends(low, high, form)})"


def in_words(count: int) -> str:
    """A number as a word up to ten, in digits above."""
    return _SMALL[count] if 0 <= count < len(_SMALL) else f"{count:,}"


def counted(count: int, one: str, many: str = "") -> str:
    """A number of things, in the singular for one."""
    return f"1 {one}" if count == 1 else f"{count:,} {many or one + 's'}"
