"""Classes of characters: written out, as ranges, by category, and what is taken off them again."""

from __future__ import annotations

import unicodedata
from functools import partial

from engine.execution.expression_errors import ExpressionError
from engine.execution.feel.pattern_program import Fits

ESCAPES = {"n": "\n", "r": "\r", "t": "\t"} | {sign: sign for sign in "\\|.?*+(){}-[]^$"}
_BLOCKS = {
    "BasicLatin": (0x0000, 0x007F),
    "Latin-1Supplement": (0x0080, 0x00FF),
    "LatinExtended-A": (0x0100, 0x017F),
    "LatinExtended-B": (0x0180, 0x024F),
    "Greek": (0x0370, 0x03FF),
    "GreekandCoptic": (0x0370, 0x03FF),
    "Cyrillic": (0x0400, 0x04FF),
    "Armenian": (0x0530, 0x058F),
    "Hebrew": (0x0590, 0x05FF),
    "Arabic": (0x0600, 0x06FF),
    "Devanagari": (0x0900, 0x097F),
    "Thai": (0x0E00, 0x0E7F),
    "GeneralPunctuation": (0x2000, 0x206F),
    "CurrencySymbols": (0x20A0, 0x20CF),
    "Hiragana": (0x3040, 0x309F),
    "Katakana": (0x30A0, 0x30FF),
    "CJKUnifiedIdeographs": (0x4E00, 0x9FFF),
    "HangulSyllables": (0xAC00, 0xD7AF),
}
_CATEGORIES = frozenset(
    [
        "L",
        "Lu",
        "Ll",
        "Lt",
        "Lm",
        "Lo",
        "M",
        "Mn",
        "Mc",
        "Me",
        "N",
        "Nd",
        "Nl",
        "No",
        "P",
        "Pc",
        "Pd",
        "Ps",
        "Pe",
        "Pi",
        "Pf",
        "Po",
        "Z",
        "Zs",
        "Zl",
        "Zp",
        "S",
        "Sm",
        "Sc",
        "Sk",
        "So",
        "C",
        "Cc",
        "Cf",
        "Co",
        "Cn",
    ]
)


def either_case(sign: str) -> frozenset[str]:
    """Give a character in both its cases."""
    return frozenset({sign, sign.lower(), sign.upper(), sign.swapcase()})


def _category(wanted: str, sign: str) -> bool:
    return unicodedata.category(sign).startswith(wanted)


def _block(low: int, high: int, sign: str) -> bool:
    return low <= ord(sign) <= high


def _space(sign: str) -> bool:
    return sign in " \t\n\r"


def _digit(sign: str) -> bool:
    return unicodedata.category(sign) == "Nd"


def _word(sign: str) -> bool:
    return unicodedata.category(sign)[0] not in "PZC"


def _name_start(sign: str) -> bool:
    return sign.isalpha() or sign in "_:"


def _name(sign: str) -> bool:
    return _name_start(sign) or sign in ".-\u00b7" or unicodedata.category(sign)[0] in "MN"


def _opposite(fits: Fits, sign: str) -> bool:
    return not fits(sign)


def _any_of(parts: tuple[Fits, ...], sign: str) -> bool:
    return any(fits(sign) for fits in parts)


def _in_either_case(fits: Fits, sign: str) -> bool:
    return any(fits(other) for other in either_case(sign) if len(other) == 1)


def _without(fits: Fits, taken: Fits, sign: str) -> bool:
    return fits(sign) and not taken(sign)


_KINDS: dict[str, Fits] = {"s": _space, "d": _digit, "w": _word, "i": _name_start, "c": _name}


class ClassReading:
    """Reads what stands in square brackets, and kinds of characters behind a backslash."""

    def __init__(self, source: str, *, ignores_case: bool) -> None:
        self.source = source
        self.ignores_case = ignores_case
        self.at = 0

    def broken(self) -> ExpressionError:
        """Refuse the pattern at its present place."""
        return ExpressionError(
            "pattern_unread",
            "The pattern “{pattern}” cannot be read at character {place}.",
            pattern=self.source,
            place=self.at + 1,
        )

    def char_kind(self, sign: str) -> Fits:
        """Give the kind behind a backslash, such as `\\d` or `\\p{Lu}`."""
        if sign in ("p", "P"):
            fits = self.category()
        elif sign and sign.lower() in _KINDS:
            fits = _KINDS[sign.lower()]
        else:
            raise self.broken()
        return partial(_opposite, fits) if sign.isupper() else fits

    def category(self) -> Fits:
        end = self.source.find("}", self.at)
        if not self.source.startswith("{", self.at) or end < 0:
            raise self.broken()
        name = self.source[self.at + 1 : end]
        if name.startswith("Is") and name[2:] in _BLOCKS:
            fits: Fits = partial(_block, *_BLOCKS[name[2:]])
        elif name in _CATEGORIES:
            fits = partial(_category, name)
        else:
            raise self.broken()
        self.at = end + 1
        return fits

    def char_class(self, depth: int = 0) -> Fits:
        """Take a class up to its closing bracket; the opening one is taken."""
        negated = self.source.startswith("^", self.at)
        self.at += negated
        parts: list[Fits] = []
        taken: Fits | None = None
        while not self.source.startswith("]", self.at) or not parts:
            if self.source.startswith("-[", self.at) and parts and depth < 20:
                self.at += 2
                taken = self.char_class(depth + 1)
                break
            parts.append(self.member())
        if not self.source.startswith("]", self.at):
            raise self.broken()
        self.at += 1
        fits: Fits = partial(_any_of, tuple(parts))
        if self.ignores_case:
            fits = partial(_in_either_case, fits)
        if negated:
            fits = partial(_opposite, fits)
        return partial(_without, fits, taken) if taken else fits

    def member(self) -> Fits:
        low = self.single()
        if not isinstance(low, str):
            return low
        following = self.source[self.at + 1 : self.at + 2]
        if not self.source.startswith("-", self.at) or following in ("]", "[", ""):
            return low.__eq__
        self.at += 1
        high = self.single()
        if not isinstance(high, str) or low > high:
            raise self.broken()
        return partial(_block, ord(low), ord(high))

    def single(self) -> str | Fits:
        sign = self.source[self.at : self.at + 1]
        if sign in ("", "[", "]"):
            raise self.broken()
        self.at += 1
        if sign != "\\":
            return sign
        escaped = self.source[self.at : self.at + 1]
        self.at += 1
        return ESCAPES[escaped] if escaped in ESCAPES else self.char_kind(escaped)
