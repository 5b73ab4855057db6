//! Abbreviations and words that begin sentences, as data.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

/// What the full stop of an abbreviation can mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Abbreviation {
    /// The sentence goes on.
    Never,
    /// The sentence ends before a word that often begins one.
    Maybe,
    /// The sentence goes on before a number; otherwise it is no abbreviation.
    Number,
    /// The sentence ends before any capital.
    Final,
}

type ByLanguage<T> = HashMap<&'static str, T>;

static ABBREVIATIONS: LazyLock<ByLanguage<HashMap<&'static str, Abbreviation>>> = LazyLock::new(|| {
    let mut languages: ByLanguage<HashMap<_, _>> = HashMap::new();
    for line in data(include_str!("abbreviations.txt")) {
        let mut words = line.split_whitespace();
        let (Some(language), Some(class)) = (words.next(), words.next()) else { continue };
        let class = match class {
            "never" => Abbreviation::Never,
            "maybe" => Abbreviation::Maybe,
            "number" => Abbreviation::Number,
            _ => Abbreviation::Final,
        };
        languages.entry(language).or_default().extend(words.map(|word| (word, class)));
    }
    languages
});

/// Endings of longer words that are abbreviated: *-sekr* for *Staatssekr.*
static ENDINGS: LazyLock<ByLanguage<Vec<&'static str>>> = LazyLock::new(|| {
    let of = |words: &HashMap<&'static str, Abbreviation>| {
        let mut endings: Vec<_> = words.keys().filter_map(|word| word.strip_prefix('-')).collect();
        endings.sort_unstable();
        endings
    };
    ABBREVIATIONS.iter().map(|(&language, words)| (language, of(words))).collect()
});

static STARTERS: LazyLock<ByLanguage<HashSet<&'static str>>> = LazyLock::new(|| {
    let mut languages: ByLanguage<HashSet<_>> = HashMap::new();
    for line in data(include_str!("starters.txt")) {
        let mut words = line.split_whitespace();
        let Some(language) = words.next() else { continue };
        languages.entry(language).or_default().extend(words);
    }
    languages
});

fn data(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.starts_with('#'))
}

/// What `word`, written without its last full stop and without blanks, abbreviates in a language, if anything.
pub(super) fn abbreviation(word: &str, language: &str) -> Option<Abbreviation> {
    let in_language = |language| ABBREVIATIONS.get(language)?.get(word).copied();
    in_language(language).or_else(|| in_language("*")).or_else(|| {
        let endings = ENDINGS.get(language)?;
        let ends = |ending: &&str| word.len() > ending.len() && word.ends_with(*ending);
        endings.iter().any(ends).then_some(Abbreviation::Never)
    })
}

/// Whether a capitalised `word` more often begins a sentence than goes on with one.
pub(super) fn starts_sentences(word: &str, language: &str) -> bool {
    // The longest starter has fewer bytes than this.
    word.len() <= 24
        && STARTERS.get(language).is_some_and(|words| words.contains(word.to_lowercase().as_str()))
}

/// Whether a language's starters are known.
pub(super) fn knows_starters(language: &str) -> bool {
    STARTERS.contains_key(language)
}

/// Months as they stand after an ordinal: *3. Oktober*.
pub(super) fn is_month(word: &str) -> bool {
    const MONTHS: &[&str] = &[
        "Januar",
        "Jänner",
        "Februar",
        "Feber",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
        "Jan",
        "Jän",
        "Feb",
        "Mär",
        "Apr",
        "Jun",
        "Jul",
        "Aug",
        "Sep",
        "Sept",
        "Okt",
        "Nov",
        "Dez",
        "Januars",
        "Juno",
        "Julei",
    ];
    MONTHS.contains(&word)
}

/// Words after which a number with a full stop is an ordinal: *am 3., im 19.*
pub(super) fn calls_for_ordinal(word: &str) -> bool {
    const WORDS: &[&str] = &[
        "der", "die", "das", "den", "dem", "des", "am", "im", "zum", "zur", "vom", "beim", "ab", "bis",
        "seit", "und", "bis", "ein", "eine", "einem", "einen", "einer", "sein", "seinem", "seinen", "ihrem",
        "ihren", "ihr", "seine", "ihre", "ins", "ans", "jeder", "jeden", "jedem", "dieser", "diesem",
        "unser", "unserem",
    ];
    WORDS.contains(&word.to_lowercase().as_str())
}

/// Nouns that a number or letter follows as a label: *Seite 12, Linie 7, Plan B*.
pub(super) fn takes_label(word: &str) -> bool {
    const WORDS: &[&str] = &[
        "Absatz",
        "Abschnitt",
        "Abteilung",
        "Akt",
        "Anlage",
        "Artikel",
        "Band",
        "Bild",
        "Block",
        "Buchstabe",
        "Drucksache",
        "Einzelplan",
        "Fall",
        "Frage",
        "Gruppe",
        "Halle",
        "Hepatitis",
        "Jahr",
        "Jahre",
        "Kapitel",
        "Kategorie",
        "Klasse",
        "Linie",
        "Nummer",
        "Paragraf",
        "Paragraph",
        "Plan",
        "Platz",
        "Punkt",
        "Regel",
        "Satz",
        "Schritt",
        "Seite",
        "Szene",
        "Tabelle",
        "Tagesordnungspunkt",
        "Teil",
        "These",
        "Typ",
        "Variante",
        "Version",
        "Vitamin",
        "Zeile",
        "Ziffer",
        "Zimmer",
        "Zone",
        "Zusatzpunkt",
    ];
    WORDS.contains(&word)
}

/// Words that leave a phrase open, so that a line which ends in one is not a heading.
pub(super) fn leaves_open(word: &str) -> bool {
    const WORDS: &[&str] = &[
        "der", "die", "das", "den", "dem", "des", "ein", "eine", "einen", "einem", "einer", "eines", "und",
        "oder", "sowie", "bzw.", "von", "vom", "in", "im", "mit", "für", "auf", "zu", "zum", "zur", "bei",
        "beim", "nach", "aus", "an", "am", "um", "über", "unter", "vor", "durch", "gegen", "ohne",
        "zwischen", "dass", "als", "the", "a", "of", "and", "or", "to", "for", "with",
    ];
    WORDS.contains(&word)
}

/// Interjections of a protocol's brackets: *(Beifall bei …*.
pub(super) fn opens_protocol_bracket(word: &str) -> bool {
    const WORDS: &[&str] = &[
        "Beifall",
        "Lachen",
        "Heiterkeit",
        "Zuruf",
        "Zurufe",
        "Widerspruch",
        "Unruhe",
        "Zustimmung",
        "Gegenruf",
        "Abg",
        "Anhaltender",
        "Lebhafter",
        "Langanhaltender",
        "Große",
        "Glocke",
    ];
    WORDS.contains(&word)
}
