//! What a name sounds like: the last resort for spellings that no list holds, such as *Iekaterinbourg* or *Олбери*.
//!
//! A name is romanised and its consonants are put into classes, as Soundex and its kin do, with the ambiguous letters
//! of several languages' spelling in each of their values. Places of one such code are then compared letter by letter.
//! Chinese names go by coarser classes, for Chinese writes foreign names in syllables: 斯塔万格 (Sitawange), *Stavanger*.

use super::Place;
use any_ascii::any_ascii;
use std::collections::BTreeSet;

/// How alike the letters of two names of one code must be, from 0 to 1.
const LEAST_ALIKE: f64 = 0.75;
const LEAST_ALIKE_CHINESE: f64 = 0.7;
/// So much more if the code is short.
const SHORT_CODE: f64 = 0.1;
/// What ten times the inhabitants are worth beside likeness.
const WORTH_OF_SIZE: f64 = 0.05;
const WORTH_OF_SIZE_CHINESE: f64 = 0.05;
/// A guess that is so much better than another leaves it out.
const CLEARLY_BETTER: f64 = 0.15;
const MOST_GUESSES: usize = 3;
/// Names that could be read in more ways than this are read in the first of them only.
const MOST_CODES: usize = 32;

/// Places by the sound of their names.
#[derive(Debug)]
pub(super) struct Sounds {
    /// Hash of a code, place, name: sorted, without repetition.
    letters: Vec<(u64, u32, u32)>,
    chinese: Vec<(u64, u32, u32)>,
}

impl Sounds {
    /// Reads the names in Latin script of the cities.
    pub(super) fn new(places: &[Place]) -> Self {
        let (mut letters, mut chinese) = (Vec::new(), Vec::new());
        for (at, place) in places.iter().enumerate().filter(|(_, place)| place.coordinates.is_some()) {
            for (number, name) in place.names.iter().enumerate() {
                let Some(latin) = romanised(name.text).filter(|_| is_latin(name.text)) else { continue };
                let entry = |code: &String| (super::key::hash(code), at as u32, number as u32);
                letters.extend(codes(&latin, Writing::Letters).iter().map(entry));
                if !name.languages.is_empty() || number == 0 {
                    chinese.extend(codes(&latin, Writing::Coarse).iter().map(entry));
                }
            }
        }
        for index in [&mut letters, &mut chinese] {
            index.sort_unstable();
            index.dedup();
        }
        Self { letters, chinese }
    }

    /// The numbers of the places whose name sounds like this one, likeliest first; most often none or one.
    pub(super) fn lookup(&self, name: &str, places: &[Place]) -> Vec<usize> {
        let is_chinese = name.chars().any(|letter| ('\u{3400}'..='\u{9FFF}').contains(&letter));
        let bare = name.trim_end_matches(['市', '区', '區', '县', '縣', '城', '镇', '鎮', '府']);
        let Some(latin) = romanised(bare) else { return Vec::new() };
        let (index, codes, least, worth_of_size) = if is_chinese {
            (&self.chinese, codes(&latin, Writing::Pinyin), LEAST_ALIKE_CHINESE, WORTH_OF_SIZE_CHINESE)
        } else {
            (&self.letters, codes(&latin, Writing::Letters), LEAST_ALIKE, WORTH_OF_SIZE)
        };
        let plain = plain(&if is_chinese { without_filling(bare) } else { latin }, is_chinese);
        let mut best: Vec<(f64, usize)> = Vec::new();
        for code in &codes {
            let hash = super::key::hash(code);
            let from = index.partition_point(|entry| entry.0 < hash);
            for &(_, at, number) in index[from..].iter().take_while(|entry| entry.0 == hash) {
                let place = &places[at as usize];
                let other = romanised(place.names[number as usize].text).unwrap_or_default();
                let alike = likeness(&plain, &self::plain(&other, is_chinese));
                // A short code says little.
                let least = least + if code.len() < 3 { SHORT_CODE } else { 0.0 };
                if alike < least {
                    continue;
                }
                let score = alike + worth_of_size * (place.population as f64 + 1.0).log10();
                match best.iter_mut().find(|one| one.1 == at as usize) {
                    Some(known) => known.0 = known.0.max(score),
                    None => best.push((score, at as usize)),
                }
            }
        }
        best.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
        let top = best.first().map_or(0.0, |one| one.0);
        best.retain(|one| one.0 > top - CLEARLY_BETTER);
        best.into_iter().take(MOST_GUESSES).map(|one| one.1).collect()
    }
}

fn is_latin(name: &str) -> bool {
    name.chars().all(|letter| {
        !letter.is_alphabetic() || letter < '\u{250}' || ('\u{1E00}'..'\u{1F00}').contains(&letter)
    })
}

/// In small Latin letters without anything else; `None` if little is left.
fn romanised(name: &str) -> Option<String> {
    let latin: String = any_ascii(name)
        .chars()
        .filter(char::is_ascii_alphabetic)
        .map(|letter| letter.to_ascii_lowercase())
        .collect();
    (latin.len() >= 4).then_some(latin)
}

/// How a romanised name was written.
#[derive(Clone, Copy, PartialEq)]
enum Writing {
    /// In letters, compared with others in letters.
    Letters,
    /// In letters, compared with Chinese syllables.
    Coarse,
    /// In Chinese syllables.
    Pinyin,
}

/// What groups of letters may stand for, the longer before the shorter. `S` a hushing, `Z` a hissing sound.
const LETTERS: &[(&str, &[&str])] = &[
    ("schtsch", &["S"]),
    ("chzh", &["S"]),
    ("tsz", &["S"]),
    ("sya", &["Z", "S"]),
    ("syu", &["Z", "S"]),
    ("si", &["Z", "S"]),
    ("ng", &["NG", "N"]),
    ("shch", &["S"]),
    ("chtch", &["S"]),
    ("tsch", &["S"]),
    ("dsch", &["S"]),
    ("tch", &["S"]),
    ("dzh", &["S"]),
    ("sch", &["S"]),
    ("sh", &["S"]),
    ("zh", &["S"]),
    ("cz", &["S"]),
    ("sz", &["S", "Z"]),
    ("dj", &["S"]),
    ("ch", &["S", "K"]),
    ("kh", &["K", ""]),
    ("gh", &["G", ""]),
    ("ph", &["F"]),
    ("th", &["T"]),
    ("dh", &["D"]),
    ("bh", &["B"]),
    ("ck", &["K"]),
    ("qu", &["K", "KV"]),
    ("ts", &["Z", "S"]),
    ("tz", &["Z"]),
    ("ce", &["Z", "K", "S"]),
    ("ci", &["Z", "K", "S"]),
    ("cy", &["Z", "K"]),
    ("ge", &["G", "S"]),
    ("gi", &["G", "S"]),
    ("s", &["Z"]),
    ("z", &["Z"]),
    ("x", &["KZ", "Z", "S"]),
    ("j", &["S", "", "K"]),
    ("c", &["K"]),
    ("k", &["K"]),
    ("q", &["K"]),
    ("g", &["G"]),
    ("f", &["F"]),
    ("v", &["V"]),
    ("w", &["V", ""]),
    ("b", &["B"]),
    ("p", &["P"]),
    ("d", &["D"]),
    ("t", &["T"]),
    ("l", &["L"]),
    ("r", &["R"]),
    ("m", &["M"]),
    ("n", &["N"]),
];

/// The same for Chinese syllables: *j, q, x* stand for hushing sounds and for *gi, ki, hi*.
const PINYIN: &[(&str, &[&str])] = &[
    ("zh", &["S"]),
    ("ch", &["S"]),
    ("sh", &["S"]),
    ("er", &["R", ""]),
    ("j", &["S", "K"]),
    ("q", &["S", "K"]),
    ("x", &["S", ""]),
    ("z", &["S"]),
    ("c", &["S"]),
    ("s", &["S"]),
    ("r", &["S"]),
    ("w", &["F", ""]),
    ("f", &["F"]),
    ("h", &["", "K", "F"]),
    ("b", &["P"]),
    ("p", &["P"]),
    ("d", &["T"]),
    ("t", &["T"]),
    ("g", &["K"]),
    ("k", &["K"]),
    ("l", &["R"]),
    ("m", &["M"]),
    ("ng", &["N"]),
    ("n", &["N"]),
];

/// The codes of a romanised name, without doubled classes.
fn codes(latin: &str, writing: Writing) -> BTreeSet<String> {
    let rules = if writing == Writing::Pinyin { PINYIN } else { LETTERS };
    let mut codes: Vec<String> = vec![String::new()];
    let mut rest = latin;
    while let Some(letter) = rest.chars().next() {
        let rule = rules.iter().find(|rule| rest.starts_with(rule.0));
        let taken = rule.map_or(letter.len_utf8(), |rule| rule.0.len());
        let values: Vec<String> = match rule {
            Some((group, values)) if writing == Writing::Coarse => {
                let follows_vowel = rest[taken..].starts_with(['a', 'e', 'i', 'o', 'u', 'y'])
                    || group.len() > 1 && group.ends_with(['e', 'i', 'y']);
                coarse(values, follows_vowel)
            }
            Some((_, values)) => values.iter().map(|value| (*value).to_owned()).collect(),
            None => vec![String::new()],
        };
        let values = if codes.len() * values.len() > MOST_CODES { &values[..1] } else { &values[..] };
        codes = codes.iter().flat_map(|code| values.iter().map(move |value| joined(code, value))).collect();
        rest = &rest[taken..];
    }
    codes.into_iter().filter(|code| !code.is_empty()).collect()
}

fn joined(code: &str, value: &str) -> String {
    let mut code = code.to_owned();
    for class in value.chars() {
        if !code.ends_with(class) {
            code.push(class);
        }
    }
    code
}

/// The classes that Chinese syllables tell apart; a liquid that closes a syllable may be lost.
fn coarse(values: &[&str], before_vowel: bool) -> Vec<String> {
    let class = |class: char| match class {
        'B' | 'P' => 'P',
        'D' | 'T' => 'T',
        'G' | 'K' => 'K',
        'F' | 'V' => 'F',
        'S' | 'Z' => 'S',
        'L' | 'R' => 'R',
        other => other,
    };
    let mut classes: Vec<String> = values.iter().map(|value| value.chars().map(class).collect()).collect();
    if classes == ["R"] && !before_vowel {
        classes.push(String::new());
    }
    classes.dedup();
    classes
}

/// Chinese syllables as the foreign sounds they most often write: *si-ta-wan-ge* becomes *stawang*.
fn without_filling(name: &str) -> String {
    let mut syllables: Vec<String> = Vec::new();
    for letter in any_ascii(name).chars().filter(char::is_ascii_alphabetic) {
        match syllables.last_mut() {
            Some(last) if letter.is_ascii_lowercase() => last.push(letter),
            _ => syllables.push(letter.to_ascii_lowercase().to_string()),
        }
    }
    let mut name = String::new();
    for (at, syllable) in syllables.iter().enumerate() {
        let before_vowel =
            syllables.get(at + 1).is_some_and(|next| next.starts_with(['a', 'e', 'i', 'o', 'u', 'y', 'w']));
        let filling =
            ["si", "te", "ke", "de", "ge", "le", "fu", "pu", "bu", "mu", "zi", "ci", "ze", "ce", "te"];
        name.push_str(match syllable.as_str() {
            "er" if at > 0 => "l",
            "jia" | "qia" => "ka",
            "xia" => "sa",
            // The vowel is there only because a syllable needs one.
            one if at > 0 && !before_vowel && filling.contains(&one) => &one[..1],
            one if at == 0
                && !before_vowel
                && ["si", "ke", "te", "de", "ge", "fu", "pu", "bu"].contains(&one) =>
            {
                &one[..1]
            }
            one => one,
        });
    }
    name
}

/// The letters as they are compared: one letter for one sound, so that likeness is about sound.
fn plain(latin: &str, chinese: bool) -> String {
    let mut plain = latin.to_owned();
    for (from, to) in SOUNDS {
        plain = plain.replace(from, to);
    }
    if chinese {
        let merged = plain.chars().map(|letter| match letter {
            'r' => 'l',
            'b' => 'p',
            'd' => 't',
            'g' => 'k',
            'v' => 'f',
            'z' | 'c' | 'x' | 'j' => 's',
            other => other,
        });
        plain = merged.collect();
    }
    plain
}

const SOUNDS: &[(&str, &str)] = &[
    ("tsch", "c"),
    ("tch", "c"),
    ("tsz", "j"),
    ("dsch", "j"),
    ("chzh", "j"),
    ("dzh", "j"),
    ("sch", "x"),
    ("sh", "x"),
    ("zh", "j"),
    ("kh", "h"),
    ("ch", "c"),
    ("ou", "u"),
    ("w", "v"),
    ("ph", "f"),
    ("ts", "z"),
    ("ck", "k"),
    ("q", "k"),
    ("y", "i"),
    ("ii", "i"),
];

/// What it costs that one letter stands for another, or (`None`) for nothing: vowels and breath are heard less.
fn cost(one: u8, other: Option<u8>) -> f64 {
    let vowel = |letter: u8| b"aeiou".contains(&letter);
    match other {
        Some(other) if one == other => 0.0,
        Some(other) if vowel(one) && vowel(other) => 0.4,
        Some(other) => {
            let near: &[&[u8]] = &[b"cxjszk", b"gkhc", b"vfu", b"bvp", b"dt", b"lr", b"mn", b"ij", b"hg"];
            if near.iter().any(|group| group.contains(&one) && group.contains(&other)) { 0.5 } else { 1.0 }
        }
        None if vowel(one) || one == b'h' => 0.5,
        None => 0.8,
    }
}

/// One less the weighted edit distance per letter of the longer name. Both are ASCII.
fn likeness(one: &str, other: &str) -> f64 {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut row = vec![0.0];
    for &letter in other {
        row.push(row[row.len() - 1] + cost(letter, None));
    }
    for &letter in one {
        let mut diagonal = row[0];
        row[0] += cost(letter, None);
        for (to, &with) in other.iter().enumerate() {
            let swapped = diagonal + cost(letter, Some(with));
            diagonal = row[to + 1];
            row[to + 1] = swapped.min(diagonal + cost(letter, None)).min(row[to] + cost(with, None));
        }
    }
    1.0 - row[other.len()] / one.len().max(other.len()).max(1) as f64
}
