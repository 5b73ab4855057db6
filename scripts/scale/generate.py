"""Synthetic corpora of any size: short German reports about people and places, as JSON Lines, and the list of their people.

    python3 scripts/scale/generate.py FOLDER DOCUMENTS [--seed 1]

FOLDER/documents/NNNN.jsonl holds 10,000 records each (text, title, date); FOLDER/people.csv is a gazetteer of every name as
written, so that the recogniser by lists finds all of them. Words are those of German at the top of the list and made of
syllables below, and fall by Zipf's law. Who is named follows the two-parameter Poisson-Dirichlet process (Pitman and Yor,
1997): with discount d the number of people grows as the number of mentions to the power d (Heaps' law), and how often they
are named falls by Zipf's law with exponent 1/d. Names are made of syllables; given and family names are shared between people
by Zipf's law, too; a person is spelt by up to three conventions. Two reports in a hundred are copies of an earlier one. The
same seed writes the same bytes.
"""

import argparse
import array
import csv
import json
import random
from pathlib import Path

PER_FILE = 10_000
DISCOUNT, CONCENTRATION = 0.6, 100.0
SHARE_OF_COPIES = 0.02

ONSETS = "b w g d sch s k l m n p r t ch z tsch h br gr st kr f fr j".split()
SPELT = {"sch": ("sch", "sh", "ch"), "w": ("w", "v", "v"), "tsch": ("tsch", "ch", "tch"), "ch": ("ch", "kh", "kh"), "z": ("z", "ts", "ts")}
VOWELS = "a e i o u".split()
ENDINGS = "ow in ski enko er mann itsch jan a el os berg".split()
PLACES = (
    "Berlin Hamburg München Köln Frankfurt Stuttgart Leipzig Dresden Bremen Hannover Wien Zürich Genf Bern Paris London Rom Madrid Warschau "
    "Prag Budapest Kiew Moskau Ankara Kairo Peking Tokio Seoul Pjöngjang Washington Brüssel Oslo Stockholm Kopenhagen Helsinki Athen "
    "Deutschland Frankreich Polen Russland China Japan Ukraine Österreich Italien Spanien Nordkorea Südkorea Indien Brasilien Kanada Türkei "
    "Ägypten Nigeria Kenia Mexiko Argentinien Chile Iran Irak Syrien Israel Griechenland Schweden Norwegen Finnland Dänemark"
).split()
ORGANISATIONS = ["NATO", "UNESCO", "Weltbank", "Europäische Union", "Vereinte Nationen", "Europarat", "OPEC"]
FREQUENT = (
    "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass sie nach wird bei einer "
    "um am sind noch wie einem über einen so zum war haben nur oder aber vor zur bis mehr durch man sein wurde sei"
).split()
VOCABULARY = 40_000


def word(number: int, convention: int, is_family: bool) -> str:
    """The word of a number, the same whenever it is asked for."""
    rng = random.Random(number * 2 + is_family)
    made = ""
    for _ in range(rng.randint(1, 2) + (not is_family)):
        onset = rng.choice(ONSETS)
        made += SPELT.get(onset, (onset,) * 3)[convention] + rng.choice(VOWELS)
    made += rng.choice(ENDINGS) if is_family else rng.choice(["n", "r", "", "a"])
    return made.capitalize()


class People:
    """Draws who is named next."""

    def __init__(self, rng: random.Random):
        self.rng = rng
        self.mentioned = array.array("I")
        self.names: list[list[str]] = []

    def zipf(self, most: int) -> int:
        return int(most ** self.rng.random())

    def again(self) -> int:
        """Somebody named before, in proportion to how often less the discount: a first mention is passed over by so much."""
        while True:
            person, is_first = divmod(self.mentioned[self.rng.randrange(len(self.mentioned))], 2)
            if not is_first or self.rng.random() >= DISCOUNT:
                self.mentioned.append(person << 1)
                return person

    def draw(self) -> str:
        rng, people = self.rng, len(self.names)
        if rng.random() * (CONCENTRATION + len(self.mentioned)) < CONCENTRATION + DISCOUNT * people:
            given, family = self.zipf(2_000), self.zipf(200_000)
            conventions = rng.sample(range(3), k=rng.choice([1, 1, 2, 3]))
            self.names.append(sorted({f"{word(given, c, False)} {word(family, c, True)}" for c in conventions}))
            person = people
            self.mentioned.append(person << 1 | 1)
        else:
            person = self.again()
        return rng.choice(self.names[person])


class Writer:
    """Writes sentences of words that fall by Zipf's law, with names between them."""

    def __init__(self, rng: random.Random, people: People):
        self.rng = rng
        other = [word(-number, 0, False) + "en" for number in range(2, VOCABULARY)]
        self.words = FREQUENT + [one if number % 3 else one.lower() for number, one in enumerate(other)]
        self.names = {
            "": lambda: "",
            "person": people.draw,
            "place": lambda: "in " + PLACES[int(len(PLACES) ** rng.random()) - 1],
            "organisation": lambda: rng.choice(ORGANISATIONS),
        }

    def words_of(self, least: int, most: int) -> str:
        rng, words = self.rng, self.words
        return " ".join(words[int(len(words) ** rng.random()) - 1] for _ in range(rng.randint(least, most)))

    def sentence(self) -> str:
        first, second = self.rng.choices(list(self.names), weights=[4, 4, 3, 1], k=2)
        parts = [self.words_of(2, 5), self.names[first](), self.words_of(2, 6), self.names[second](), self.words_of(1, 4)]
        made = " ".join(part for part in parts if part)
        return made[0].upper() + made[1:] + "."

    def report(self, number: int) -> dict:
        date = f"{2000 + number % 25}-{1 + number // 25 % 12:02}-{1 + number // 300 % 28:02}"
        text = " ".join(self.sentence() for _ in range(self.rng.randint(3, 9)))
        return {"title": f"Meldung {number}", "date": date, "text": text}


def generate(folder: Path, count: int, seed: int) -> People:
    rng = random.Random(seed)
    people = People(rng)
    writer = Writer(rng, people)
    (folder / "documents").mkdir(parents=True, exist_ok=True)
    earlier = None
    for first in range(0, count, PER_FILE):
        with open(folder / f"documents/{first // PER_FILE:04}.jsonl", "w", encoding="utf-8") as file:
            for number in range(first, min(first + PER_FILE, count)):
                made = earlier if earlier and rng.random() < SHARE_OF_COPIES else writer.report(number)
                if rng.random() < 0.01:
                    earlier = made
                file.write(json.dumps(made, ensure_ascii=False) + "\n")
    with open(folder / "people.csv", "w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["name", "label"])
        rows.writerows((name, "PER") for name in sorted({name for names in people.names for name in names}))
    return people


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("documents", type=int)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    people = generate(options.folder, options.documents, options.seed)
    print(f"{options.documents} documents, {len(people.mentioned)} mentions of {len(people.names)} persons")


if __name__ == "__main__":
    main()
