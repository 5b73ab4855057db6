//! The tables and their writers; `docs/formats.md` in the repository describes every column.
//!
//! | table | a row is |
//! |---|---|
//! | `documents` | a document: where it lies, language, counts, whose copy it is, what was wrong with it |
//! | `mentions` | a place where something is named: offsets in code points, surface, normal form, label, score, entity, context |
//! | `entities` | a person, place, organisation or other name of the corpus |
//! | `forms` | a spelling of an entity, and why it belongs to it |
//! | `cooccurrences` | two entities that stand together |
//! | `candidates` | two names that could be one |
//! | `ids`, `changes` | the ids of the entities, and what became of those of the run before |
//!
//! A row of `mentions` has the columns `doc_id`, `path`, `sentence` (from 1), `start` and `end` (code points of
//! [`Document::text`], from 0, half-open: a byte-order mark is not counted, `\r\n` are two), `surface`, `normal_form`,
//! `title_or_role`, `label`, `score`, `entity_id`, `entity`, `context_left` and `context_right`. [`Rows`] knows the columns of all.
//!
//! [Documents to tables](crate#from-mentions-to-tables) in a few lines is in the guide. Finished documents wait in a spool beside
//! the tables, so memory grows with distinct names and not with mentions.

mod corrections;
mod duplicates;
mod excerpt;
mod formats;
mod lock;
mod metadata;
mod pairs;
mod partial;
pub(crate) mod schema;
mod sink;
mod sketch;
mod spool;
pub mod steps;
mod strip;
mod writer;

use crate::{Document, Error, ErrorKind, Label, Result, resolve};
use excerpt::{Excerpt, Place};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
};

pub use corrections::{Corrections, corrections};
#[cfg(feature = "report")]
pub(crate) use formats::Row;
#[cfg(any(feature = "cli", feature = "report"))]
pub(crate) use formats::Source;
pub use formats::{Format, WORKBOOK};
use lock::Lock;
pub use pairs::MOST_PAIRS;
pub use schema::Kind;
use sink::Csv;
pub use sink::{Rows, Sink};

/// Which mentions enter the tables, and what the user decided.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Derived words and parts of compounds, too.
    pub all_forms: bool,
    /// The least score, from 0 to 1.
    pub min_score: f64,
    /// Decisions that outrank every score.
    pub decisions: resolve::Decisions,
    /// By whose convention entities are called.
    pub naming: resolve::Naming,
    /// What becomes of documents that are copies of others.
    pub duplicates: Duplicates,
    /// No line of context goes into a table or any other file.
    pub no_text: bool,
    /// Whether entities get ids as if no tables had been in the folder.
    pub afresh: bool,
    /// Forms of the tables beside CSV.
    pub formats: Vec<Format>,
}

impl Settings {
    /// Whether the whole texts are needed until the tables are written.
    fn shows_texts(&self) -> bool {
        self.formats.iter().any(|format| format.shows_texts())
    }
}

/// What becomes of documents that are copies of others, word for word or nearly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Duplicates {
    /// They are not looked for.
    Keep,
    /// They are marked, and entities are counted with and without them.
    #[default]
    Mark,
    /// They are marked, and their mentions enter no table.
    Drop,
}

/// What was written.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize)]
pub struct Summary {
    /// Documents, faulty ones included.
    pub documents: u64,
    /// Documents with a fault.
    pub faulty: u64,
    /// Documents with the text of another.
    pub duplicates: u64,
    /// Documents with nearly the text of another.
    pub near_duplicates: u64,
    /// Mentions by label.
    pub mentions: BTreeMap<&'static str, u64>,
    /// Entities by label.
    pub entities: BTreeMap<&'static str, u64>,
    /// Documents by language.
    pub languages: BTreeMap<String, u64>,
    /// Pairs in candidates.csv.
    pub candidates: u64,
    /// Entities with so many forms of one script that somebody should look.
    pub suspicious: Vec<String>,
    /// Fields of metadata that are not columns of documents.csv, because there are too many.
    pub metadata_left_out: u64,
    /// Whether there were more pairs of entities than are kept in mind.
    pub pairs_capped: bool,
    /// What should be known of the forms beside CSV.
    #[serde(skip)]
    pub notices: Vec<String>,
    /// The entities with most mentions, and how many.
    #[serde(skip)]
    pub most_named: Vec<(String, u64)>,
    /// The entities with most forms, and how many.
    #[serde(skip)]
    pub most_forms: Vec<(String, u64)>,
    /// The first faulty document, and what is wrong with it.
    #[serde(skip)]
    pub first_fault: Option<(String, String)>,
}

/// The ids from before this run, until all of it is there: of a run that was killed on the way the next one begins with
/// them, and tells the same changes.
const IDS_BEFORE: &str = ".ids.before.csv";

/// Takes documents in any order and writes the tables of all.
#[derive(Debug)]
pub struct Tables {
    folder: PathBuf,
    gathered: Gathered,
    _lock: Lock,
}

impl Tables {
    /// Prepares a folder, which is made if it is not there and is nobody else's until these tables are finished.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] if the folder cannot be written to, or if somebody else is at work on it; [`ErrorKind::Settings`]
    /// for a form that this build cannot write, or that shows texts which must not be kept.
    pub fn create(folder: &Path, settings: Settings) -> Result<Self> {
        for format in &settings.formats {
            let refused = |why: &str| {
                Err(Error::new(ErrorKind::Settings, format!("tables as {}: {why}", format.as_str())))
            };
            if !format.is_built() {
                return refused("this build cannot write them");
            }
            if settings.no_text && format.shows_texts() {
                return refused("they hold the whole texts, of which no-text keeps nothing");
            }
        }
        fs::create_dir_all(folder).map_err(|error| cannot_write(folder, error))?;
        let lock = Lock::of(folder)?;
        partial::sweep(folder);
        let gathered = Gathered::new(settings, spool::Spool::create(folder)?);
        Ok(Self { folder: folder.to_owned(), gathered, _lock: lock })
    }

    /// Adds a document. One whose id was added before becomes a faulty row with a number behind its id, one whose layers do
    /// [not fit its text](Document::check_layers) a faulty row without them.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] if the spool cannot be written.
    pub fn add(&mut self, document: &Document) -> Result<()> {
        self.gathered.add(document)
    }

    /// Resolves the names and writes all tables: to temporary files that are renamed when all are whole; then, one by one,
    /// the other forms of them. If the folder has an `ids.csv`, entities keep the ids they had there, and `changes.csv` says
    /// which could not.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] if a table cannot be written, [`ErrorKind::Malformed`] if `ids.csv` is not what was written there.
    pub fn finish(self) -> Result<Summary> {
        let Self { folder, mut gathered, _lock } = self;
        let copies = gathered.copies()?;
        let (counts, mut resolved) = gathered.resolve(&copies)?;
        let [ids, before] = ["ids.csv", IDS_BEFORE].map(|name| folder.join(name));
        let known = if before.exists() { &before } else { &ids };
        let mut changes = match fs::File::open(known) {
            Ok(file) if !gathered.settings.afresh => resolve::Previous::read(io::BufReader::new(file))
                .map_err(|error| error.in_document(known.display().to_string()))?
                .inherit(&mut resolved, &counts),
            _ => Vec::new(),
        };
        let Gathered { settings, mut spool, metadata } = gathered;
        let is_deleted =
            |form: &str| Label::ALL.iter().any(|label| settings.decisions.is_deleted(*label, form));
        for change in changes.iter_mut().filter(|change| change.new.is_empty() && is_deleted(&change.form)) {
            change.reason = "deleted by your decision".to_owned();
        }
        let mut annotations = formats::Annotations::create(&folder, &settings.formats)?;
        let found = writer::Found { copies: &copies, resolved: &resolved, changes: &changes };
        let create = |schema, columns: &[_]| Csv::create(&folder, schema, columns);
        let (mut summary, tables) =
            writer::write(&mut spool, &metadata.columns(), &found, &mut annotations, create)?;
        Csv::finish(tables, &ids, &before)?;
        annotations.finish()?;
        summary.notices.extend(settings.decisions.in_vain(&resolved));
        for &format in &settings.formats {
            summary.notices.extend(formats::write(&folder, format)?);
        }
        match fs::remove_file(&before) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(cannot_write(&ids, error)),
            _ => Ok(summary),
        }
    }
}

/// Takes documents in any order and hands the rows of all tables to a program, without a file.
///
/// ```
/// use namenlese::{Document, Label, Mention, Span, tables::{InMemory, Rows}};
/// let mut document = Document::new("a", "Wien bleibt Wien.");
/// document.mentions = Some(vec![Mention::new(Span::new(document.text(), 0, 4)?, Label::Loc, 0.9)]);
/// let mut tables = InMemory::new(Default::default());
/// tables.add(&document)?;
/// let (summary, tables) = tables.finish(Rows::begin)?;
/// assert_eq!(summary.documents, 1);
/// let mentions = tables.iter().find(|table| table.name == "mentions").expect("a table of all mentions");
/// let columns = mentions.columns.iter().map(|(name, _)| name.as_str());
/// let cells: Vec<_> = columns.zip(&mentions.rows[0]).filter(|(name, _)| ["start", "end", "surface"].contains(name)).collect();
/// assert_eq!(cells, [("start", &"0".to_owned()), ("end", &"4".to_owned()), ("surface", &"Wien".to_owned())]);
/// # Ok::<(), namenlese::Error>(())
/// ```
#[derive(Debug)]
pub struct InMemory(Gathered);

impl InMemory {
    /// Nothing yet. Of the settings, those on previous ids and on other forms of the tables say nothing here.
    pub fn new(settings: Settings) -> Self {
        let settings = Settings { formats: Vec::new(), ..settings };
        Self(Gathered::new(settings, spool::Spool::in_memory()))
    }

    /// Adds a document, as [`Tables::add`] does.
    ///
    /// # Errors
    /// None that is known; what keeps documents for [`Tables`], too, may fail there.
    pub fn add(&mut self, document: &Document) -> Result<()> {
        self.0.add(document)
    }

    /// Resolves the names and hands the rows of every table to what `begin` makes for it, given its name and columns. The
    /// rows are those that [`Tables`] write to an empty folder, in the same order.
    ///
    /// # Errors
    /// Those of `begin` and of the sinks.
    pub fn finish<T: Sink>(
        self,
        mut begin: impl FnMut(&'static str, &[(String, Kind)]) -> Result<T>,
    ) -> Result<(Summary, Vec<T>)> {
        let Self(mut gathered) = self;
        let copies = gathered.copies()?;
        let (_, resolved) = gathered.resolve(&copies)?;
        let Gathered { mut spool, metadata, .. } = gathered;
        let found = writer::Found { copies: &copies, resolved: &resolved, changes: &[] };
        let none = &mut formats::Annotations::default();
        let begin = |schema: schema::Schema, columns: &[_]| begin(schema.name, columns);
        writer::write(&mut spool, &metadata.columns(), &found, none, begin)
    }
}

/// Documents that wait until all names are known.
#[derive(Debug)]
struct Gathered {
    settings: Settings,
    spool: spool::Spool,
    metadata: metadata::Fields,
}

impl Gathered {
    fn new(settings: Settings, spool: spool::Spool) -> Self {
        Self { settings, spool, metadata: metadata::Fields::default() }
    }

    fn add(&mut self, document: &Document) -> Result<()> {
        if self.spool.holds(document.id()) {
            return self.add(&self.stand_in(document));
        }
        let looked_for = self.settings.duplicates != Duplicates::Keep;
        let trace = looked_for.then(|| duplicates::Trace::of(document));
        let excerpt = Excerpt::new(document, &self.settings);
        self.metadata.add(&excerpt.metadata);
        self.spool.add(&excerpt, trace)
    }

    /// What stands for a document whose id is taken.
    fn stand_in(&self, document: &Document) -> Document {
        let id = document.id();
        let mut free =
            (2u64..).map(|number| format!("{id}~{number}")).filter(|other| !self.spool.holds(other));
        let error = Error::new(ErrorKind::Malformed, format!("another document has the id {id}"));
        let mut stand_in = Document::unreadable(free.next().unwrap_or_default(), &error);
        stand_in.source.clone_from(&document.source);
        stand_in
    }

    fn copies(&mut self) -> Result<Copies> {
        Copies::among(&mut self.spool, self.settings.duplicates)
    }

    fn resolve(&mut self, copies: &Copies) -> Result<(resolve::Counts, resolve::Resolved)> {
        let (counts, open) = survey(copies, &mut self.spool)?;
        let resolver = resolve::Resolver::new(&counts, &self.settings.decisions);
        let together = side_by_side(&resolver.doubts(), copies, &mut self.spool)?;
        let resolved = resolver.solve(&resolve::Evidence { together, open }, self.settings.naming);
        Ok((counts, resolved))
    }
}

/// The copies among the documents of a spool.
#[derive(Debug)]
struct Copies {
    /// By number in order: the id that a document is a copy of, and how alike the two are.
    of: BTreeMap<usize, (String, f64)>,
    are_dropped: bool,
}

impl Copies {
    fn among(spool: &mut spool::Spool, wanted: Duplicates) -> Result<Self> {
        let found = duplicates::find(&mut spool.traces()?)?;
        let firsts: BTreeSet<usize> = found.values().map(|(first, _)| *first).collect();
        let ids = spool.ids().enumerate().filter(|(number, _)| firsts.contains(number));
        let ids: BTreeMap<usize, &str> = ids.collect();
        let of =
            found.iter().map(|(&number, (first, likeness))| (number, (ids[first].to_owned(), *likeness)));
        Ok(Self { of: of.collect(), are_dropped: wanted == Duplicates::Drop })
    }

    fn of(&self, number: usize) -> Option<(&str, f64)> {
        self.of.get(&number).map(|(first, likeness)| (first.as_str(), *likeness))
    }

    /// Whether the mentions of a document enter no table.
    fn are_left_out(&self, number: usize) -> bool {
        self.are_dropped && self.of.contains_key(&number)
    }
}

/// How often each name stands in the documents, and the lone names of people that fit full names of their document and
/// yet stand for none.
fn survey(copies: &Copies, spool: &mut spool::Spool) -> Result<(resolve::Counts, resolve::Open)> {
    let (mut counts, mut open) = (resolve::Counts::new(), resolve::Open::new());
    spool.read(|number, document| {
        if copies.are_left_out(number) {
            return Ok(());
        }
        for place in &document.places {
            *counts.entry(place.key()).or_default() += 1;
        }
        for (lone, full) in unexplained(people(&document)) {
            *open.entry(lone.clone()).or_default().entry(full.clone()).or_default() += 1;
        }
        Ok(())
    })?;
    Ok((counts, open))
}

/// Lone names among the people of a document, each beside every full name that it fits, as often as it stands there.
fn unexplained<'d>(people: impl Iterator<Item = &'d String>) -> Vec<(&'d String, &'d String)> {
    let names: Vec<&String> = people.collect();
    // Of the spellings of a full name that differ in hyphens and case alone, one is counted.
    let mut by_word: BTreeMap<String, BTreeMap<String, &String>> = BTreeMap::new();
    for name in names.iter().filter(|name| resolve::is_full(name)) {
        for word in resolve::words_of(name) {
            by_word.entry(word).or_default().insert(name.replace('-', " ").to_lowercase(), name);
        }
    }
    let lone = names.iter().filter(|name| !resolve::is_full(name));
    let fitting =
        |lone: &&&'d String| by_word.get(&lone.to_lowercase()).into_iter().flat_map(BTreeMap::values);
    lone.flat_map(|lone| fitting(&lone).map(move |full| (*lone, *full))).collect()
}

/// The names of people in a document, as often as they stand there.
fn people(document: &Excerpt) -> impl Iterator<Item = &String> {
    document.places.iter().filter(|place| place.label == Label::Per).map(|Place { name, .. }| name)
}

/// The doubtful pairs of people's names that some document uses both of.
fn side_by_side(
    doubts: &BTreeSet<resolve::Doubt>,
    copies: &Copies,
    spool: &mut spool::Spool,
) -> Result<BTreeSet<resolve::Doubt>> {
    let mut found = BTreeSet::new();
    if doubts.is_empty() {
        return Ok(found);
    }
    let mut others: BTreeMap<&str, Vec<&resolve::Doubt>> = BTreeMap::new();
    for doubt in doubts {
        others.entry(&doubt.0).or_default().push(doubt);
    }
    spool.read(|number, document| {
        if copies.are_left_out(number) {
            return Ok(());
        }
        let names: BTreeSet<&String> = people(&document).collect();
        let doubts = names.iter().filter_map(|name| others.get(name.as_str())).flatten();
        found.extend(doubts.filter(|doubt| names.contains(&doubt.1)).map(|doubt| (*doubt).clone()));
        Ok(())
    })?;
    Ok(found)
}

/// White space, line ends included, as single blanks.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn cannot_write(path: &Path, error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::new(ErrorKind::Io, format!("cannot write {}", path.display())).caused_by(error)
}
