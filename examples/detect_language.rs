//! Only the language of a text and of its paragraphs.
//!
//! Run with `cargo run --example detect_language`.

use namenlese::{
    Document, Error, Stage,
    detect::{Detect, Settings},
};

const TEXT: &str = "Der Rat der Stadt hat am Abend beschlossen, die alte Brücke über den Fluss zu erneuern. \
    Das Geld dafür kommt zum größten Teil vom Land, den Rest zahlt die Gemeinde selbst.

Городской совет решил обновить старый мост через реку.";

fn main() -> Result<(), Error> {
    // What does not decide, such as a headline, is taken for German.
    let detect = Detect::new(Settings { assume: "de".into(), ..Settings::default() })?;
    let mut document = Document::new("bridge", TEXT);
    detect.apply(&mut document)?;
    if let Some(languages) = &document.language {
        println!("{} ({})", languages.document.code, languages.document.script);
        for (paragraph, language) in &languages.exceptions {
            println!("{}: {}", language.code, paragraph.of(document.text()));
        }
    }
    Ok(())
}
