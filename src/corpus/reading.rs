//! Reading one file: what it is, what is inside it, and what is said of it when it cannot be read.

use super::{
    Reader, Rules, date,
    formats::{Format, Read, TEXT, Told, not_read},
    sha256,
    source::{Allowance, Source, Witness},
    timed::gave_up,
    walk::{Entry, Place},
};
use crate::{
    Document, Error, ErrorKind, Result,
    document::{self, Fault},
    error::said,
};
use std::{
    any::Any,
    collections::HashSet,
    hash::{DefaultHasher, Hash, Hasher},
    io::{self, BufRead, BufReader},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

/// Containers inside one another, the file itself included: compression, archives, mails and records count.
const MOST_NESTED: usize = 8;
/// So many first bytes tell a format.
const HEAD: usize = 4096;

/// Why reading ended before its end.
pub(super) enum Halt {
    /// Nobody wants more documents.
    Enough,
    /// What is left cannot be read.
    Failed(Error),
}

impl From<Error> for Halt {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// How reading a container goes on.
pub(super) type Flow = Result<(), Halt>;

/// One file being read; documents are pushed out as they come.
pub(super) struct Reading<'r> {
    pub rules: &'r Rules,
    entry: &'r Entry,
    take: &'r mut dyn FnMut(Document) -> Flow,
    /// What unpacking may yield.
    pub allowance: Allowance,
    /// Whether the file is still what it was when it was opened; gone once a change was told.
    witness: Option<Witness>,
    depth: usize,
    given: u64,
    /// Hashes of the ids given so far: two members may have one name.
    ids: HashSet<u64>,
}

impl<'r> Reading<'r> {
    pub fn new(rules: &'r Rules, entry: &'r Entry, take: &'r mut dyn FnMut(Document) -> Flow) -> Self {
        let allowance = Allowance::new(0, rules.most_bytes);
        Self { rules, entry, take, allowance, witness: None, depth: 0, given: 0, ids: HashSet::new() }
    }

    /// All documents of the file.
    pub fn all(mut self) -> Flow {
        let (id, name) = (self.entry.id.clone(), self.entry.path.clone());
        let named = self.rules.of_name(&name);
        let source = match &self.entry.place {
            // Not even opened: such a file may be large, and there is nothing to do with it.
            Place::File(_) if named.is_unread() => Err(not_read(named.name())),
            Place::File(file) => Source::file(id.clone(), name, file).map_err(Error::from),
            Place::Stdin => {
                let input = BufReader::with_capacity(64 << 10, self.allowance.giving(io::stdin()));
                Ok(Source::stream(id.clone(), name, input))
            }
            Place::Broken(reason) => Err(Error::new(ErrorKind::Io, reason.clone())),
        };
        match source {
            Ok(source) => {
                self.witness = source.witness();
                if let Some(length) = source.length {
                    self.allowance = Allowance::new(length, self.rules.most_bytes);
                }
                self.read(source)
            }
            Err(error) => self.give(self.faulty(&id, named.name(), &error)),
        }
    }

    /// All documents of a source. What goes wrong is a document with a fault.
    pub fn read(&mut self, mut source: Source<'_>) -> Flow {
        let (id, depth) = (source.id.clone(), self.depth);
        let mut format = self.rules.of_name(&source.name).name();
        // A parser of somebody else's may give up on a file that no one thought of.
        let read = catch_unwind(AssertUnwindSafe(|| {
            let head = source.head(HEAD)?;
            let (told, note) = self.rules.tell(&source.name, &head);
            format = told.name();
            let reader = match told {
                Told::Read(reader) => reader,
                Told::Unsaid => TEXT,
                Told::Own(reader) => return self.own(source, reader),
                Told::Unread(_) => return Err(not_read(format).into()),
            };
            match reader.read {
                Read::Whole(_) | Read::Watched(_) => self.whole(source, reader, note),
                Read::Stream(stream) => self.inside(source, stream),
            }
        }));
        self.depth = depth;
        match read.unwrap_or_else(|_| Err(gave_up().into())) {
            Err(Halt::Failed(error)) => self.give(self.faulty(&id, format, &error)),
            ended => ended,
        }
    }

    /// The documents of a container.
    fn inside(&mut self, source: Source<'_>, stream: fn(Source<'_>, &mut Self) -> Flow) -> Flow {
        if self.depth == MOST_NESTED {
            return Err(too_deep().into());
        }
        let (id, before) = (source.id.clone(), self.given);
        let format = self.rules.of_name(&source.name).name();
        self.depth += 1;
        stream(source, self)?;
        if self.depth == 1 {
            self.check_at_rest()?;
        }
        if self.given == before {
            self.give(self.empty(id, format))?;
        }
        Ok(())
    }

    /// The documents of a source of the user's own format.
    fn own(&mut self, source: Source<'_>, reader: &Arc<dyn Reader>) -> Flow {
        let (id, name) = (source.id.clone(), source.name.clone());
        let bytes = Arc::new(source.whole(self.rules.most_bytes)?);
        self.check_at_rest()?;
        let work = (reader.clone(), id.clone(), bytes.clone());
        let read = move || {
            let read = AssertUnwindSafe(|| work.0.read(&work.1, &work.2));
            catch_unwind(read).unwrap_or_else(|panic| Err(panicked(work.0.name(), &*panic)))
        };
        let read = self.rules.timed.run(read);
        let documents = read.unwrap_or_else(|error| vec![Document::unreadable(id.clone(), &error)]);
        if documents.is_empty() {
            return self.give(self.empty(id, reader.name()));
        }
        for mut document in documents {
            self.complete(&mut document, &name, reader.name(), &bytes);
            self.give(document)?;
        }
        Ok(())
    }

    /// Adds to a document what its file says: where it lies, and a date in its name.
    fn complete(&self, document: &mut Document, name: &str, format: &str, bytes: &[u8]) {
        document.date = document.date.take().or_else(|| {
            let name = name.rsplit('/').next().unwrap_or_default();
            date::name_date(name)
        });
        document.source = document::Source {
            encoding: std::mem::take(&mut document.source.encoding),
            bytes: bytes.len() as u64,
            sha256: sha256(bytes),
            ..self.source(format)
        };
    }

    /// What stands for a source without a document.
    fn empty(&self, id: String, format: &str) -> Document {
        let mut empty = Document::new(id, "");
        empty.source = self.source(format);
        empty.notes.push("there is no document in it".into());
        empty
    }

    /// What somebody else writes to while it is read may be half of one text and half of another.
    fn check_at_rest(&mut self) -> Result<()> {
        if self.witness.take_if(|witness| witness.saw_a_change()).is_none() {
            return Ok(());
        }
        let message = format!("{} changed while it was read; another run will read it", self.entry.path);
        Err(Error::new(ErrorKind::Io, message))
    }

    /// The document of a source that holds one, and those attached to it.
    fn whole(&mut self, source: Source<'_>, format: &Format, note: Option<String>) -> Flow {
        let (id, name) = (source.id.clone(), source.name.clone());
        let bytes = Arc::new(source.whole(self.rules.most_bytes)?);
        self.check_at_rest()?;
        let content = match format.read {
            Read::Whole(read) => {
                let read = AssertUnwindSafe(|| read(&bytes, self.rules));
                catch_unwind(read).unwrap_or_else(|_| Err(gave_up()))
            }
            Read::Watched(read) => {
                let (bytes, rules) = (bytes.clone(), self.rules.clone());
                self.rules.timed.run(move || read(&bytes, &rules))
            }
            Read::Stream(_) => return Ok(()),
        };
        let (mut document, parts) = match content {
            Ok(content) => content.into_document(id.clone()),
            Err(error) => (Document::unreadable(id.clone(), &error), Vec::new()),
        };
        self.complete(&mut document, &name, format.name, &bytes);
        document.notes.extend(note);
        drop(bytes);
        self.give(document)?;
        self.depth += 1;
        for (number, part) in parts.into_iter().enumerate() {
            let id = self.unique(format!("{id}#{}", part.name), number as u64 + 1);
            if self.depth > MOST_NESTED {
                let format = self.rules.of_name(&part.name).name();
                self.give(self.faulty(&id, format, &too_deep()))?;
                continue;
            }
            self.read(Source::memory(id, part.name, part.bytes))?;
        }
        Ok(())
    }

    /// All documents of a member of an archive. Hidden files are passed over, as they are in folders; a name that leads
    /// out of the archive is nobody's honest file.
    #[cfg(feature = "archives")]
    pub fn member(&mut self, archive: &str, name: &str, number: u64, bytes: impl BufRead) -> Flow {
        let name = name.replace('\\', "/");
        let parts: Vec<&str> = name.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
        let leads_out = parts.contains(&"..");
        let is_hidden = |part: &&str| part.starts_with('.') || *part == "__MACOSX";
        if parts.iter().any(is_hidden) && !leads_out {
            return Ok(());
        }
        let name = parts.join("/");
        let id = self.unique(format!("{archive}#{name}"), number);
        if leads_out {
            let error =
                Error::new(ErrorKind::Malformed, "its name leads out of the archive; it was not read");
            let format = self.rules.of_name(&name).name();
            return self.give(self.faulty(&id, format, &error));
        }
        self.read(Source::stream(id, name, bytes))
    }

    /// Hands a document out.
    pub fn give(&mut self, mut document: Document) -> Flow {
        self.given += 1;
        if document.faults.is_empty() && document.notes.is_empty() && document.text().trim().is_empty() {
            document.notes.push("there is no text in it".into());
        }
        (self.take)(document)
    }

    /// What a document of this file says of its source before it is read.
    pub fn source(&self, format: &str) -> document::Source {
        let (path, format) = (self.entry.path.clone(), format.to_owned());
        document::Source { path, format, ..document::Source::default() }
    }

    /// What stands for something that cannot be read.
    pub fn faulty(&self, id: &str, format: &str, error: &Error) -> Document {
        let mut document = Document::new(id, "");
        document.faults.push(Fault::new("read", error));
        document.source = self.source(format);
        document
    }

    /// An id that no document of this file has yet: a second time with a number added that comes once only.
    pub fn unique(&mut self, mut id: String, number: u64) -> String {
        let hash = |id: &str| {
            let mut hasher = DefaultHasher::new();
            id.hash(&mut hasher);
            hasher.finish()
        };
        while !self.ids.insert(hash(&id)) {
            id.push_str(&format!("~{number}"));
        }
        id
    }
}

fn panicked(reader: &str, panic: &(dyn Any + Send)) -> Error {
    Error::new(ErrorKind::Invalid, format!("the reader {reader} panicked: {}", said(panic)))
}

fn too_deep() -> Error {
    let message = format!("more than {MOST_NESTED} archives or mails inside one another");
    Error::new(ErrorKind::Limit, message)
}
