//! Russian and Ukrainian case endings: the nominatives that a name in Cyrillic may stand for.

use std::collections::HashSet;

/// Endings, each with that of the nominative.
type Endings = &'static [(&'static str, &'static str)];
/// The endings of one case and gender.
type Case = &'static [Endings];

/// Of women's surnames genitive, dative, instrumental and prepositional are one.
const OF_WOMEN: Endings =
    &[("ской", "ская"), ("цкой", "цкая"), ("овой", "ова"), ("евой", "ева"), ("иной", "ина")];

const CASES: &[Case] = &[
    // Genitive, dative, instrumental and prepositional of men and of places such as Киев; their accusative is one of the two.
    &[&[
        ("ского", "ский"),
        ("цкого", "цкий"),
        ("ського", "ський"),
        ("ия", "ий"),
        ("я", "й"),
        ("я", "ь"),
        ("а", ""),
    ]],
    &[&[
        ("скому", "ский"),
        ("цкому", "цкий"),
        ("ському", "ський"),
        ("ию", "ий"),
        ("ю", "й"),
        ("ю", "ь"),
        ("у", ""),
    ]],
    &[&[
        ("ским", "ский"),
        ("цким", "цкий"),
        ("ським", "ський"),
        ("ием", "ий"),
        ("ем", "й"),
        ("ем", "ь"),
        ("ым", ""),
        ("ом", ""),
    ]],
    &[&[("ском", "ский"), ("цком", "цкий"), ("ии", "ий"), ("е", "й"), ("е", "ь"), ("е", "")]],
    // The same of women and of places such as Москва and Россия, with an accusative of its own.
    &[OF_WOMEN, &[("ии", "ия"), ("ы", "а"), ("и", "а"), ("и", "я"), ("и", "ь")]],
    &[OF_WOMEN, &[("ии", "ия"), ("е", "а"), ("е", "я"), ("и", "ь")]],
    &[&[("скую", "ская"), ("цкую", "цкая"), ("ию", "ия"), ("у", "а"), ("ю", "я")]],
    &[OF_WOMEN, &[("ией", "ия"), ("ой", "а"), ("ей", "я"), ("ью", "ь")]],
];

/// Endings of surnames that no nominative has.
const CERTAIN: &[&str] = &[
    "ского",
    "цкого",
    "ського",
    "скому",
    "цкому",
    "ському",
    "ским",
    "цким",
    "ським",
    "овым",
    "евым",
    "иным",
    "овой",
    "евой",
    "скую",
    "цкую",
];
/// Of a name of many words not all combinations are looked at.
const MOST: usize = 24;

/// Whether a name is written in Cyrillic.
pub(crate) fn is_cyrillic(name: &str) -> bool {
    name.chars().any(|letter| matches!(letter, 'Ѐ'..='ӿ'))
}

/// The nominatives that a name may stand for, itself included, the likeliest first: one with an ending that tells the case
/// stands before the name. The words of a name stand in one case, but some do not change.
pub(super) fn base_forms(name: &str) -> Vec<String> {
    let words: Vec<&str> = name.split(' ').collect();
    let is_certain = words.last().is_some_and(|last| CERTAIN.iter().any(|ending| last.ends_with(ending)));
    let (mut certain, mut possible) = (Vec::new(), Vec::new());
    for case in CASES {
        let in_case: Vec<Vec<String>> = words.iter().map(|word| nominatives(word, case)).collect();
        let changed = in_case.iter().filter(|bare| !bare.is_empty()).count();
        let mut names = vec![String::new()];
        for (word, mut bare) in words.iter().zip(in_case.iter().cloned()) {
            // What may have the ending of the case has it, but for a word that does not change.
            bare.push((*word).to_owned());
            let joint = |name: &String| {
                let space = if name.is_empty() { "" } else { " " };
                bare.iter().map(|bare| format!("{name}{space}{bare}")).collect::<Vec<_>>()
            };
            names = names.iter().flat_map(joint).take(MOST).collect();
        }
        names.retain(|found| found != name);
        if is_certain && in_case.last().is_some_and(|bare| !bare.is_empty()) {
            certain.extend(names.first().map(|first| (changed, first.clone())));
        }
        possible.extend(names);
    }
    // The words of a name agree.
    let certain = certain.into_iter().rev().max_by_key(|(changed, _)| *changed).map(|(_, name)| name);
    let mut seen = HashSet::new();
    let forms = certain.into_iter().chain([name.to_owned()]).chain(possible);
    forms.filter(|form| seen.insert(form.clone())).collect()
}

/// What a word may be in the nominative if it stands in a case.
fn nominatives(word: &str, case: Case) -> Vec<String> {
    let is_vowel = |letter: char| "аеёиоуыэюяіїє".contains(letter);
    let fits = |stem: &str, ending: &str| {
        let last = stem.chars().last().filter(|last| last.is_lowercase());
        // A stem without an ending ends in a consonant, as before ь; й stands after a vowel.
        last.is_some_and(|last| match ending {
            "" | "ь" | "а" => !is_vowel(last) && !"йьъ".contains(last),
            "й" => is_vowel(last),
            _ => true,
        })
    };
    let endings = || case.iter().copied().flatten().filter(|(ending, _)| word.ends_with(ending));
    let longest = endings().map(|(ending, _)| ending.len()).max();
    let found = endings().filter(|(ending, _)| Some(ending.len()) == longest);
    let stems = found.filter_map(|(ending, nominative)| Some((word.strip_suffix(ending)?, *nominative)));
    let long = stems.filter(|(stem, nominative)| stem.chars().count() >= 2 && fits(stem, nominative));
    long.map(|(stem, nominative)| format!("{stem}{nominative}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ending_that_tells_the_case_comes_first() {
        for (inflected, nominative) in [
            ("Зеленского", "Зеленский"),
            ("Зеленскому", "Зеленский"),
            ("Зеленським", "Зеленський"),
            ("Мустеровым", "Мустеров"),
            ("Марией Мустеровой", "Мария Мустерова"),
            ("Сергеем Мустеровым", "Сергей Мустеров"),
        ] {
            assert_eq!(base_forms(inflected)[0], nominative);
        }
    }

    #[test]
    fn other_endings_may_tell_it() {
        for (inflected, nominative) in [
            ("Москве", "Москва"),
            ("Москвой", "Москва"),
            ("Россию", "Россия"),
            ("России", "Россия"),
            ("Киеве", "Киев"),
            ("Казани", "Казань"),
            ("Владимира Мустерова", "Владимир Мустеров"),
            ("Сергею Шойгу", "Сергей Шойгу"),
            ("Ким Чен Ыном", "Ким Чен Ын"),
            ("Игоря", "Игорь"),
        ] {
            let forms = base_forms(inflected);
            assert!(forms[0] == inflected && forms.contains(&nominative.to_owned()), "{forms:?}");
        }
        assert_eq!(base_forms("США"), ["США"]);
    }
}
