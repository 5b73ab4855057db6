//! Which word of a full name is the family name.

/// The family name of a full name: its last word, or the first where the name is built like a Chinese or Korean one.
/// Nothing for a name of one word.
///
/// A name is built so if its first word is one syllable and the rest two at most, all of them as Hanyu Pinyin writes them,
/// or joined by a hyphen with a small letter behind it.
///
/// ```
/// use namenlese::names::family_name;
/// assert_eq!(family_name("Eva Muster"), Some("Muster"));
/// assert_eq!(family_name("Deng Xiaoping"), Some("Deng"));
/// assert_eq!(family_name("Pak Mi-na"), Some("Pak"));
/// assert_eq!(family_name("Muster"), None);
/// ```
pub fn family_name(full: &str) -> Option<&str> {
    let (first, rest) = full.split_once(' ')?;
    let last = full.rsplit(' ').next()?;
    Some(if is_family_first(first, rest) { first } else { last })
}

fn is_family_first(first: &str, rest: &str) -> bool {
    let given: Vec<&str> = rest.split([' ', '-']).collect();
    let chinese = syllables(first) == Some(1)
        && given.iter().try_fold(0, |sum, word| Some(sum + syllables(word)?)).is_some_and(|sum| sum <= 2);
    let korean = matches!(given[..], [one, other] if rest.contains('-')
        && other.starts_with(char::is_lowercase)
        && [first, one, other].iter().all(|word| vowel_groups(word) == 1));
    chinese || korean
}

const INITIALS: &[&str] = &[
    "zh", "ch", "sh", "b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h", "j", "q", "x", "r", "z", "c",
    "s", "y", "w", "",
];
const FINALS: &[&str] = &[
    "a", "o", "e", "ai", "ei", "ao", "ou", "an", "en", "ang", "eng", "ong", "er", "i", "ia", "ie", "iao",
    "iu", "ian", "in", "iang", "ing", "iong", "u", "ua", "uo", "uai", "ui", "uan", "un", "uang", "ue", "ü",
    "üe",
];

/// How many syllables of Pinyin a word has, one or two, if it is made of nothing else.
fn syllables(word: &str) -> Option<usize> {
    let word = word.to_lowercase();
    if is_syllable(&word) {
        return Some(1);
    }
    let mut cuts = word.char_indices().map(|(at, _)| word.split_at(at));
    cuts.any(|(one, other)| is_syllable(one) && is_syllable(other)).then_some(2)
}

fn is_syllable(word: &str) -> bool {
    let fits = |initial: &&&str| {
        word.strip_prefix(**initial).is_some_and(|end| match **initial {
            "j" | "q" | "x" => FINALS.contains(&end) && end.starts_with(['i', 'u', 'ü']),
            "g" | "k" | "h" => FINALS.contains(&end) && !end.starts_with('i'),
            _ => FINALS.contains(&end),
        })
    };
    INITIALS.iter().any(|initial| fits(&initial))
}

fn vowel_groups(word: &str) -> usize {
    let vowels = word.to_lowercase().chars().map(|letter| "aeiouyäöü".contains(letter)).collect::<Vec<_>>();
    vowels.chunk_by(|a, b| a == b).filter(|group| group[0]).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_family_name_is_first_only_where_the_name_is_built_so() {
        for name in ["Anna Li", "Karl Weber", "Marine Lepen", "Tim Wang", "Max Krug-Vogt", "Jo von Moor"] {
            assert_eq!(family_name(name), name.rsplit(' ').next(), "{name}");
        }
        for name in ["Zhou Enlai", "Hu Shi", "Lü Buwei", "Jin Yong Hua", "Yun Seok-yeol", "Qin Gang"] {
            assert_eq!(family_name(name), name.split(' ').next(), "{name}");
        }
    }
}
