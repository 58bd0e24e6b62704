"""Words at which the description of a place ends: what people do, who they are, numbers of other kinds."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hotline_bridge.anonymiser.pieces import Known
from hotline_bridge.anonymiser.words import Word

PERSONS = ("titles_before", "titles_after", "self", "done_to", "name_before")
OTHERS = ("phone", "account", "car", "iin", "paper", "not_phone", "work_verb")
# Endings of verbs: Russian, as they are written; in folded form Kazakh and Uzbek, and Tajik, whose beginnings tell as well.
RUSSIAN = re.compile(r"(?:[еиюуя]т|ат|ем|[еи]шь|[еий]те|т[ьи]|л[аио]?|[стлн]ся|сь|[жчшщлнр]у|рю|[уаяеню]ю)$")
TURKIC = re.compile(r"(?:m[ia]n|mi[zs]|[aei]?di[mk]?|ti[mk]?|[iae][pb]|siz?|sin|ni?z|s[ea]|ganmiz|iapti|[ik]m|ir|ik)$")
TAJIK = re.compile(
    r"^(?:na|me|kard|kun|bud|wud|had|h?ast|gir|dor).*(?:[ae]nd|e[md]|am|ast)$"
    r"|(?:[td]and|aa[ns][dt]|onad|ov?ard|aft|omad|aa?em|aam|istod)$"
)
SHORT = 3  # letters of a word that halts nothing by its ending
HOUSE = 4  # digits of a number that may be a house's


@dataclass(frozen=True, slots=True)
class Halts:
    """Tells words that belong to no description of a place."""

    known: Known

    def at(self, word: Word) -> bool:
        """Whether the description ends before this word."""
        if not word.folded:
            return True
        if word.number:
            return len(word.text) > HOUSE
        if any(self.known.cues[cue].has(word) for cue in PERSONS + OTHERS):
            return True
        found = self.known.names.find(word.folded)
        named = found is not None and (found.kind == "sure" or word.capital)
        return named or (len(word.folded) > SHORT and is_verb(word.folded, word.text))


def is_verb(folded: str, written: str) -> bool:
    """Whether the word ends (Tajik: and begins) as verbs do."""
    told = TURKIC.search(folded) or TAJIK.search(folded)
    return told is not None or (written[0] > "z" and RUSSIAN.search(written.casefold()) is not None)
