//! Given names of which one is the other's feminine: *Gabriel* and *Gabriele* sound alike, and are two people.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// How men's names end and what women's names make of it, without marks and doubled consonants. Most names in *-a* are told
/// apart by sound already. *-e* makes a feminine after few endings only: *Philippe, Alexandre, George* are men.
const ENDINGS: &[(&str, &[&str])] = &[
    ("al", &["ale", "alie"]),
    ("an", &["anie"]),
    ("d", &["da"]),
    ("e", &["ee"]),
    ("ean", &["eane"]),
    ("eas", &["ea"]),
    ("el", &["ele"]),
    ("ian", &["iane", "iene", "ine"]),
    ("ic", &["ike", "ique"]),
    ("ich", &["ike"]),
    ("ien", &["iene"]),
    ("ik", &["ike", "ique"]),
    ("il", &["ilie", "ily"]),
    ("is", &["isa", "ise"]),
    ("o", &["a"]),
    ("on", &["one", "onie"]),
    ("t", &["ta"]),
    ("tin", &["tine"]),
    ("ul", &["ule"]),
    ("us", &["a"]),
];
/// Shorter names are syllables: *Le* and *Lee*.
const SHORTEST: usize = 3;

/// Whether one of two given names that sound alike ends as a man's in Latin letters, and the other as the woman's that is
/// made of it.
pub(super) fn are_man_and_woman(one: &str, other: &str) -> bool {
    let (one, other) = (letters(one), letters(other));
    let is_made_of = |woman: &str, man: &str| {
        let mut endings = ENDINGS.iter().filter(|(ending, _)| man.ends_with(ending));
        man.len() >= SHORTEST && endings.any(|(_, made)| made.iter().any(|ending| woman.ends_with(ending)))
    };
    is_made_of(&one, &other) || is_made_of(&other, &one)
}

fn letters(name: &str) -> String {
    let mut letters: Vec<char> =
        name.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect();
    letters.dedup_by(|a, b| a == b && !"aeiou".contains(*a));
    letters.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_womans_name_is_made_of_a_mans() {
        for (man, woman) in [
            ("Gabriel", "Gabrielle"),
            ("René", "Renée"),
            ("Ulrich", "Ulrike"),
            ("Andreas", "Andrea"),
            ("Claudius", "Claudia"),
            ("Leon", "Leonie"),
        ] {
            assert!(are_man_and_woman(man, woman) && are_man_and_woman(woman, man), "{man} / {woman}");
        }
        for (one, other) in [
            ("Philipp", "Philippe"),
            ("Marie", "Maria"),
            ("Sophie", "Sofia"),
            ("Le", "Lee"),
            ("Lukas", "Luka"),
        ] {
            assert!(!are_man_and_woman(one, other), "{one} / {other}");
        }
    }
}
