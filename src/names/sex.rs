//! What titles and given names say of whom they name: a man or a woman.

use super::is_title;

/// Whom a title or a given name is said of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Sex {
    Woman,
    Man,
}

const WOMEN: &[&str] = &[
    "frau",
    "fräulein",
    "mrs",
    "ms",
    "miss",
    "lady",
    "dame",
    "madame",
    "mme",
    "mlle",
    "señora",
    "signora",
    "queen",
    "princess",
    "schwester",
    "mutter",
    "tochter",
    "spokeswoman",
    "госпожа",
];
const MEN: &[&str] = &[
    "herr",
    "herrn",
    "mr",
    "sir",
    "lord",
    "monsieur",
    "señor",
    "signor",
    "king",
    "prince",
    "bruder",
    "vater",
    "sohn",
    "spokesman",
    "господин",
];

impl Sex {
    /// What a title says: *Frau, Ministerin*; *Herr*, and *Minister* since there is a word for a woman. *Professor* is said of
    /// both.
    pub fn of_title(title: &str) -> Option<Self> {
        let lower = title.trim_end_matches('.').to_lowercase();
        let word = lower.rsplit('-').next().unwrap_or_default();
        let has_feminine = |man: &str| is_title(&format!("{man}in"));
        if WOMEN.contains(&word) || word.ends_with("in") && is_title(word) {
            Some(Self::Woman)
        } else if MEN.contains(&word) || word != "professor" && has_feminine(word) {
            Some(Self::Man)
        } else {
            None
        }
    }

    /// What a given name says for certain: *-ia* and *-ina* are women's, *-a* may be a man's (*Sascha, Luca*).
    pub fn of_given(given: &str) -> Option<Self> {
        let is_womans = given.len() > 4 && ["ia", "ina"].iter().any(|ending| given.ends_with(ending));
        is_womans.then_some(Self::Woman)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_and_given_names_tell() {
        for title in ["Frau", "Bundesministerin", "Ex-Kanzlerin", "Mrs."] {
            assert_eq!(Sex::of_title(title), Some(Sex::Woman), "{title}");
        }
        for title in ["Herrn", "Bundesminister", "US-Präsident", "Mr."] {
            assert_eq!(Sex::of_title(title), Some(Sex::Man), "{title}");
        }
        for title in ["Dr.", "Professor", "Abgeordnete", "General", "Berlin", ""] {
            assert_eq!(Sex::of_title(title), None, "{title}");
        }
        assert_eq!(
            ["Julia", "Martina", "Luca", "Ilia", "Karl"].map(Sex::of_given).iter().flatten().count(),
            2
        );
    }
}
