//! Which word of a full name is the family name.

use super::{
    name::{SONS, is_particle},
    pinyin,
};

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

/// The family name with the particles before it, if it has some: *van der Berg* of *Eva van der Berg*, and of itself. One
/// with a capital that comes first is a particle if another follows: *Van der Berg*, but *Al Muster*.
pub(crate) fn with_particles(name: &str) -> Option<&str> {
    let starts: Vec<usize> =
        [0].into_iter().chain(name.match_indices(' ').map(|(blank, _)| blank + 1)).collect();
    let is_small = |word: &str| word.starts_with(char::is_lowercase);
    let begins = |pair: &[usize]| {
        let word = &name[pair[0]..pair[1] - 1];
        let follows =
            name[pair[1]..].split_once(' ').is_some_and(|(next, _)| is_small(next) && is_particle(next));
        let is_given = pair[0] == 0 && !is_small(word) && (!follows || SONS.contains(&&*word.to_lowercase()));
        is_particle(word) && !is_given
    };
    starts.windows(2).find(|pair| begins(pair)).map(|pair| &name[pair[0]..])
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

/// How many syllables of Pinyin a word has, one or two, if it is made of nothing else.
fn syllables(word: &str) -> Option<usize> {
    pinyin::syllables(&word.to_lowercase()).map(|all| all.len())
}

fn vowel_groups(word: &str) -> usize {
    let vowels = word.to_lowercase().chars().map(|letter| "aeiouyäöü".contains(letter)).collect::<Vec<_>>();
    vowels.chunk_by(|a, b| a == b).filter(|group| group[0]).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn particles_belong_to_the_family_name() {
        for (name, family) in [
            ("Eva van der Berg", Some("van der Berg")),
            ("van der Berg", Some("van der Berg")),
            ("Van der Berg", Some("Van der Berg")),
            ("Jan Van der Berg", Some("Van der Berg")),
            ("Ben van Berg", Some("van Berg")),
            ("Omar bin Muster", Some("bin Muster")),
            ("Al Muster", None),
            ("E. Muster", None),
            ("Eva Muster", None),
            ("van", None),
        ] {
            assert_eq!(with_particles(name), family, "{name}");
        }
    }

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
