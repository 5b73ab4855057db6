//! The languages that can be told apart: their ISO codes, their scripts, and which of them are considered.

use unicode_script::{Script, UnicodeScript};
use whatlang::Lang;

/// ISO 639-1 codes of whatlang's languages (which go by ISO 639-3); one without such a code keeps its own.
const CODES: &[(Lang, &str)] = &[
    (Lang::Afr, "af"),
    (Lang::Aka, "ak"),
    (Lang::Amh, "am"),
    (Lang::Ara, "ar"),
    (Lang::Aze, "az"),
    (Lang::Bel, "be"),
    (Lang::Ben, "bn"),
    (Lang::Bul, "bg"),
    (Lang::Cat, "ca"),
    (Lang::Ces, "cs"),
    (Lang::Cmn, "zh"),
    (Lang::Cym, "cy"),
    (Lang::Dan, "da"),
    (Lang::Deu, "de"),
    (Lang::Ell, "el"),
    (Lang::Eng, "en"),
    (Lang::Epo, "eo"),
    (Lang::Est, "et"),
    (Lang::Fin, "fi"),
    (Lang::Fra, "fr"),
    (Lang::Guj, "gu"),
    (Lang::Heb, "he"),
    (Lang::Hin, "hi"),
    (Lang::Hrv, "hr"),
    (Lang::Hun, "hu"),
    (Lang::Hye, "hy"),
    (Lang::Ind, "id"),
    (Lang::Ita, "it"),
    (Lang::Jav, "jv"),
    (Lang::Jpn, "ja"),
    (Lang::Kan, "kn"),
    (Lang::Kat, "ka"),
    (Lang::Khm, "km"),
    (Lang::Kor, "ko"),
    (Lang::Lat, "la"),
    (Lang::Lav, "lv"),
    (Lang::Lit, "lt"),
    (Lang::Mal, "ml"),
    (Lang::Mar, "mr"),
    (Lang::Mkd, "mk"),
    (Lang::Mya, "my"),
    (Lang::Nep, "ne"),
    (Lang::Nld, "nl"),
    (Lang::Nob, "nb"),
    (Lang::Ori, "or"),
    (Lang::Pan, "pa"),
    (Lang::Pes, "fa"),
    (Lang::Pol, "pl"),
    (Lang::Por, "pt"),
    (Lang::Ron, "ro"),
    (Lang::Rus, "ru"),
    (Lang::Sin, "si"),
    (Lang::Slk, "sk"),
    (Lang::Slv, "sl"),
    (Lang::Sna, "sn"),
    (Lang::Spa, "es"),
    (Lang::Srp, "sr"),
    (Lang::Swe, "sv"),
    (Lang::Tam, "ta"),
    (Lang::Tel, "te"),
    (Lang::Tgl, "tl"),
    (Lang::Tha, "th"),
    (Lang::Tuk, "tk"),
    (Lang::Tur, "tr"),
    (Lang::Ukr, "uk"),
    (Lang::Urd, "ur"),
    (Lang::Uzb, "uz"),
    (Lang::Vie, "vi"),
    (Lang::Yid, "yi"),
    (Lang::Zul, "zu"),
];

/// Languages in Latin script that are considered only if the user names them: a list of names in French or Polish
/// passes for one of them too easily. Left are the official languages of the European Union, Norwegian, Turkish,
/// Indonesian and Vietnamese.
const ON_DEMAND: &[Lang] = &[
    Lang::Afr,
    Lang::Aka,
    Lang::Aze,
    Lang::Cat,
    Lang::Cym,
    Lang::Epo,
    Lang::Jav,
    Lang::Lat,
    Lang::Sna,
    Lang::Tgl,
    Lang::Tuk,
    Lang::Uzb,
    Lang::Zul,
];

/// What is considered if the user names nothing.
pub(super) fn by_default() -> Vec<Lang> {
    Lang::all().iter().copied().filter(|language| !ON_DEMAND.contains(language)).collect()
}

/// The code of a language.
pub(super) fn code(language: Lang) -> &'static str {
    CODES.iter().find(|(known, _)| *known == language).map_or_else(|| language.code(), |(_, code)| code)
}

/// The language of a code, ISO 639-1 or 639-3.
pub(super) fn of_code(wanted: &str) -> Option<Lang> {
    Lang::all().iter().copied().find(|language| code(*language) == wanted || language.code() == wanted)
}

/// All codes, for a message to the user.
pub(super) fn all_codes() -> String {
    let mut codes: Vec<_> = Lang::all().iter().map(|language| code(*language)).collect();
    codes.sort_unstable();
    codes.join(", ")
}

/// Whether a language is written in a script, as far as whatlang knows; a language unknown to it in Latin script.
pub(super) fn is_written_in(language: Option<Lang>, script: Script) -> bool {
    let Some(language) = language else { return script == Script::Latin };
    let of_language = |known: &&whatlang::Script| known.langs().contains(&language);
    whatlang::Script::all().iter().filter(of_language).any(|known| match known {
        whatlang::Script::Mandarin => script == Script::Han,
        known => known.name() == script.full_name(),
    }) || (language == Lang::Jpn && script == Script::Han)
}

/// The script that most letters of a text are in (the first met, of equals), and how many letters there are.
pub(super) fn script(text: &str) -> (Option<Script>, usize) {
    let mut counts: Vec<(Script, usize)> = vec![(Script::Latin, 0)];
    let mut letters = 0;
    for letter in text.chars().filter(|letter| letter.is_alphabetic()) {
        letters += 1;
        if letter.is_ascii() {
            counts[0].1 += 1;
            continue;
        }
        let script = letter.script();
        if matches!(script, Script::Common | Script::Inherited | Script::Unknown) {
            continue;
        }
        match counts.iter_mut().find(|(known, _)| *known == script) {
            Some((_, count)) => *count += 1,
            None => counts.push((script, 1)),
        }
    }
    let most =
        counts.into_iter().filter(|(_, count)| *count > 0).reduce(|a, b| if b.1 > a.1 { b } else { a });
    (most.map(|(script, _)| script), letters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_a_code_of_its_own() {
        for language in Lang::all() {
            assert_eq!(of_code(code(*language)), Some(*language));
            assert_eq!(of_code(language.code()), Some(*language));
            assert_eq!(code(*language).len(), 2, "{language:?}");
        }
        assert_eq!(of_code("xx"), None);
    }

    #[test]
    fn scripts_are_told_by_the_majority_of_letters() {
        assert_eq!(script("Köln und Москва"), (Some(Script::Latin), 13));
        assert_eq!(script("12 Москва и Köln"), (Some(Script::Cyrillic), 11));
        assert_eq!(script("12 – !"), (None, 0));
        assert!(
            is_written_in(Some(Lang::Deu), Script::Latin) && !is_written_in(Some(Lang::Deu), Script::Greek)
        );
        assert!(is_written_in(None, Script::Latin) && is_written_in(Some(Lang::Cmn), Script::Han));
        assert!(
            is_written_in(Some(Lang::Jpn), Script::Hiragana) && is_written_in(Some(Lang::Jpn), Script::Han)
        );
    }
}
