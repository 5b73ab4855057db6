use super::*;
use crate::{
    Label, Mention, Pipeline, Sentence, Span, Stage,
    document::{Language, Languages, NormalForm},
};
use std::{
    fs,
    path::PathBuf,
    sync::{Arc, atomic::AtomicUsize},
};

/// Three stages in one and a fourth: they mark what they did and count how often.
#[derive(Clone, Default)]
struct Counting(Arc<[AtomicUsize; 2]>);

struct Preparing(Counting, Layer);
struct Finding(Counting, Layer, String);

impl Stage for Preparing {
    fn name(&self) -> &'static str {
        "prepare"
    }
    fn reads(&self) -> &'static [Layer] {
        &[]
    }
    fn writes(&self) -> Layer {
        self.1
    }
    fn apply(&self, document: &mut Document) -> Result<()> {
        if self.1 == Layer::Language {
            self.0.0[0].fetch_add(1, Ordering::Relaxed);
            let language =
                Language { code: "de".into(), confidence: 0.3, script: "Latn".into(), assumed: false };
            document.language = Some(Languages { document: language, exceptions: vec![] });
        } else {
            document.sentences = Some(vec![Sentence { span: Span::whole(document.text()) }]);
        }
        Ok(())
    }
}

impl Stage for Finding {
    fn name(&self) -> &'static str {
        "find"
    }
    fn reads(&self) -> &'static [Layer] {
        &[]
    }
    fn writes(&self) -> Layer {
        self.1
    }
    fn apply(&self, document: &mut Document) -> Result<()> {
        if self.1 == Layer::Mentions {
            self.0.0[1].fetch_add(1, Ordering::Relaxed);
            let span = Span::new(document.text(), 0, 'Ö'.len_utf8())?;
            document.mentions = Some(vec![Mention::new(span, Label::Oth, 0.125)]);
            document.notes.push(format!("found by {}", self.2));
        } else {
            let normal = NormalForm { candidates: vec!["Ö".into()], ..NormalForm::default() };
            for mention in document.mentions.iter_mut().flatten() {
                mention.normal = Some(normal.clone());
            }
        }
        Ok(())
    }
}

impl Counting {
    fn over(&self, store: &Arc<Store>, recognizer: &str) -> Cached {
        let find = |layer| Box::new(Finding(self.clone(), layer, recognizer.into())) as Box<dyn Stage>;
        let prepare = |layer| Box::new(Preparing(self.clone(), layer)) as Box<dyn Stage>;
        let stages = vec![
            prepare(Layer::Language),
            prepare(Layer::Sentences),
            find(Layer::Mentions),
            find(Layer::NormalForms),
        ];
        let pipeline = Pipeline::new(stages, &[]).expect("they need nothing");
        Cached::new(store.clone(), Keys::new(["de"], [recognizer]), pipeline)
    }

    /// How often it prepared and how often it found.
    fn counts(&self) -> [usize; 2] {
        [0, 1].map(|at| self.0[at].load(Ordering::Relaxed))
    }
}

fn open(folder: &Path) -> (Arc<Store>, Option<String>) {
    let (store, notice) = Store::open(folder, false).expect("it can be written");
    (Arc::new(store), notice)
}

/// Works on texts and gives what came of them.
fn work(folder: &Path, texts: &[&str], recognizer: &str) -> (String, [usize; 2], Use) {
    let (store, _) = open(folder);
    let counting = Counting::default();
    let cached = counting.over(&store, recognizer);
    let mut lines = Vec::new();
    for (number, text) in texts.iter().enumerate() {
        let mut document = Document::new(number.to_string(), *text);
        document.notes.push("from reading".into());
        cached.apply(&mut document).expect("no stage fails");
        wire::write_line(&document, &mut lines).expect("it is written to memory");
        store.flush().expect("it can be written");
    }
    (String::from_utf8(lines).expect("JSON"), counting.counts(), store.used())
}

fn folder() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().to_owned();
    (folder, path)
}

#[test]
fn a_text_is_worked_on_once_whatever_it_is_called() {
    let (_guard, folder) = folder();
    let (first, counts, _) = work(&folder, &["Öde", "Ösen", "Öde"], "one");
    assert_eq!(counts, [2, 2]);
    assert!(first.contains("found by one") && first.contains("from reading"));
    let (again, counts, used) = work(&folder, &["Öde", "Ösen", "Öde"], "one");
    assert_eq!((again, counts), (first, [0, 0]));
    assert_eq!(used, Use { documents: 3, prepared: 0, damaged: 0 });
    assert_eq!(work(&folder, &["Öde", "Ödes"], "one").1, [1, 1]);
}

#[test]
fn another_recogniser_meets_the_text_again_and_nothing_else_does() {
    let (_guard, folder) = folder();
    let (first, ..) = work(&folder, &["Öde"], "one");
    let (other, counts, used) = work(&folder, &["Öde"], "other");
    assert_eq!((counts, used.prepared), ([0, 1], 1));
    assert!(other.contains("found by other") && !other.contains("found by one"), "{other}");
    // Going back costs nothing.
    assert_eq!(work(&folder, &["Öde"], "one").0, first);
    assert_eq!(work(&folder, &["Öde"], "one").1, [0, 0]);
}

#[test]
fn keys_tell_settings_and_recognisers_apart() {
    let key = |settings: &[&'static str], recognizers: &[&'static str]| {
        Keys::new(settings.iter().copied(), recognizers.iter().copied())
    };
    let one = key(&["de", "en"], &["a", "b"]);
    assert_eq!(one, key(&["de", "en"], &["a", "b"]));
    assert_eq!(one.prepared, key(&["de", "en"], &["ab"]).prepared);
    assert_ne!(one.finished, key(&["de", "en"], &["ab"]).finished);
    assert_ne!(one.prepared, key(&["deen"], &["a", "b"]).prepared);
    assert_ne!(one.finished, key(&["deen"], &["a", "b"]).finished);
}

#[test]
fn no_byte_of_a_damaged_store_is_trusted() {
    let (_guard, folder) = folder();
    let texts: Vec<String> = (0..40).map(|number| format!("Ö{number} steht hier")).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let (first, ..) = work(&folder, &texts, "one");
    let whole = fs::read(folder.join(FILE)).expect("it is there");
    let mut noticed = 0;
    for at in (0..whole.len()).step_by(97) {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x55;
        fs::write(folder.join(FILE), damaged).expect("it can be written");
        let (again, counts, _) = work(&folder, &texts, "one");
        assert_eq!(again, first, "byte {at}");
        noticed += usize::from(counts[1] > 0);
    }
    assert!(noticed > 10, "{noticed}");
    // Cut short, replaced by something else, made by another version.
    for other in [&whole[..whole.len() / 2], &whole[..10], b"no store at all", b""] {
        fs::write(folder.join(FILE), other).expect("it can be written");
        assert_eq!(work(&folder, &texts, "one").0, first);
        assert_eq!(work(&folder, &texts, "one").1, [0, 0], "it is whole again");
    }
}

#[test]
fn a_store_of_another_version_is_replaced_and_told() {
    let (_guard, folder) = folder();
    work(&folder, &["Öde"], "one");
    let connection = rusqlite::Connection::open(folder.join(FILE)).expect("it is a database");
    connection.pragma_update(None, "user_version", 99).expect("it can be written");
    drop(connection);
    let (store, notice) = open(&folder);
    let notice = notice.expect("it cannot be used");
    assert!(
        notice.ends_with("was written by another version of namenlese: every document is worked on again")
    );
    drop(store);
    assert_eq!(open(&folder).1, None);
    assert_eq!(work(&folder, &["Öde"], "one").1, [1, 1]);
    let (store, _) = Store::open(&folder, true).expect("it can be written");
    drop(store);
    assert_eq!(work(&folder, &["Öde"], "one").1, [1, 1], "afresh");
}

#[test]
fn the_text_is_not_in_it() {
    let (_guard, folder) = folder();
    work(&folder, &["Ö, ein langer Satz, den niemand sonst lesen soll."], "one");
    let connection = rusqlite::Connection::open(folder.join(FILE)).expect("it is a database");
    let row = connection.query_row("SELECT prepared, finished FROM record", [], |row| {
        Ok([row.get::<_, Vec<u8>>(0)?, row.get(1)?])
    });
    let row = row.expect("one record").map(|packed| unpack(&packed).expect("it is compressed"));
    let layers = String::from_utf8(row.concat()).expect("JSON");
    assert!(layers.contains("\"candidates\":[\"Ö\"]") && !layers.contains("niemand"), "{layers}");
}
