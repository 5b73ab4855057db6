//! Text that is full of a language's commonest words is in that language: most German text need not be measured by its trigrams.

use whatlang::Lang;

/// Frequent German words that are rare or unknown in other languages in Latin script; *die*, *in*, *war* or *des* say nothing.
const GERMAN: &[&str] = &[
    "aber", "auch", "auf", "aus", "bei", "beim", "dann", "das", "dass", "dem", "der", "diese", "dieser",
    "durch", "ein", "eine", "einem", "einen", "einer", "für", "gegen", "haben", "hatte", "heute", "ihre",
    "ist", "kann", "kein", "keine", "mehr", "muss", "nach", "nicht", "noch", "nur", "oder", "sagte", "schon",
    "sehr", "sein", "seine", "seit", "sich", "sind", "soll", "sondern", "sowie", "und", "vom", "von", "vor",
    "waren", "weil", "wenn", "werden", "wie", "wir", "wird", "wurde", "zu", "zum", "zur", "zwischen", "über",
];
/// Longer words are none of them, and so each of them is a number.
const LONGEST: usize = size_of::<u64>();
const PACKED: [u64; GERMAN.len()] = {
    let mut all = [0; GERMAN.len()];
    let mut at = 0;
    while at < all.len() {
        all[at] = packed(GERMAN[at].as_bytes());
        at += 1;
    }
    all
};
/// So many different ones of them are needed …
const FEWEST: u32 = 4;
/// … and one word in so many: text that is half in another language has fewer.
const ONE_IN: usize = 8;

/// Whether a text is in a language without any doubt.
pub(super) fn is_in(text: &str, language: Option<Lang>) -> bool {
    if language != Some(Lang::Deu) {
        return false;
    }
    let (mut words, mut common, mut different) = (0, 0, 0u64);
    // Letters beyond ASCII, and what else is there, belong to words.
    let is_letter = |byte: &u8| byte.is_ascii_alphabetic() || !byte.is_ascii();
    for word in text.as_bytes().split(|byte| !is_letter(byte)).filter(|word| !word.is_empty()) {
        words += 1;
        // Most words need not be looked up: they are longer, or begin with a capital.
        if word.len() > LONGEST || word[0].is_ascii_uppercase() {
            continue;
        }
        if let Ok(which) = PACKED.binary_search(&packed(word)) {
            common += 1;
            different |= 1 << which;
        }
    }
    different.count_ones() >= FEWEST && common * ONE_IN >= words
}

/// One word in so many, of those in lower case, is a hint.
const HINT_IN: usize = 8;
/// Of the frequent words, those that are also frequent in a neighbouring language, or stand inside names.
const NO_HINT: &[&str] =
    &["das", "dem", "der", "ein", "noch", "von", "vor", "waren", "werden", "wie", "zu", "zum", "zur"];
/// Other languages that write umlauts.
const WITH_UMLAUTS: &[Lang] =
    &[Lang::Aze, Lang::Est, Lang::Fin, Lang::Hun, Lang::Slk, Lang::Swe, Lang::Tuk, Lang::Tur];

/// Whether a short text that was taken for another language hints that it is in this one after all. Names are no hint, so only
/// words in lower case count: common ones, and those with umlauts or *ß* where the other language has none.
pub(super) fn is_hinted(text: &str, language: Option<Lang>, other: Lang) -> bool {
    if language != Some(Lang::Deu) {
        return false;
    }
    let is_hint = |word: &&str| {
        GERMAN.binary_search(word).is_ok() && !NO_HINT.contains(word)
            || word.contains('ß')
            || word.contains(['ä', 'ö', 'ü']) && !WITH_UMLAUTS.contains(&other)
    };
    let words = text.split(|letter: char| !letter.is_alphabetic());
    let words: Vec<&str> = words.filter(|word| word.starts_with(char::is_lowercase)).collect();
    let hints = words.iter().filter(|word| is_hint(word)).count();
    hints > 0 && hints * HINT_IN >= words.len()
}

/// The bytes of a word of [`LONGEST`] at most as a number: the numbers of words are ordered as the words are.
const fn packed(word: &[u8]) -> u64 {
    let mut bytes = [0; LONGEST];
    let (begin, _) = bytes.split_at_mut(word.len());
    begin.copy_from_slice(word);
    u64::from_be_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_can_be_searched() {
        assert!(GERMAN.is_sorted() && PACKED.is_sorted() && GERMAN.len() <= 64);
        assert_eq!(GERMAN.iter().map(|word| word.len()).max(), Some(LONGEST));
    }

    #[test]
    fn running_text_is_evident_and_lists_and_mixtures_are_not() {
        let german = "Der Rat hat am Abend beschlossen, die Brücke über den Fluss zu erneuern, und das Geld ist nicht für \
            die Straße, sondern wird von der Gemeinde gezahlt.";
        assert!(is_in(german, Some(Lang::Deu)));
        assert!(!is_in(german, Some(Lang::Eng)) && !is_in(german, None));
        let english =
            "The council said that the town has to pay, and that nobody was asked before it was decided. ";
        assert!(!is_in(english, Some(Lang::Deu)));
        assert!(!is_in(&(german.to_owned() + &english.repeat(5)), Some(Lang::Deu)));
        assert!(!is_in("", Some(Lang::Deu)));
        assert!(!is_in("der der der der der und", Some(Lang::Deu)));
    }

    #[test]
    fn short_text_is_hinted_by_words_that_are_no_names() {
        let is_hinted = |text, other| is_hinted(text, Some(Lang::Deu), other);
        assert!(NO_HINT.iter().all(|word| GERMAN.contains(word)));
        assert!(is_hinted("Pieter van der Muster und Jan De Muster stritten.", Lang::Nld));
        assert!(is_hinted("Léon de Muster trat zurück.", Lang::Fra));
        assert!(!is_hinted("Fören är äldre än så.", Lang::Swe));
        assert!(!is_hinted("Pieter van der Muster en Jan De Muster waren er.", Lang::Nld));
        assert!(!is_hinted("Léon Müller und ses amis sont allés à la plage avec leurs enfants.", Lang::Fra));
        assert!(!super::is_hinted("Und so.", None, Lang::Fra));
    }
}
