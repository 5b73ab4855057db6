//! The language of a document and of its paragraphs, told by [whatlang](https://docs.rs/whatlang) (trigram profiles
//! after Cavnar and Trenkle, 1994) under a rule of ours that does not send German headlines away.
//!
//! The document is told first, from all of its text. It leaves the assumed language, and a paragraph leaves its
//! document's, only for another script or with enough letters and a clear margin over the language it would leave.
//! Text full of the commonest words of the language that it would leave is not measured at all.
//! Names mislead: a list of Polish players looks Spanish. So a verdict in doubt is taken again without the words that
//! begin with a capital, and the more confident of the two counts. Figures are in `docs/languages.md`.

mod evident;
mod languages;
mod paragraphs;

use crate::{
    Document, Error, ErrorKind, Layer, Span, Stage,
    document::{Language, Languages},
};
use std::borrow::Cow;
use unicode_script::Script;
use whatlang::{Detector, Info, Lang};

/// With so many letters, a paragraph or document may leave for another language.
const ENOUGH_LETTERS: usize = 120;
/// With so many, a whole document may, if the verdict is reliable as well.
const FEW_LETTERS: usize = 60;
/// With fewer letters in another script, such as a formula's, a paragraph stays.
const SCRIPT_LETTERS: usize = 3;
/// How far the verdict must be ahead of the language that would be left, as whatlang's confidence in a contest of two.
const CLEAR_MARGIN: f64 = 0.5;
/// Fewer letters than this without names say nothing.
const LETTERS_WITHOUT_NAMES: usize = 20;
/// Code of a text in a script whose language cannot be told (ISO 639-2).
const UNDETERMINED: &str = "und";

/// What to assume and what to tell apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The language of a text that does not decide: an ISO 639-1 code.
    pub assume: String,
    /// The only languages to tell apart, besides the assumed one; empty for the usual ones, which are the official
    /// languages of the European Union, Norwegian, Turkish, Indonesian, Vietnamese and all of other scripts.
    pub languages: Vec<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { assume: "de".into(), languages: Vec::new() }
    }
}

/// The stage that adds [`Layer::Language`].
///
/// ```
/// use namenlese::{Document, Stage, detect::{Detect, Settings}};
/// let detect = Detect::new(Settings::default())?;
/// let mut document = Document::new("a", "Встреча на космодроме Восточный");
/// detect.apply(&mut document)?;
/// let language = document.language.expect("the stage ran").document;
/// assert_eq!((&*language.code, &*language.script, language.assumed), ("ru", "Cyrl", false));
///
/// let mut headline = Document::new("b", "Trump in London");
/// detect.apply(&mut headline)?;
/// let language = headline.language.expect("the stage ran").document;
/// assert_eq!((&*language.code, language.assumed), ("de", true));
/// # Ok::<(), namenlese::Error>(())
/// ```
#[derive(Debug)]
pub struct Detect {
    assume: Home,
    considered: Vec<Lang>,
    detector: Detector,
}

/// The language that a text stays in unless it decides otherwise.
#[derive(Debug, Clone)]
struct Home {
    code: String,
    /// `None` for a language that whatlang does not know.
    language: Option<Lang>,
}

/// How much text must speak for another language.
#[derive(Clone, Copy, PartialEq)]
enum Unit {
    Document,
    Paragraph,
}

impl Detect {
    /// A detector.
    ///
    /// # Errors
    /// [`ErrorKind::Settings`] for a code that is none, or a language to tell that cannot be told.
    pub fn new(settings: Settings) -> Result<Self, Error> {
        let Settings { assume, languages } = settings;
        let is_code = (2..=3).contains(&assume.len()) && assume.bytes().all(|byte| byte.is_ascii_lowercase());
        if !is_code {
            let message = format!("{assume:?} is no language code such as de");
            return Err(Error::new(ErrorKind::Settings, message));
        }
        let language = languages::of_code(&assume);
        let mut considered = if languages.is_empty() { languages::by_default() } else { Vec::new() };
        for code in &languages {
            considered.push(languages::of_code(code).ok_or_else(|| {
                let known = languages::all_codes();
                Error::new(
                    ErrorKind::Settings,
                    format!("language {code:?} cannot be told; known are {known}"),
                )
            })?);
        }
        considered.extend(language.filter(|language| !considered.contains(language)));
        let code = language.map_or(assume, |language| languages::code(language).to_owned());
        let detector = Detector::with_allowlist(considered.clone());
        Ok(Self { assume: Home { code, language }, considered, detector })
    }

    /// The language of a text that would else be in `home`.
    fn tell(&self, text: &str, home: &Home, unit: Unit) -> Language {
        let (script, letters) = languages::script(text);
        let name = script.map_or_else(String::new, |script| script.short_name().to_owned());
        let decided = |code: &str, confidence: f64| Language {
            code: code.to_owned(),
            confidence: confidence as f32,
            script: name.clone(),
            assumed: false,
        };
        let undecided = || Language { assumed: true, ..decided(&home.code, 0.0) };
        let Some(script) = script else { return undecided() };
        if letters >= SCRIPT_LETTERS && !languages::is_written_in(home.language, script) {
            let told = self.detector.detect(text).filter(|told| self.allows(told.lang(), script));
            return told.map_or_else(
                || decided(UNDETERMINED, 0.0),
                |told| decided(languages::code(told.lang()), told.confidence()),
            );
        }
        let least = if unit == Unit::Document { FEW_LETTERS } else { ENOUGH_LETTERS };
        if letters < least {
            return undecided();
        }
        if evident::is_in(text, home.language) {
            return decided(&home.code, 1.0);
        }
        let Some((told, measured)) = self.verdict(text) else { return undecided() };
        let stays = Some(told.lang()) == home.language;
        let is_weak =
            || !told.is_reliable() || !stays && evident::is_hinted(text, home.language, told.lang());
        if letters < ENOUGH_LETTERS && is_weak() {
            return undecided();
        }
        if stays || is_ahead(&told, home.language, &measured) {
            return decided(languages::code(told.lang()), told.confidence());
        }
        undecided()
    }

    /// whatlang decides scripts of one language without asking for the list.
    fn allows(&self, language: Lang, script: Script) -> bool {
        self.considered.contains(&language) && languages::is_written_in(Some(language), script)
    }

    /// The verdict on a text, and the text it was taken on: all of it, or without names if that is clearer.
    fn verdict<'t>(&self, text: &'t str) -> Option<(Info, Cow<'t, str>)> {
        let whole = self.detector.detect(text)?;
        if whole.confidence() < 1.0
            && let rest = without_names(text)
            && rest.chars().filter(|letter| letter.is_alphabetic()).count() >= LETTERS_WITHOUT_NAMES
            && let Some(told) = self.detector.detect(&rest)
            && told.confidence() >= whole.confidence()
        {
            return Some((told, rest.into()));
        }
        Some((whole, text.into()))
    }
}

/// Whether a verdict also stands between its language and the one that would be left.
fn is_ahead(told: &Info, home: Option<Lang>, text: &str) -> bool {
    let Some(home) = home else { return told.is_reliable() };
    let contest = Detector::with_allowlist(vec![told.lang(), home]).detect(text);
    contest.is_some_and(|won| won.lang() == told.lang() && won.confidence() >= CLEAR_MARGIN)
}

/// The words that do not begin with a capital.
fn without_names(text: &str) -> String {
    let words = text.split_whitespace().filter(|word| !word.starts_with(char::is_uppercase));
    words.collect::<Vec<_>>().join(" ")
}

impl Stage for Detect {
    fn name(&self) -> &'static str {
        "detect"
    }

    fn reads(&self) -> &'static [Layer] {
        &[]
    }

    fn writes(&self) -> Layer {
        Layer::Language
    }

    fn apply(&self, document: &mut Document) -> Result<(), Error> {
        let text = document.text();
        let told = self.tell(&paragraphs::sample(text), &self.assume, Unit::Document);
        let home = Home { language: languages::of_code(&told.code), code: told.code.clone() };
        let differing = |span: Span| {
            let language = self.tell(span.of(text), &home, Unit::Paragraph);
            (!language.assumed && language.code != home.code).then_some((span, language))
        };
        // The only paragraph is the document, and told already.
        let several = paragraphs::paragraphs(text).nth(1).is_some();
        let paragraphs = paragraphs::paragraphs(text).filter(|_| several);
        let exceptions = paragraphs.filter_map(differing).collect();
        document.language = Some(Languages { document: told, exceptions });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const GERMAN: &str = "Der Rat der Stadt hat am Abend beschlossen, die alte Brücke über den Fluss zu erneuern. \
        Das Geld dafür kommt zum größten Teil vom Land, den Rest zahlt die Gemeinde selbst.";
    const ENGLISH: &str = "The council decided in the evening that the old bridge across the river should be renewed. \
        Most of the money will come from the state, and the town itself has to pay for the rest.";
    const RUSSIAN: &str = "Городской совет решил обновить старый мост через реку.";

    fn told(text: &str, settings: Settings) -> Languages {
        let mut document = Document::new("t", text);
        Detect::new(settings).expect("known languages").apply(&mut document).expect("any text is told");
        document.language.expect("the layer is there")
    }

    fn code(text: &str) -> String {
        let language = told(text, Settings::default()).document;
        format!("{} {} {}", language.code, language.script, if language.assumed { "assumed" } else { "told" })
    }

    #[test]
    fn documents_are_told_or_assumed() {
        assert_eq!(code(GERMAN), "de Latn told");
        assert_eq!(code(ENGLISH), "en Latn told");
        assert_eq!(code(RUSSIAN), "ru Cyrl told");
        assert_eq!(code("Κόσμος"), "el Grek told");
        assert_eq!(code("Putin in Paris"), "de Latn assumed");
        assert_eq!(code(""), "de  assumed");
        let foreign_names =
            "Pieter van Muster und Jan De Muster stritten. De Muster ging. Van Muster blieb zu Hause.";
        assert_eq!(code(foreign_names), "de Latn assumed");
        assert_eq!(code("2023 – 2024"), "de  assumed");
        assert_eq!(code("ᚠᚢᚦᚨᚱᚲ"), "und Runr told");
    }

    #[test]
    fn a_paragraph_leaves_its_document_only_when_it_is_clear() {
        let short = "The bridge is old.";
        let text = format!("{GERMAN}\n\n{ENGLISH}\n\n{short}\n\n{RUSSIAN}\r\n\r\n{GERMAN}");
        let languages = told(&text, Settings::default());
        let exceptions: Vec<_> =
            languages.exceptions.iter().map(|(span, language)| (&*language.code, span.of(&text))).collect();
        assert_eq!(languages.document.code, "de");
        assert_eq!(exceptions, [("en", ENGLISH), ("ru", RUSSIAN)]);
        assert_eq!(languages.at(GERMAN.len() + 10).code, "en");
    }

    #[test]
    fn settings_narrow_the_choice() {
        let only = |languages: &[&str]| Settings {
            assume: "de".into(),
            languages: languages.iter().map(|code| (*code).to_owned()).collect(),
        };
        assert_eq!(told(ENGLISH, only(&["fr", "en"])).document.code, "en");
        assert_ne!(told(ENGLISH, only(&["fr"])).document.code, "en");
        assert_eq!(told(RUSSIAN, only(&["en"])).document.code, UNDETERMINED);
        let assume = |code: &str| Settings { assume: code.into(), languages: Vec::new() };
        assert_eq!(told("Putin in Paris", assume("fr")).document.code, "fr");
        assert_eq!(told("Putin in Paris", assume("sq")).document.code, "sq");
        assert_eq!(told("Putin in Paris", assume("deu")).document.code, "de");
        for code in ["", "DE", "deutsch"] {
            assert_eq!(Detect::new(assume(code)).expect_err("no code").kind(), ErrorKind::Settings);
        }
        let error = Detect::new(only(&["xx"])).expect_err("no such language").to_string();
        assert!(error.contains("\"xx\"") && error.contains("de, "), "{error}");
    }

    proptest! {
        #[test]
        fn any_text_is_told_twice_alike(text in "\\PC{0,300}", other in "[ a-zA-ZäЖα中あ\n\r\t.]{0,300}") {
            for text in [text, other] {
                let languages = told(&text, Settings::default());
                prop_assert_eq!(&languages, &told(&text, Settings::default()));
                prop_assert!((0.0..=1.0).contains(&languages.document.confidence));
                let mut end = 0;
                for (span, _) in &languages.exceptions {
                    prop_assert!(span.start() >= end && !span.is_empty());
                    end = span.end();
                }
            }
        }
    }
}
