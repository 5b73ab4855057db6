//! What a surface becomes before anything is read into it. Lossless: every letter that remains was written.

use std::{collections::HashSet, sync::LazyLock};
use unicode_normalization::UnicodeNormalization;

/// A surface cleaned, with titles and roles split off.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cleaned {
    /// The name; never empty if the surface held a visible character.
    pub name: String,
    /// Titles and roles that stood before it, such as *Prof. Dr.*; empty if there were none.
    pub title_or_role: String,
}

/// Cleans a surface: NFC, one blank between words, invisible characters dropped, apostrophes and dashes unified, quotes and
/// brackets at the ends removed, titles split off. Cleaning a name twice changes nothing.
///
/// ```
/// use namenlese::names::clean;
/// let cleaned = clean("Prof. Dr. Angela\u{ad}  Muster");
/// assert_eq!(cleaned.name, "Angela Muster");
/// assert_eq!(cleaned.title_or_role, "Prof. Dr.");
/// assert_eq!(clean("Dr. h. c.").name, "Dr. h. c.", "a title alone stays what it is");
/// assert_eq!(clean("D. Muster").name, "D. Muster", "an initial is no title");
/// ```
pub fn clean(surface: &str) -> Cleaned {
    let mut cleaned = clean_once(surface);
    // What a title hid may need cleaning too: a bracket that opened behind it.
    loop {
        let again = clean_once(&cleaned.name);
        if again.name == cleaned.name {
            return cleaned;
        }
        let title_or_role = format!("{} {}", cleaned.title_or_role, again.title_or_role).trim().to_owned();
        cleaned = Cleaned { name: again.name, title_or_role };
    }
}

fn clean_once(surface: &str) -> Cleaned {
    let text = tidy(surface);
    let mut rest = text.as_str();
    while let Some((word, after)) = rest.split_once(' ') {
        if !is_title(word) {
            break;
        }
        rest = after;
    }
    if rest.split(' ').all(is_title) {
        return Cleaned { name: text, title_or_role: String::new() };
    }
    let title_or_role = text[..text.len() - rest.len()].trim_end().to_owned();
    Cleaned { name: rest.to_owned(), title_or_role }
}

/// Whether a word is a title or role that may stand before a person's name, such as *Dr.* or *US-Außenminister*.
pub fn is_title(word: &str) -> bool {
    let bare = word.trim_end_matches(['.', ',', ':']);
    let lower = bare.to_lowercase();
    // The h. and c. of "Dr. h. c." are written small; a capital and a full stop is an initial.
    if bare.chars().count() == 1 {
        return lower == bare && matches!(bare, "h" | "c");
    }
    let last = lower.rsplit('-').next().unwrap_or_default();
    TITLES.words.contains(lower.as_str())
        || TITLES.words.contains(last)
        || TITLES.endings.iter().any(|ending| last.ends_with(ending))
}

struct Titles {
    words: HashSet<&'static str>,
    endings: Vec<&'static str>,
}

static TITLES: LazyLock<Titles> = LazyLock::new(|| {
    let lines = include_str!("titles.txt").lines().filter(|line| !line.starts_with('#'));
    let (endings, words): (Vec<_>, Vec<_>) =
        lines.flat_map(str::split_whitespace).partition(|word| word.starts_with('-'));
    let endings: Vec<_> = endings.into_iter().map(|ending| &ending[1..]).collect();
    Titles { words: words.into_iter().chain(endings.iter().copied()).collect(), endings }
});

/// The surface without what is not part of any name.
fn tidy(surface: &str) -> String {
    let mut text = String::with_capacity(surface.len());
    for letter in surface.nfc() {
        match letter {
            '’' | '‘' | 'ʼ' | '´' | '`' | '′' => text.push('\''),
            '‐' | '‑' | '‒' | '–' | '—' | '−' => text.push('-'),
            // Joiners keep Persian and Indic words in shape; the rest of the invisible characters carry nothing.
            '\u{200c}' | '\u{200d}' => text.push(letter),
            '\u{ad}'
            | '\u{200b}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{2060}'
            | '\u{feff}'
            | '\u{202a}'..='\u{202e}' => {}
            letter if letter.is_whitespace() || letter.is_control() => {
                if !text.is_empty() && !text.ends_with(' ') {
                    text.push(' ');
                }
            }
            letter => text.push(letter),
        }
    }
    let stripped = text.trim_matches(|c: char| c.is_whitespace() || "\"„“”«»‹›‚*_,;:!?".contains(c));
    let stripped = match (stripped.strip_prefix('('), stripped.strip_suffix(')')) {
        (Some(inner), Some(_)) => inner.strip_suffix(')').unwrap_or(inner),
        (Some(inner), None) if !inner.contains(')') => inner,
        (None, Some(inner)) if !inner.contains('(') => inner,
        _ => stripped,
    };
    let stripped = stripped.trim();
    match stripped {
        "" => text.trim().to_owned(),
        stripped => stripped.nfc().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn titles_and_roles_are_split_off() {
        let split = |surface| {
            let cleaned = clean(surface);
            (cleaned.title_or_role, cleaned.name)
        };
        assert_eq!(split("US-Außenminister Max Muster"), ("US-Außenminister".into(), "Max Muster".into()));
        assert_eq!(split("Dr. h. c. Eva Muster"), ("Dr. h. c.".into(), "Eva Muster".into()));
        assert_eq!(split("„Eva Muster“"), (String::new(), "Eva Muster".into()));
        assert_eq!(split("Präsident"), (String::new(), "Präsident".into()));
        assert_eq!(split("Max O’Muster–Maier"), (String::new(), "Max O'Muster-Maier".into()));
    }

    proptest! {
        #[test]
        fn cleaning_twice_changes_nothing(surface in "(\\PC|Dr\\. |\\(|\\)| ){0,30}") {
            let once = clean(&surface);
            let twice = clean(&once.name);
            prop_assert_eq!(&twice.name, &once.name);
            prop_assert!(surface.trim().is_empty() || !once.name.is_empty() || surface.chars().all(|c| !c.is_alphanumeric()));
        }
    }
}
