"""Strict F1 in other languages, through the program as if the model read them; three labels, OTH ignored.

    python scripts/recognize/languages.py --shared SHARED --program target/release/namenlese --model models/german

Held out: the test half of FactRuEval 2016 (gold, Russian news) and the first 2,000 fragments of each language of WikiANN
(silver: titles and links of Wikipedia). The Europarl sentences were in training and only show what the model could learn.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "train"))
import data as sources

FRAGMENTS = 2000


def wikiann(ner: Path, language: str) -> list[list[sources.Sentence]]:
    path = next((ner / "wikiann" / language).glob("train.*"))
    # Two layouts: number, word, tag; or word with its language before it, tag.
    columns = (0, 1) if path.suffix == ".conll" else (1, 2)
    found = sources.sentences(path, "wikiann", (), lambda kind, _: kind, *columns, "\t")
    for sentence in found:
        sentence.words = [word.removeprefix(language + ":") for word in sentence.words]
    return [[sentence] for sentence in found[:FRAGMENTS]]


def europarl(ner: Path, language: str) -> list[list[sources.Sentence]]:
    path = ner / f"europarl/{language}-europarl.test.conll02"
    return sources.chunks(sources.sentences(path, "europarl", (), sources.misc, 0, 1, None))


def conll(documents) -> str:
    return "".join(
        "-DOCSTART-\tO\n\n"
        + "".join(
            "".join(f"{word}\t{label or 'O'}\n" for word, label in zip(sentence.words, sentence.labels)) + "\n"
            for sentence in document
        )
        for document in documents
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--program", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--fast", action="store_true", help="the fast size")
    options = parser.parse_args()
    ner = options.shared / "data/ner"
    every = ["de", "en", "es", "fr", "it", "nl", "pl", "ru"]
    tests = [("ru", "FactRuEval 2016, test half", sources.factrueval(ner / "factrueval2016/testset"))]
    tests += [(l, "WikiANN, silver", wikiann(ner, l)) for l in every if (ner / "wikiann" / l).exists()]
    tests += [(l, "Europarl, seen in training", europarl(ner, l)) for l in ("de", "en", "es", "it")]
    print("| language | data | names | F1 | PER | LOC | ORG |\n|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        # The same model, said to read everything.
        for file in ("model.safetensors", "tokenizer.json", "fast.safetensors"):
            (folder / file).symlink_to((options.model / file).resolve())
        model = folder / "fast.safetensors" if options.fast else folder
        config = json.loads((options.model / "config.json").read_text())
        (folder / "config.json").write_text(json.dumps(config | {"languages": every}))
        for language, name, documents in tests:
            file = folder / "gold.conll"
            file.write_text(conll(documents), encoding="utf-8")
            command = [options.program, "evaluate", "ner", "--json", "--labels", "PER,LOC,ORG", "--assume", language]
            done = subprocess.run([*command, "--model", model, file], capture_output=True, check=True)
            scores = json.loads(done.stdout)
            names = sum(label == "B-" + kind for d in documents for s in d for label in s.labels for kind in ("PER", "LOC", "ORG"))
            cells = [scores["micro"]["f1"], *(scores["labels"].get(kind, {"f1": 0})["f1"] for kind in ("PER", "LOC", "ORG"))]
            print(f"| {language} | {name} | {names} | {' | '.join(f'{100 * cell:.1f}' for cell in cells)} |", flush=True)


if __name__ == "__main__":
    main()
