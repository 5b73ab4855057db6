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
}
