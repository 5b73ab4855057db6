//! Blocking keys: two spellings of one name should share a key, and few other names should. Lossy; never shown.
//!
//! A key joins the consonant [skeleton](super::skeleton) of one part with the beginning of another's, so that *Müller* alone
//! does not make a block.

use super::{
    name::{Name, Part, Role},
    skeleton::{Skeleton, classes},
    token::Token,
};

/// What a key is made of; the highest bits tell these apart.
const SINGLE: u64 = 1 << 60;
const PAIR: u64 = 2 << 60;
const INITIAL: u64 = 3 << 60;

/// The blocking keys of a name, sorted, without doubles. Names without letters have none.
///
/// They are the same in every run and on every machine.
pub fn keys(name: &Name) -> Vec<u64> {
    let cores: Vec<&Part> = name.parts.iter().filter(|part| part.role == Role::Core).collect();
    let mut keys = Vec::new();
    if let [only] = cores[..] {
        keys.extend(only.token.skeletons().iter().map(|skeleton| key(SINGLE, *skeleton, 0)));
    }
    let last = cores.len().saturating_sub(1);
    for main in [0, last] {
        for (partner, other) in cores.iter().enumerate() {
            // In long names only the ends meet each other.
            if partner == main || (cores.len() > 4 && partner != 0 && partner != last) {
                continue;
            }
            let joined = name.joined.get(partner).filter(|_| partner + 1 != main);
            let tokens = std::iter::once(&other.token).chain(&other.also).chain(joined);
            for start in tokens.flat_map(|token| token.skeletons()).map(|skeleton| skeleton.start()) {
                let whole = cores[main].token.skeletons().iter();
                keys.extend(whole.map(|skeleton| key(PAIR, *skeleton, start)));
            }
        }
    }
    // An initial stands for a whole part.
    let letters = name.parts.iter().filter(|part| part.role == Role::Initial);
    let (family, given): (_, Vec<&Part>) = match cores[..] {
        [only] => (Some(only), letters.collect()),
        [first, .., family] => (Some(family), vec![first]),
        [] => (None, Vec::new()),
    };
    for skeleton in family.iter().flat_map(|family| family.token.skeletons()) {
        keys.extend(
            given.iter().flat_map(|part| first(&part.token)).map(|class| key(INITIAL, *skeleton, class)),
        );
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// Whether a key is there for the sake of initials: names that are written out have others in common.
pub(crate) fn is_for_initials(key: u64) -> bool {
    key >> 60 == INITIAL >> 60
}

fn key(kind: u64, skeleton: Skeleton, start: u8) -> u64 {
    kind | u64::from(skeleton.code()) << 8 | u64::from(start)
}

/// The classes a word may begin with; 0 for a vowel.
fn first(token: &Token) -> impl Iterator<Item = u8> {
    token.initial().into_iter().flat_map(classes)
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
