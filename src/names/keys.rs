//! Blocking keys: two spellings of one name should share a key, and few other names should. Lossy; never shown.
//!
//! A key joins the consonant skeleton of one part with the beginning of another's, so that *Müller* alone does not make a
//! block. Skeletons follow the idea of Soundex and its kin (Christen, *Data Matching*, 2012, ch. 4), taken over the readings
//! of a part instead of over its letters.

use super::{
    name::{Name, Part, Role},
    phoneme::Sounds,
    token::Token,
};
use std::hash::{DefaultHasher, Hash, Hasher};

/// Consonant classes that conventions do not cross. The rest is silent.
const CLASSES: [(char, &str); 8] = [
    ('P', "bp"),
    ('F', "vf"),
    ('T', "dt8"),
    ('K', "gkx"),
    ('S', "zsZS"),
    ('L', "l"),
    ('R', "r"),
    ('N', "mn"),
];
const MOST_SKELETONS: usize = 6;
const MOST_PATHS: usize = 24;

/// The blocking keys of a name, sorted, without doubles. Names without letters have none.
pub fn keys(name: &Name) -> Vec<u64> {
    let cores: Vec<&Part> = name.parts.iter().filter(|part| part.role == Role::Core).collect();
    let skeletons: Vec<Vec<String>> = cores.iter().map(|part| skeletons(&part.token)).collect();
    let mut keys = Vec::new();
    if cores.len() == 1 {
        keys.extend(skeletons[0].iter().map(|skeleton| hash(&["one", skeleton])));
    }
    let last = cores.len().saturating_sub(1);
    for main in [0, last] {
        for (partner, others) in skeletons.iter().enumerate() {
            // In long names only the ends meet each other.
            if partner == main || (cores.len() > 4 && partner != 0 && partner != last) {
                continue;
            }
            for skeleton in &skeletons[main] {
                for other in others {
                    let start: String = other.chars().take(2).collect();
                    keys.push(hash(&["two", skeleton, &start]));
                }
            }
        }
    }
    // An initial stands for a whole part.
    if cores.len() == 1 {
        for initial in name.parts.iter().filter(|part| part.role == Role::Initial) {
            for skeleton in &skeletons[0] {
                keys.extend(
                    initials(&initial.token).map(|class| hash(&["initial", skeleton, &class.to_string()])),
                );
            }
        }
    } else if let (Some(first), Some(family)) = (cores.first(), skeletons.last()) {
        for skeleton in family {
            keys.extend(initials(&first.token).map(|class| hash(&["initial", skeleton, &class.to_string()])));
        }
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}

fn hash(parts: &[&str]) -> u64 {
    // The standard hasher with its fixed keys: the same value in every run of one build, and keys never leave a run.
    let mut hasher = DefaultHasher::new();
    parts.hash(&mut hasher);
    hasher.finish()
}

/// The classes of a set of sounds; `None` stands for silence.
fn classes(sounds: Sounds) -> impl Iterator<Item = Option<char>> {
    let spoken = CLASSES.into_iter().filter(move |(_, members)| members.chars().any(|c| sounds.has(c)));
    spoken.map(|(class, _)| Some(class)).chain(sounds.may_be_silent().then_some(None))
}

fn initials(token: &Token) -> impl Iterator<Item = char> {
    let sounds = token.initial();
    sounds.into_iter().flat_map(classes).map(|class| class.unwrap_or('A'))
}

/// The consonant skeletons of a part, at most [`MOST_SKELETONS`]; `A` where there are no consonants.
fn skeletons(token: &Token) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    token.paths(MOST_PATHS, &mut |path| {
        let mut open = vec![String::new()];
        for &sounds in path {
            let choices: Vec<_> = classes(sounds).collect();
            let mut next = Vec::with_capacity(open.len() * choices.len());
            for stem in &open {
                for choice in &choices {
                    let mut stem = stem.clone();
                    match *choice {
                        // An affricate is a hiss: ts, tS, dZ.
                        Some('S') if stem.ends_with('T') => {
                            stem.pop();
                            if !stem.ends_with('S') {
                                stem.push('S');
                            }
                        }
                        Some(class) if !stem.ends_with(class) => stem.push(class),
                        _ => {}
                    }
                    if !next.contains(&stem) {
                        next.push(stem);
                    }
                }
            }
            next.truncate(MOST_SKELETONS);
            open = next;
        }
        for skeleton in open {
            if found.len() < MOST_SKELETONS && !found.contains(&skeleton) {
                found.push(skeleton);
            }
        }
    });
    for skeleton in &mut found {
        if skeleton.is_empty() {
            skeleton.push('A');
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(a: &str, b: &str) -> bool {
        let (a, b) = (keys(&Name::new(a)), keys(&Name::new(b)));
        a.iter().any(|key| b.contains(key))
    }

    #[test]
    fn spellings_of_one_name_meet_in_a_block() {
        for (a, b) in [
            ("Nikita Chruschtschow", "Nikita Khrushchev"),
            ("Nikita Chruschtschow", "Никита Хрущёв"),
            ("Kim Jong-un", "김정은"),
            ("Viktor Orbán", "Orban Viktor"),
            ("W. Muster", "Wilhelm Muster"),
            ("Hassan al-Muster", "Hasan Muster"),
        ] {
            assert!(share(a, b), "{a} / {b}");
        }
        assert!(!share("Nikita Chruschtschow", "Leonid Breschnew"));
        assert!(keys(&Name::new("…")).is_empty());
    }
}
