"""In which encoding a file was written: by its mark, by what it can be, at last by its letters.

A code page has no mark. Each that may be meant is tried over all words of the file that hold
more than ASCII, and weighed by how usual its letters are in one language that is written with it.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from integrations.base.texts import say

from .characters import word_of
from .headings import LANGUAGES

# codec -> what staff read; in the order of a choice
NAMES = {
    "utf-8": "UTF-8",
    "cp1252": say("Western European (Windows-1252)"),
    "cp1250": say("Central European (Windows-1250)"),
    "cp1251": say("Cyrillic (Windows-1251)"),
    "cp1253": say("Greek (Windows-1253)"),
    "cp1254": say("Turkish (Windows-1254)"),
    "cp1255": say("Hebrew (Windows-1255)"),
    "cp1256": say("Arabic (Windows-1256)"),
    "cp1257": say("Baltic (Windows-1257)"),
    "iso8859_2": say("Central European (ISO 8859-2)"),
    "iso8859_15": say("Western European (ISO 8859-15)"),
    "koi8_r": say("Cyrillic (KOI8-R)"),
    "mac_roman": say("Western European (Macintosh)"),
    "mac_latin2": say("Central European (Macintosh)"),
    "cp850": say("Western European (DOS)"),
    "cp852": say("Central European (DOS)"),
    "cp866": say("Cyrillic (DOS)"),
    "iso8859_5": say("Cyrillic (ISO 8859-5)"),
    "mac_cyrillic": say("Cyrillic (Macintosh)"),
    "iso8859_7": say("Greek (ISO 8859-7)"),
    "mac_greek": say("Greek (Macintosh)"),
    "cp857": say("Turkish (DOS)"),
    "mac_turkish": say("Turkish (Macintosh)"),
    "cp874": say("Thai (Windows-874)"),
    "cp1258": say("Vietnamese (Windows-1258)"),
    "cp932": say("Japanese (Shift JIS)"),
    "euc_jp": say("Japanese (EUC-JP)"),
    "gb18030": say("Chinese (GB 18030)"),
    "cp950": say("Chinese (Big5)"),
    "cp949": say("Korean (EUC-KR)"),
    "utf-16-le": "UTF-16",
    "utf-16-be": say("UTF-16, big-endian"),
}
MOST_WORDS = 20_000
# How rare a code page is beside others, for where the letters alone do not decide (log of odds).
_RARE = {
    "cp1252": 0.0,
    "cp1250": 0.9,
    "cp1251": 0.5,
    "cp1253": 0.9,
    "cp1254": 0.9,
    "cp1255": 0.9,
    "cp1256": 0.9,
    "cp1257": 1.6,
    "iso8859_2": 2.2,
    "iso8859_15": 2.0,
    "koi8_r": 2.5,
    "mac_roman": 2.2,
    "mac_latin2": 3.2,
    "cp850": 2.6,
    "cp852": 3.0,
    "cp866": 2.6,
    "iso8859_5": 3.2,
    "mac_cyrillic": 3.2,
    "iso8859_7": 1.6,
    "mac_greek": 3.2,
    "cp857": 3.2,
    "mac_turkish": 3.2,
    "cp874": 0.9,
}
_PAGES = {
    "cp1252": "de fr es pt it nl sv da no fi is et",
    "iso8859_15": "de fr es pt it nl sv da no fi",
    "mac_roman": "de fr es pt it nl sv da no",
    "cp850": "de fr es pt it nl sv da no",
    "cp1250": "pl cs sk hu ro hr sl de",
    "iso8859_2": "pl cs sk hu ro hr sl de",
    "mac_latin2": "pl cs sk hu hr sl de",
    "cp852": "pl cs sk hu ro hr sl de",
    "cp1251": "ru uk bg",
    "koi8_r": "ru",
    "cp866": "ru",
    "iso8859_5": "ru uk bg",
    "mac_cyrillic": "ru uk bg",
    "iso8859_7": "el",
    "mac_greek": "el",
    "cp857": "tr",
    "mac_turkish": "tr",
    "cp874": "th",
    "cp1253": "el",
    "cp1254": "tr de fr",
    "cp1255": "he",
    "cp1256": "ar",
    "cp1257": "lt lv et",
}
# language -> letters in the order of their frequency: usual | less so | rare
_LETTERS = {
    "de": "ü ä ö ß||é è",
    "fr": "é|è à ç ê|ô î â û ë ï ù œ ü ÿ",
    "es": "ó í á|é ñ ú|ü ï ç",
    "pt": "ã á ç é|í ó ê õ|ú â à ô",
    "it": "|à è ò ù ì|é",
    "nl": "|é ë|ï ö ü è ó",
    "sv": "ä å ö|é|ü",
    "da": "ø æ å|é|ö ü",
    "no": "ø å|æ é|ö ü ò",
    "fi": "ä|ö|å š ž",
    "is": "ð á í|þ ó ö æ ú|é ý",
    "pl": "ł ą ę ó ż ś|ć ń|ź",
    "cs": "á í é ř ě š č ž ý|ů ú|ň ó ť ď",
    "sk": "á í é č š ž ý|ú ľ ť ô|ň ä ó ď ĺ ŕ",
    "hu": "á é|ö ó ő|ü í ú ű",
    "ro": "ă ț ţ ș ş|â î|",
    "hr": "š č ć ž|đ|",
    "sl": "č š ž||ć đ",
    "tr": "ı ş ğ|ü ç ö İ|â î û",
    "lt": "ė š ž ų|ū ą č į ę|",
    "lv": "ā ī ē š|ž ņ ū ļ|č ģ ķ",
    "et": "ä ü õ|ö|š ž",
    "ru": "о е а и н т с р в л|к м д п у я ы ь г з б ч й х|ж ш ю ц щ э ф ъ ё",
    "uk": "о а н и і в р т е с|к л у д м п я з ь б г й х ч|ї є ж ш ю ц щ ф ґ",
    "bg": "а и о е т н р с в л|д к п м з у я г б ъ ч|ц й ж щ х ф ш ю ь",
    "he": "י ו ה ל א|מ ת ר ב ש נ ח ד|ע כ ק פ ם ן ס ט ג צ ז ך ף ץ ״ ׳",
    "ar": "ا ل ي م و ن|ر ت ب ة ع د س ف ه ك|ق ح أ ج ش ط ص ى خ إ ذ ز ث ئ ض غ ظ ء ؤ آ",
    "el": "α ο ι ε τ σ ν η υ ρ|π κ μ λ ς ω ά ί ό έ ή θ δ γ|ύ χ φ β ξ ζ ψ ώ ϊ ΐ ϋ ΰ",
    "th": "า น ร อ ก เ ง ่ ั ี ้ ม ย ล|ว ด ท ส ต ิ ะ ป บ ค ห ์ แ ุ จ ไ|"
    "ช พ ื ู ข ใ ำ ็ โ ถ ณ ผ ญ ศ ธ ษ ภ ซ ึ ฐ ฉ ฟ ฝ ฮ ๊ ๋ ฎ ฏ ฑ ฒ ฆ ฤ ฬ ฌ ๆ ฯ",
}
_EAST_ASIAN = {"cp949": "ko", "cp932": "ja", "euc_jp": "ja", "gb18030": "zh", "cp950": "zh"}
_WEIGHTS = (-4.0, -5.5, -7.5)
_WHOLE_ALPHABET = dict.fromkeys(
    ("ru", "uk", "bg", "el", "he", "ar", "th"), 2.0
)  # every letter is one of theirs
_CONSONANTS = frozenset("bcdfghjkmnpqstvwxz")
_FOREIGN, _UNUSUAL = -2.0, -5.2
_STRANGE, _NO_LETTER, _NEVER, _TURNED = -9.5, -14.0, -25.0, -9.0
_QUOTES = frozenset("„“”‚‘’–—…«»€§°·№•©®™¿¡´`\u00a0")
_WORD = re.compile(rb"[A-Za-z\x80-\xff'.-]*[\x80-\xff][A-Za-z\x80-\xff'.-]*")
_ASCII_WORD = re.compile(rb"[A-Za-z -]{3,40}")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, how it was read, and whether that was a guess."""

    text: str
    codec: str
    guessed: bool = False

    @property
    def name(self) -> str:
        return NAMES[self.codec]


def decode(content: bytes, codec: str = "") -> Decoded:
    """The text of a file; `codec` is one of NAMES where somebody has chosen it."""
    marks = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
    for mark, marked in marks:
        if content.startswith(mark):
            content, codec = content[len(mark) :], codec if codec in NAMES else marked
            break
    if codec in NAMES:
        return Decoded(content.decode(codec, errors="replace"), codec)
    if wide := _wide(content):
        return Decoded(content.decode(wide, errors="replace"), wide)
    try:
        return Decoded(content.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        pass
    if _nearly_utf8(content):
        return Decoded(_of_two(content), "utf-8", guessed=True)
    best = _guess(content)
    return Decoded(content.decode(best, errors="replace"), best, guessed=True)


def _wide(content: bytes) -> str:
    """UTF-16 without a mark: nearly every other byte is the same, mostly zero."""
    head = content[:4000]
    if len(head) < 4 or len(content) % 2:
        return ""
    for codec, high in (("utf-16-le", head[1::2]), ("utf-16-be", head[0::2])):
        if high.count(0) > 0.6 * len(high):
            return codec
        # Other alphabets: nearly every other byte is one of two, and neither stands in a text.
        usual = Counter(high).most_common(2)
        if all(byte < 9 for byte, _ in usual) and sum(n for _, n in usual) > 0.9 * len(high):
            return codec
    return ""


def _nearly_utf8(content: bytes) -> bool:
    """Whether it is UTF-8 but for a few bytes or lines, as where two files were put together."""
    if _lost(content) * 5 <= _kept(content):
        return True
    lines = [line for line in content.splitlines() if not line.isascii()]
    return sum(_lost(line) == 0 for line in lines) * 2 >= len(lines)


def _lost(content: bytes) -> int:
    return content.decode("utf-8", errors="replace").count("\ufffd")


def _kept(content: bytes) -> int:
    text = content.decode("utf-8", errors="replace")
    return sum(1 for sign in text if ord(sign) > 127 and sign != "\ufffd")


def _of_two(content: bytes) -> str:
    """The text of a file of which some lines are UTF-8 and others are not."""
    lines = content.splitlines(keepends=True)
    other = [line for line in lines if _lost(line) and not _kept(line)]
    page = _guess(b"".join(other)) if other else ""
    return "".join(
        line.decode(page if _lost(line) and not _kept(line) else "utf-8", errors="replace")
        for line in lines
    )


# What the two bytes of a letter look like where somebody read UTF-8 as Windows-1252.
_GARBLED = re.compile(
    r"[^\s,;\t\"@]{0,20}(?:[ÃÄÅ][\u0080-\u00bfŒœŠšŸŽžƒˆ˜–—‘’‚“”„†‡•…‰‹›€™])[^\s,;\t\"@]{0,20}"
)


def garbled(text: str) -> str:
    """A word of the text that was read in a wrong encoding before it came here; else nothing."""
    for found in _GARBLED.finditer(text[:200_000]):
        try:
            found[0].encode("cp1252").decode("utf-8")
        except UnicodeError:
            continue
        return found[0]
    return ""


def _guess(content: bytes) -> str:
    words = Counter(_WORD.findall(content))
    some = dict(words.most_common(MOST_WORDS))
    spoken = _spoken(content)
    scores = {
        page: _score(some, page, spoken, _languages(content[:4000], page)) - _RARE[page]
        for page in _PAGES
    }
    best = max(scores, key=lambda page: scores[page])
    signs = sum(min(n, 3) * len(re.findall(rb"[\x80-\xff]", word)) for word, n in some.items())
    wide = _east_asian(content)
    if wide and (scores[best] < _UNUSUAL * max(signs, 1) or _has_headings(content, wide)):
        return wide
    return best


def _has_headings(content: bytes, codec: str) -> bool:
    """Whether the first lines hold headings of a language that this encoding is for."""
    return _EAST_ASIAN[codec] in _languages(content[:4000], codec)


def _languages(head: bytes, codec: str) -> Counter[str]:
    """The languages of the headings in the first lines, as this encoding reads them."""
    lines = head.decode(codec, errors="replace").splitlines()[:10]
    cells = [cell for line in lines for cell in re.split(r"[,;\t|]", line) if not cell.isascii()]
    return Counter(language for cell in cells for language in LANGUAGES.get(word_of(cell), ()))


def _spoken(content: bytes) -> Mapping[str, float]:
    """Languages in which the headings are, as far as they are written in ASCII."""
    found: Counter[str] = Counter()
    for line in content[:20_000].splitlines()[:30]:
        for word in _ASCII_WORD.findall(line):
            languages = LANGUAGES.get(word_of(word.decode("ascii")), set())
            if languages and len(languages) < 4 and "en" not in languages:
                found.update(languages)
    return {language: min(4.0, 2.0 * number) for language, number in found.items()}


def _score(
    words: Mapping[bytes, int], page: str, spoken: Mapping[str, float], named: Mapping[str, int]
) -> float:
    """How well the words read in this code page, in the best of its languages."""
    texts = [(word.decode(page, errors="replace"), n) for word, n in words.items()]
    best = float("-inf")
    for language in _PAGES[page].split():
        weights = _weights(language)
        bonus = spoken.get(language, 0.0) + 8.0 * min(named.get(language, 0), 3)
        # A word that comes often proves little more than one that comes twice.
        total = sum(_weigh(text, weights) * min(n, 3) for text, n in texts) + bonus
        best = max(best, total)
    return best


def _weigh(word: str, weights: Mapping[str, float]) -> float:
    total = _of_start(word)
    mixed = not word.isupper()
    for before, sign, after in zip(f" {word}", word, f"{word[1:]} ", strict=False):
        if ord(sign) > 127:
            total += _of_sign(sign, weights)
        if not (_is_letter(before) and _is_letter(sign)):
            continue
        if mixed and sign.isupper() and ord(sign) > 127:
            total += _TURNED  # "MŸller"
        elif (ord(before) > 0x36F) != (ord(sign) > 0x36F):
            total += _TURNED  # two alphabets in one word
        elif before.islower() and sign.isupper():
            total += _TURNED
        elif sign in "čćřšśźžťď" and {before, after} <= _CONSONANTS | {"r"}:
            total += _FOREIGN  # "Lefčvre"
    return total


def _of_start(word: str) -> float:
    """Names begin with a capital letter; what only looks like letters seldom does."""
    if "\u0e30" <= word[:1] <= "\u0e3a" or "\u0e47" <= word[:1] <= "\u0e4e":
        return _TURNED  # a vowel or tone of Thai without its consonant
    if len(word) < 2 or word[0].isascii():
        return 0.0
    return 1.5 if word[0].isupper() and word[1:].islower() else -1.5 * word[0].islower()


def _is_letter(sign: str) -> bool:
    return sign.isalpha() or "\u0e30" <= sign <= "\u0e4e"  # the vowels and tones of Thai


def _of_sign(sign: str, weights: Mapping[str, float]) -> float:
    if sign in _QUOTES:
        return _STRANGE
    if sign.isalpha() or sign in weights:
        return weights.get(sign if sign == "İ" else sign.lower(), _STRANGE)
    return _NEVER if sign == "\ufffd" or not sign.isprintable() else _NO_LETTER


@lru_cache(maxsize=64)
def _weights(language: str) -> dict[str, float]:
    more = _WHOLE_ALPHABET.get(language, 0.0)
    return {
        letter: weight + more
        for weight, letters in zip(_WEIGHTS, _LETTERS[language].split("|"), strict=True)
        for letter in letters.split()
    }


def _east_asian(content: bytes) -> str:
    """An encoding with two bytes to a sign, where all of it reads as such and not in between."""
    found: list[tuple[float, str]] = []
    for codec in _EAST_ASIAN:
        try:
            text = content.decode(codec)
        except UnicodeDecodeError:
            continue
        signs = [sign for sign in text if ord(sign) > 127]
        usual = sum(_is_usual(sign, codec) for sign in signs) / max(len(signs), 1)
        if not re.search(r"[A-Za-z][\u3040-\ud7a3]|[\u3040-\ud7a3][A-Za-z]", text):
            found.append((usual, codec))
    share, codec = max(found, key=lambda one: one[0], default=(0.0, ""))
    return codec if share > 0.6 else ""


def _is_usual(sign: str, codec: str) -> bool:
    """Kana, Hangul, and the Han signs that the old national sets put first."""
    if codec == "cp932":
        return "\u3040" <= sign <= "\u30ff" or sign.encode("cp932", "replace")[0] < 0x98
    if codec == "cp949":
        return "\uac00" <= sign <= "\ud7a3" and len(sign.encode("euc_kr", "ignore")) == 2
    raw = sign.encode(codec, "replace")
    if codec == "euc_jp":
        return "\u3040" <= sign <= "\u30ff" or 0xB0 <= raw[0] <= 0xCF
    return (0xB0 <= raw[0] <= 0xD7) if codec == "gb18030" else (0xA4 <= raw[0] <= 0xC6)
