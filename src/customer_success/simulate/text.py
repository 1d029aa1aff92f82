"""What people write: composed from small parts, plus texts that are hard to process."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from .columns import pick

NEGATIVE, NEUTRAL, POSITIVE = range(3)

_SUBJECTS = {
    "ease of use": (
        "the interface",
        "setting up a new pet",
        "finding the settings",
        "the calendar",
    ),
    "features": ("the reminder feature", "photo sharing", "the template feature", "the QR codes"),
    "support": ("your support team", "the help desk", "the agent who answered", "customer service"),
    "price": ("the price", "what Premium costs", "the monthly cost", "the value for money"),
    "reliability": ("the app", "syncing between phones", "the notifications", "the login"),
    "performance": (
        "the loading time",
        "the photo upload",
        "the dashboard",
        "the speed of the app",
    ),
    "billing": ("the invoice", "the last charge", "the refund", "the billing page"),
}
_TEMPLATES = {
    NEGATIVE: (
        "{s} is terrible and I am really frustrated",
        "I am disappointed with {s}, this is a waste of time",
        "{s} is confusing and nobody helps",
        "{s} failed again, that is unacceptable",
        "I am annoyed: {s} has been broken for days",
        "honestly {s} is awful and far too slow",
        "{s} keeps crashing and I am angry about it",
    ),
    NEUTRAL: (
        "I have a question about {s}",
        "could you tell me how {s} works",
        "we are looking at {s} this week",
        "{s} changed since the last version",
        "please check {s} for our household",
    ),
    POSITIVE: (
        "I love {s}, thank you so much",
        "{s} is excellent and easy to use",
        "we are very happy with {s}",
        "{s} works great for our dogs and cats",
        "thanks, {s} is wonderful and saves us time",
        "{s} is fast and reliable, great work",
    ),
}
_TAILS = {
    NEGATIVE: ("", " Please fix this.", " We are thinking about cancelling.", " Very unhappy."),
    NEUTRAL: ("", " Thanks in advance.", " We have two cats.", " It is about the iPad."),
    POSITIVE: ("", " Keep it up!", " My whole family uses it.", " I would recommend it."),
}
_FOREIGN = {
    NEGATIVE: (
        "Die App stürzt ständig ab, ich bin sehr enttäuscht von dem Kundendienst.",
        "El servicio es muy malo y la aplicación no funciona desde hace una semana.",
        "C'est beaucoup trop cher et personne ne répond à mes messages.",
    ),
    NEUTRAL: (
        "Wie kann ich einen zweiten Hund zu unserem Haushalt hinzufügen?",
        "¿Cómo puedo cambiar el horario de los recordatorios de mi gato?",
        "ペットの写真を追加する方法を教えてください。",
    ),
    POSITIVE: (
        "Wir sind sehr zufrieden, vielen Dank für die schnelle Hilfe.",
        "Me encanta la aplicación, es muy fácil de usar para toda la familia.",
        "Merci beaucoup, l'application est vraiment pratique pour notre chien.",
    ),
}
ODD = (
    "She said \"it works\", but it doesn't; see 'log'",
    "first line\nsecond line\r\n\tthird line with a tab",
    "so good 🐶🐱❤️👍🏽",
    "\u202eabc\u200f right to left \u200f\u202c and back",
    "{{ config(materialized='table') }} and {% raw %} braces",
    "<script>alert('hi')</script> <b>bold</b> &amp; <img src=x onerror=alert(1)>",
    '=HYPERLINK("http://example.org","click")',
    "'; drop table users; --",
    "comma, semicolon; pipe | backslash \\ percent % and null-like NULL",
    "   ",
)


def _pool(feeling: int) -> pa.Array:
    sentences = []
    for subjects in _SUBJECTS.values():
        for subject in subjects:
            for template in _TEMPLATES[feeling]:
                for tail in _TAILS[feeling]:
                    body = template.format(s=subject)
                    sentences.append(body[0].upper() + body[1:] + "." + tail)
    return pa.array(sentences)


_PLAIN = [_pool(feeling) for feeling in (NEGATIVE, NEUTRAL, POSITIVE)]
_ALL = pa.concat_arrays(
    [*_PLAIN, *(pa.array(_FOREIGN[f]) for f in (NEGATIVE, NEUTRAL, POSITIVE)), pa.array([*ODD, ""])]
)
_SIZES = np.array([len(p) for p in _PLAIN])
_BEGIN = np.r_[0, np.cumsum(_SIZES)][:3]
_FOREIGN_BEGIN = int(_SIZES.sum())
_ODD_BEGIN = _FOREIGN_BEGIN + 9
_EMPTY = len(_ALL) - 1

_FIRST = [
    "Ada",
    "Ben",
    "Chloé",
    "Dmitri",
    "Elif",
    "Farid",
    "Grace",
    "Hana",
    "Igor",
    "Joana",
    "Kofi",
    "Lena",
    "Marta",
    "Nils",
    "Oksana",
    "Pablo",
    "Quinn",
    "Rosa",
    "Søren",
    "Tariq",
    "Uma",
    "Zoë",
]
_LAST = [
    "Andersen",
    "Brown",
    "Chen",
    "Díaz",
    "Eriksson",
    "Fischer",
    "García",
    "Hansen",
    "Ivanova",
    "Jones",
    "Kim",
    "López",
    "Müller",
    "Nguyen",
    "O'Neil",
    "Park",
    "Rossi",
    "Sato",
    "Smith",
]
NAMES = pa.array([f"{a} {b}" for a in _FIRST for b in _LAST])
PET_NAMES = ("Bella", "Milo", "Luna", "Rex", "Nala", "Oscar", "Coco", "Simba", "Kiwi", "Pepper")
SPECIES = ("dog", "cat", "rabbit", "bird", "reptile")


def people_names(number: np.ndarray) -> pa.Array:
    """A full name for each user number."""
    return pick(NAMES, (number * 7919) % len(NAMES))


def comments(feeling: np.ndarray, rng, null: float = 0.0, empty: float = 0.0) -> pa.Array:
    """A text for each feeling (0 negative, 1 neutral, 2 positive); some null, empty or odd."""
    u = rng.random((2, len(feeling)))
    index = _BEGIN[feeling] + (u[1] * _SIZES[feeling]).astype(np.int64)
    foreign = u[0] > 0.96
    index = np.where(foreign, _FOREIGN_BEGIN + 3 * feeling + (3 * u[1]).astype(int), index)
    odd = (u[0] > 0.945) & ~foreign
    index = np.where(odd, _ODD_BEGIN + (len(ODD) * u[1]).astype(int), index)
    index = np.where(u[0] < empty, _EMPTY, index)
    return pick(_ALL, np.where(u[0] < null, -1, index))
