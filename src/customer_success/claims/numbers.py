"""Numbers of a statement, read from its words. docs/claims.md has the rules, with examples."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

PERCENT, TIMES, MONEY, POINTS, HOURS, MINUTES, DAYS, PLAIN = (
    "percent", "times", "money", "points", "hours", "minutes", "days", "plain",
)  # fmt: skip
AT_LEAST, AT_MOST = "at_least", "at_most"

_MONTH = (
    "(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sep(?:t(?:ember)?)?"
    r"|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b\.?"
)
_YEAR = r"(?:19|20)\d{2}"
_COUNTED = r"(?:members|customers|households|users|people|points|hours|dollars|euros|USD|EUR|tickets)"
# Dates, periods and names with digits are no claimed numbers. Case matters: May is a month, may is not.
_NOT_CLAIMED = re.compile(
    "|".join(
        [
            r"\b\d{4}-\d{2}-\d{2}\b",
            r"\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b",
            rf"\b{_YEAR}-(?:W\d{{2}}|\d{{2}})\b",
            rf"\b(?:Q[1-4]|H[12])(?:[\s/-]*{_YEAR})?\b",
            rf"\b{_YEAR}[\s/-]*(?:Q[1-4]|H[12])\b",
            r"\bFY\s?\d{2,4}\b",
            rf"\b(?:[12]?\d|3[01])(?:st|nd|rd|th|\.)?\s+{_MONTH}(?:\s+{_YEAR})?",
            rf"\b{_MONTH}\s+(?:[12]?\d|3[01])(?:(?:st|nd|rd|th)\b|,?\s+{_YEAR}\b)(?:,?\s+{_YEAR}\b)?",
            rf"\b{_MONTH}\s+{_YEAR}\b",
            r"\btrailing[_ -]\d+(?:\s+days)?\b",
            r"\b(?:week|month|quarter|year|day)[-\s]\d+\b",
            r"\b\d+(?:st|nd|rd|th)\b",
            r"\b24/7\b",
            rf"(?<![\d$€£.,+−-])\b{_YEAR}\b(?!\s*(?:%|percent|per cent|{_COUNTED}\b)|[.,]\d|\d|k\b|x\b)",
            r"\b[A-Za-z_]+\d\w*",
        ]
    )
)
_LONG = r"(?:days?|weeks?|months?|quarters?|years?)"
_SHORT = r"(?:hours?|hrs?|h|minutes?|mins?|seconds?|secs?)"
_DURATION = re.compile(rf"(?<![\d.,])\b\d+(?:[.,]\d+)?[\s-]*(?:{_LONG}|{_SHORT})\b", re.I)
# Of a metric in hours only these are durations: hours and days are what it claims.
_DURATION_BESIDE_HOURS = re.compile(
    rf"\b(?:last|past|previous|trailing|rolling|next)\s+\d+[\s-]*{_LONG}\b"
    rf"|(?<![\d.,])\b\d+[\s-]*(?:weeks?|months?|quarters?|years?)\b|\b\d+[\s-]*days?\s+(?:ago|earlier)\b",
    re.I,
)
_FIGURE = r"(?:\d+(?:[.,'’\u00a0\u202f]\d+)*|[.,]\d+)"
_NUMBER = re.compile(
    r"(?P<sign>(?<![\w\d])[-−–+]|\bminus\s+)?\s?(?P<money>[$€£]|\b(?:USD|EUR|GBP)\s)?(?P<late>[-−])?"
    rf"(?<![\w.,])(?P<figure>{_FIGURE})"
    r"(?P<size>\s?(?:thousand|million|billion|bn|mn|[kKmM](?![\w])))?"
    r"(?P<unit>\s?(?:%|pp\b)|\s?(?:percentage points?|per ?cent|percent|pct)\b|\s?(?:x|times)\b"
    r"|\s?(?:dollars?|euros?|USD|EUR|GBP|€|\$|£)(?!\w)|[\s-]points?\b|[\s-]?(?:hours?|hrs?|h)\b"
    r"|[\s-]?(?:minutes?|mins?)\b|[\s-]?days?\b)?",
)
_WORDS = {
    "twice": 2.0, "double": 2.0, "doubled": 2.0, "doubles": 2.0, "triple": 3.0, "tripled": 3.0,
    "half": 0.5, "halved": 0.5, "halves": 0.5,
}  # fmt: skip
_WORD = re.compile(rf"\b(?:{'|'.join(_WORDS)})\b", re.I)
_SIZES = {"k": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "million": 1e6, "bn": 1e9, "billion": 1e9}
_FILLING = r"(?:\s+(?:an?|the|of|our|nps|csat|auc|nrr|grr|score|rate|about|some|is|than|by))*\s*$"
_BEFORE = (
    (AT_MOST, r"no more than|not more than|no higher than|not over|not above|at most|less than|fewer than"
              r"|lower than|faster than|below|under|up to|within|maximum|max|≤|<=|<"),
    (AT_LEAST, r"no less than|no fewer than|not less than|no lower than|not below|not under|at least"
               r"|more than|higher than|greater than|better than|over|above|exceed(?:s|ed|ing)?|beyond"
               r"|minimum|min|≥|>=|>"),
)  # fmt: skip
_AFTER = (
    (AT_LEAST, r"\s*(?:\+|or (?:more|better|higher|above|greater)\b|and (?:more|above|up)\b|at least\b)"),
    (AT_MOST, r"\s*(?:or (?:less|fewer|lower|below|under|faster)\b|at most\b|and (?:less|below)\b)"),
)


@dataclass(frozen=True)
class Number:
    """A number of a statement: what it may mean (two where separators are ambiguous), its unit and bound.

    ``high`` is the upper end of a range such as 92 to 96%, ``whole`` the 5 of 4 of 5. ``bound`` is at_least
    or at_most where the words beside it mean that.
    """

    text: str
    values: tuple[float, ...]
    unit: str
    start: int
    end: int
    high: float | None = None
    whole: float | None = None
    bound: str | None = None


def read_numbers(statement: str, unit: str | None = None) -> list[Number]:
    """Return the numbers of a statement in their order; durations in hours only count for ``unit`` hours."""
    text = _NOT_CLAIMED.sub(_blank, statement)
    text = (_DURATION_BESIDE_HOURS if unit == HOURS else _DURATION).sub(_blank, text)
    found = [number for match in _NUMBER.finditer(text) if (number := _of_match(match))]
    found += [
        Number(match[0], (_WORDS[match[0].lower()],), TIMES, *match.span()) for match in _WORD.finditer(text)
    ]
    return [_bounded(number, text) for number in _joined(sorted(found, key=lambda n: n.start), text)]


def readings(figure: str) -> tuple[float, ...]:
    """What digits with separators may mean: ``1,234`` is 1234 in English and 1.234 in German."""
    digits = re.sub("['’\u00a0\u202f]", "", figure)
    points, commas = digits.count("."), digits.count(",")
    if not points and not commas:
        return (float(digits),)
    if points and commas:
        decimal = max(".,", key=digits.rfind)
        whole, part = digits.rsplit(decimal, 1)
        thousands = "," if decimal == "." else "."
        return (float(f"{whole.replace(thousands, '')}.{part}"),) if decimal not in whole else ()
    separator = "." if points else ","
    parts = digits.split(separator)
    grouped = 1 <= len(parts[0]) <= 3 and all(len(part) == 3 for part in parts[1:])
    if len(parts) > 2:
        return (float("".join(parts)),) if grouped else ()
    decimal = float(f"{parts[0] or '0'}.{parts[1]}")
    return (decimal, float("".join(parts))) if grouped and parts[0].strip("0") else (decimal,)


def _blank(match: re.Match) -> str:
    return " " * len(match[0])


def _of_match(match: re.Match) -> Number | None:
    values = readings(match["figure"])
    if not values:
        return None
    sign = -1.0 if (match["sign"] or match["late"] or "").strip() in ("-", "−", "–", "minus") else 1.0
    size = _SIZES[match["size"].strip().lower()] if match["size"] else 1.0
    if match["size"] and len(values) > 1:  # 1.234 million is a decimal
        values = values[:1]
    return Number(
        match[0].strip(), tuple(sign * size * value for value in values), _unit(match), *match.span()
    )


def _unit(match: re.Match) -> str:
    phrase = (match["unit"] or "").strip(" -").lower()
    if match["money"] or re.match("dollar|euro|usd|eur|gbp|€|\\$|£", phrase):
        return MONEY
    if phrase in ("x", "times"):
        return TIMES
    if phrase == "%" or phrase == "pp" or phrase.startswith(("per", "pct")):
        return PERCENT
    for unit, beginning in ((POINTS, "point"), (HOURS, "h"), (MINUTES, "min"), (DAYS, "day")):
        if phrase.startswith(beginning):
            return unit
    return PLAIN


def _joined(numbers: list[Number], text: str) -> list[Number]:
    """Join the two ends of a range, and a part with its whole."""
    joined: list[Number] = []
    for number in numbers:
        before = joined[-1] if joined else None
        between = text[before.end : number.start] if before else ""
        dash = number.text[:1] in "-−–" or re.fullmatch(r"\s*[-−–—]\s*", between)
        if before and before.high is None and before.whole is None:
            led = text[: before.start].rstrip().lower()
            by_word = re.fullmatch(r"\s*(?:to|through|bis)\s*", between) and not led.endswith("from")
            by_two = re.fullmatch(r"\s*and\s*", between) and led.endswith("between")
            if (dash and not between.strip(" -−–—")) or by_word or by_two:
                joined[-1] = _range(before, number, text)
                continue
            if re.fullmatch(r"\s*(?:out of|of|in|/)\s*", between) and number.unit == before.unit == PLAIN:
                whole = text[before.start : number.end].strip()
                joined[-1] = replace(before, text=whole, whole=number.values[0], end=number.end)
                continue
        joined.append(number)
    return joined


def _range(low: Number, high: Number, text: str) -> Number:
    unit = high.unit if low.unit == PLAIN else low.unit
    end = abs(high.values[0]) if high.text[:1] in "-−–" else high.values[0]
    phrase = text[low.start : high.end].strip()
    return replace(low, text=phrase, values=low.values[:1], high=end, unit=unit, end=high.end)


def _bounded(number: Number, text: str) -> Number:
    for bound, words in _BEFORE:
        if re.search(rf"(?<!\w)(?<!no )(?<!not )(?:{words}){_FILLING}", text[: number.start], re.I):
            return replace(number, bound=bound)
    for bound, words in _AFTER:
        if re.match(words, text[number.end :], re.I):
            return replace(number, bound=bound)
    return number
