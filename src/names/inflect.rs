//! Case endings, German and, in Cyrillic, Russian: what the base form of a name may be. Lossless readings; which one is right is for those to say who
//! see the document.

use super::cyrillic;

/// Endings of names after which an *s* is almost always the genitive, not part of the name.
const SURELY_GENITIVE: &[&str] = &[
    "ows", "ews", "jews", "kis", "kojs", "skyjs", "skys", "enkos", "enkas", "manns", "bergs", "steins",
    "burgs", "lands", "dorfs", "felds", "walds", "witschs", "idzes", "idses", "schwilis", "yans", "jans",
    "bauers", "hofers", "owas", "ewas", "skas", "skajas", "oğlus",
];

/// The forms that a name may be an inflected form of, itself included, most likely first and without evidence from any text.
///
/// Never empty for a name that is not.
///
/// ```
/// use namenlese::names::base_forms;
/// assert_eq!(base_forms("Mustermanns"), ["Mustermann", "Mustermanns"]);
/// assert_eq!(base_forms("Hans'"), ["Hans"]);
/// assert_eq!(base_forms("Paris"), ["Paris", "Pari"]);
/// assert_eq!(base_forms("Scholz"), ["Scholz"]);
/// assert_eq!(base_forms("Достоевскому")[0], "Достоевский");
/// assert_eq!(base_forms("Weißen Hauses")[0], "Weißes Haus");
/// assert_eq!(base_forms("Demokratischen Volksrepublik Korea")[0], "Demokratische Volksrepublik Korea");
/// ```
pub fn base_forms(name: &str) -> Vec<String> {
    if cyrillic::is_cyrillic(name) {
        return cyrillic::base_forms(name);
    }
    let mut forms = Vec::new();
    if let Some(stem) = name.strip_suffix('\'').or_else(|| name.strip_suffix("'s"))
        && stem.chars().last().is_some_and(char::is_alphabetic)
    {
        return vec![stem.to_owned()];
    }
    forms.extend(adjective_forms(name));
    let stem = genitive_stem(name);
    match stem {
        Some(stem) if SURELY_GENITIVE.iter().any(|ending| name.ends_with(ending)) => {
            forms.push(stem);
            forms.push(name.to_owned());
        }
        Some(stem) => {
            forms.push(name.to_owned());
            forms.push(stem);
        }
        None => forms.push(name.to_owned()),
    }
    // After a hiss: Merzens.
    forms.extend(
        name.strip_suffix("ens").filter(|stem| stem.ends_with(['s', 'ß', 'z', 'x'])).map(str::to_owned),
    );
    let mut seen = Vec::new();
    forms.retain(|form| {
        !seen.contains(form) && {
            seen.push(form.clone());
            true
        }
    });
    forms
}

/// The name without the *s* of a genitive, where there could be one.
fn genitive_stem(name: &str) -> Option<String> {
    let stem = name.strip_suffix('s')?;
    let last = stem.rsplit([' ', '-']).next().unwrap_or(stem);
    let letter = last.chars().last()?;
    // After a hiss the genitive is an apostrophe; capitals are an abbreviation; two letters are too few to tell.
    let possible = letter.is_lowercase() && !"sßzx".contains(letter) && stem.chars().count() >= 2;
    possible.then(|| stem.to_owned())
}

/// Nominative readings of a name that begins with an adjective in another case: *Weißen Hauses*.
fn adjective_forms(name: &str) -> Vec<String> {
    let Some((adjective, rest)) = name.split_once(' ') else { return Vec::new() };
    let capital = adjective.chars().next().is_some_and(char::is_uppercase);
    let Some(stem) = adjective.strip_suffix("en").filter(|stem| capital && stem.chars().count() >= 3) else {
        return Vec::new();
    };
    let noun = rest.split(' ').next().unwrap_or(rest);
    if !noun.chars().next().is_some_and(char::is_uppercase) {
        return Vec::new();
    }
    let tail = &rest[noun.len()..];
    let bare = noun_stem(noun);
    match bare {
        // An -s marks a masculine or neuter noun in the genitive.
        Some(bare) => vec![format!("{stem}es {bare}{tail}"), format!("{stem}er {bare}{tail}")],
        None => ["e", "es", "er"].iter().map(|ending| format!("{stem}{ending} {rest}")).collect(),
    }
}

fn noun_stem(noun: &str) -> Option<&str> {
    let stem = noun.strip_suffix('s')?;
    let long_enough = |stem: &&str| stem.chars().count() >= 3;
    // The full ending -es also follows a hiss: Hauses, Kreuzes, Volkes.
    let full = stem.strip_suffix('e').filter(long_enough);
    full.or_else(|| Some(stem).filter(long_enough).filter(|stem| !stem.ends_with(['s', 'i', 'u'])))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn both_readings_of_a_possible_genitive_are_given() {
        assert_eq!(base_forms("Texas"), ["Texas", "Texa"]);
        assert_eq!(base_forms("Iwanows"), ["Iwanow", "Iwanows"]);
        assert_eq!(base_forms("Hwang-os"), ["Hwang-os", "Hwang-o"].map(str::to_owned));
        assert_eq!(base_forms("USA"), ["USA"]);
        for (genitive, nominative) in [
            ("Roten Kreuzes", "Rotes Kreuz"),
            ("Alten Hauses", "Altes Haus"),
            ("Neuen Theaters", "Neues Theater"),
        ] {
            assert_eq!(base_forms(genitive)[0], nominative);
        }
        assert_eq!(base_forms("Grass'"), ["Grass"]);
        assert_eq!(base_forms("Wesolowskys")[0], "Wesolowsky");
        assert_eq!(base_forms("Spatzens").last().map(String::as_str), Some("Spatz"));
    }

    proptest! {
        #[test]
        fn there_is_always_a_reading(name in "\\PC{1,20}") {
            let forms = base_forms(&name);
            prop_assert!(!forms.is_empty() && forms.iter().all(|form| !form.is_empty()));
        }
    }
}
