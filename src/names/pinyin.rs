//! Hanyu Pinyin: syllables of a beginning and an end.

const INITIALS: &[&str] = &[
    "zh", "ch", "sh", "b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h", "j", "q", "x", "r", "z", "c",
    "s", "y", "w", "",
];
const FINALS: &[&str] = &[
    "a", "o", "e", "ai", "ei", "ao", "ou", "an", "en", "ang", "eng", "ong", "er", "i", "ia", "ie", "iao",
    "iu", "ian", "in", "iang", "ing", "iong", "u", "ua", "uo", "uai", "ui", "uan", "un", "uang", "ue", "ü",
    "üe",
];

/// The syllables of a word in small letters, one or two, if it is made of nothing else.
pub(super) fn syllables(word: &str) -> Option<Vec<(&str, &str)>> {
    if let Some(one) = syllable(word) {
        return Some(vec![one]);
    }
    let mut cuts = word.char_indices().map(|(at, _)| word.split_at(at));
    cuts.find_map(|(one, other)| Some(vec![syllable(one)?, syllable(other)?]))
}

fn syllable(word: &str) -> Option<(&str, &str)> {
    INITIALS.iter().find_map(|initial| {
        let end = word.strip_prefix(initial).filter(|end| FINALS.contains(end))?;
        let fits = match *initial {
            "j" | "q" | "x" => end.starts_with(['i', 'u', 'ü']),
            "g" | "k" | "h" => !end.starts_with('i'),
            _ => true,
        };
        fits.then(|| word.split_at(initial.len()))
    })
}

/// Whether two words of Pinyin are two by a vowel alone, before the same end: *Ping* and *Peng*. Pinyin has one spelling for
/// each syllable.
pub(super) fn differ(one: &[char], other: &[char]) -> bool {
    // Of one ending and in most letters: most words are out here.
    if one.len() != other.len() || one.last() != other.last() {
        return false;
    }
    let [one, other]: [String; 2] = [one, other].map(|letters| letters.iter().collect());
    let (Some(one), Some(other)) = (syllables(&one), syllables(&other)) else { return false };
    let (mut same, mut alike) = (true, one.len() == other.len());
    for ((begin, end), (other_begin, other_end)) in one.into_iter().zip(other) {
        let (tail, other_tail) = (behind_first(end), behind_first(other_end));
        let by_vowel = !tail.is_empty() && tail == other_tail;
        let spelt = is_spelt(begin, end) && is_spelt(other_begin, other_end);
        alike &= begin == other_begin && (end == other_end || by_vowel && spelt);
        same &= end == other_end;
    }
    alike && !same
}

fn behind_first(end: &str) -> &str {
    end.char_indices().nth(1).map_or("", |(at, _)| &end[at..])
}

/// Whether Pinyin has a syllable of these, where the end is nasal: *Wong* is another convention's *Wang*, *Yen* its *Yan*,
/// and the *din* of *Ladin* is not Chinese.
fn is_spelt(initial: &str, end: &str) -> bool {
    let initials: &[&str] = match end {
        "an" | "ang" | "eng" => &["j", "q", "x"],
        "en" => &["d", "t", "l", "j", "q", "x", "y"],
        "in" => &["d", "t", "zh", "ch", "sh", "r", "z", "c", "s", "w"],
        "ing" => &["f", "zh", "ch", "sh", "r", "z", "c", "s", "w"],
        "ong" => &["b", "p", "m", "f", "sh", "w"],
        "un" => &["b", "p", "m", "f", "w"],
        _ => &[],
    };
    !(initials.contains(&initial) || initial == "y" && end == "eng")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_apart_into_syllables() {
        assert_eq!(syllables("zhou"), Some(vec![("zh", "ou")]));
        assert_eq!(syllables("jinping"), Some(vec![("j", "in"), ("p", "ing")]));
        assert_eq!([syllables("karl"), syllables("jo"), syllables("")], [None, None, None]);
    }

    #[test]
    fn syllables_of_one_convention_differ_by_their_vowel() {
        let apart = |one: &str, other: &str| {
            differ(&one.chars().collect::<Vec<_>>(), &other.chars().collect::<Vec<_>>())
        };
        assert!(apart("peng", "ping") && apart("xiaoping", "xiaopeng"));
        assert!(!apart("ping", "ping") && !apart("wong", "wang") && !apart("yen", "yan"));
        assert!(!apart("müler", "muler") && !apart("muler", "müler"));
        assert!(!apart("ladin", "laden") && !apart("nuri", "nouri") && !apart("mursi", "morsi"));
    }
}
