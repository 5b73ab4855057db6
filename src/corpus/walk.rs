//! Finding files: folders in depth, links without loops, globs, and the ids of what is found.

use super::{Rules, Settings};
use crate::{Error, ErrorKind, Result};
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use std::{
    collections::BTreeMap,
    fs,
    path::{Component, Path, PathBuf},
};
use walkdir::WalkDir;

/// What would be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// How many files; standard input counts as one.
    pub files: usize,
    /// Their bytes together, as far as known.
    pub bytes: u64,
    /// The same for each format, by name: `text`, `html`, `jsonl`, or the ending of files that cannot be read.
    pub formats: BTreeMap<String, PlannedFormat>,
}

/// What would be read of one format.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PlannedFormat {
    /// How many files.
    pub files: usize,
    /// Their bytes together.
    pub bytes: u64,
    /// Whether this version reads the format; otherwise each file will be a faulty row.
    pub readable: bool,
}

/// Where an entry's bytes are.
#[derive(Debug)]
pub(super) enum Place {
    File(PathBuf),
    Stdin,
    /// Something that is there and cannot be read, and why.
    Broken(String),
}

/// A file that was found.
#[derive(Debug)]
pub(super) struct Entry {
    pub id: String,
    /// The path as given, with `/` between its parts.
    pub path: String,
    pub place: Place,
}

/// All files of the inputs that pass the globs, sorted by id, and the folders that were not entered.
pub(super) fn entries(inputs: &[PathBuf], settings: &Settings) -> Result<(Vec<Entry>, Vec<PathBuf>)> {
    let include = globs(&settings.include)?;
    let exclude = globs(&settings.exclude)?;
    let passes = |id: &str| (settings.include.is_empty() || include.is_match(id)) && !exclude.is_match(id);
    let skip: Vec<PathBuf> = settings.skip.iter().filter_map(|path| fs::canonicalize(path).ok()).collect();
    let (mut entries, mut skipped) = (Vec::new(), Vec::new());
    for input in inputs {
        if input.as_os_str() == "-" {
            entries.push(Entry { id: "-".into(), path: "-".into(), place: Place::Stdin });
            continue;
        }
        let metadata = fs::metadata(input).map_err(|error| {
            Error::new(ErrorKind::Io, format!("cannot read {}", input.display())).caused_by(error)
        })?;
        let several = inputs.len() > 1;
        if !metadata.is_dir() {
            let name = input.file_name().map_or(input.as_path(), Path::new);
            if passes(&name_of(name)) {
                let id = name_of(if several { input } else { name });
                entries.push(Entry { id, path: name_of(input), place: Place::File(input.clone()) });
            }
            continue;
        }
        let mut walk = Walk::new(input, &skip, settings.skip_if);
        for (path, place) in walk.files() {
            let relative = path.strip_prefix(input).unwrap_or(&path);
            // Whether there was anything to include in a folder that cannot be entered, nobody knows: it is told.
            let is_closed = matches!(place, Place::Broken(_)) && path.is_dir();
            let name = name_of(relative);
            if passes(&name) || (is_closed && !exclude.is_match(&name)) {
                let id = name_of(if several { &path } else { relative });
                entries.push(Entry { id, path: name_of(&path), place });
            }
        }
        skipped.append(&mut walk.skipped);
    }
    entries.sort_by(|a, b| a.id.cmp(&b.id));
    make_unique(&mut entries);
    Ok((entries, skipped))
}

/// One folder with what was followed on the way.
struct Walk<'a> {
    root: &'a Path,
    skip: &'a [PathBuf],
    skip_if: Option<fn(&Path) -> bool>,
    skipped: Vec<PathBuf>,
    /// Canonical paths of the folder itself and of linked folders already entered.
    entered: Vec<PathBuf>,
}

impl<'a> Walk<'a> {
    fn new(root: &'a Path, skip: &'a [PathBuf], skip_if: Option<fn(&Path) -> bool>) -> Self {
        let entered = fs::canonicalize(root).into_iter().collect();
        Self { root, skip, skip_if, skipped: Vec::new(), entered }
    }

    fn files(&mut self) -> Vec<(PathBuf, Place)> {
        let mut found = Vec::new();
        let root = self.root;
        let walk = WalkDir::new(root).follow_links(true).sort_by_file_name().into_iter();
        for entry in walk.filter_entry(|entry| entry.depth() == 0 || self.wants(entry)) {
            match entry {
                Ok(entry) if entry.file_type().is_dir() => {}
                Ok(entry) if entry.file_type().is_file() => {
                    let path = entry.into_path();
                    found.push((path.clone(), Place::File(path)));
                }
                Ok(entry) => {
                    found.push((entry.into_path(), Place::Broken("neither a file nor a folder".into())));
                }
                // A link back to a folder above holds nothing new.
                Err(error) if error.loop_ancestor().is_some() => {}
                Err(error) => {
                    let path = error.path().unwrap_or(root).to_owned();
                    let hidden =
                        path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
                    if path == root || !hidden {
                        let reason = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
                        found.push((path, Place::Broken(reason)));
                    }
                }
            }
        }
        found
    }

    /// Whether to list or enter: nothing hidden or skipped, and no linked folder whose content is read anyway.
    fn wants(&mut self, entry: &walkdir::DirEntry) -> bool {
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            return false;
        }
        let is_folder = entry.file_type().is_dir();
        // Where a file really is, takes time to find out: of most it is enough to know its name.
        let may_be_skipped = self.skip.iter().any(|skip| skip.file_name() == Some(entry.file_name()));
        if !is_folder && !entry.path_is_symlink() && !may_be_skipped {
            return true;
        }
        let Ok(canonical) = fs::canonicalize(entry.path()) else { return true };
        if self.skip.contains(&canonical) {
            return false;
        }
        if !is_folder {
            return true;
        }
        if self.skip_if.is_some_and(|skips| skips(entry.path())) {
            self.skipped.push(entry.path().to_owned());
            return false;
        }
        if entry.path_is_symlink() {
            if self.entered.iter().any(|above| canonical.starts_with(above)) {
                return false;
            }
            self.entered.push(canonical);
        }
        true
    }
}

/// Counts entries, by format.
pub(super) fn plan<'e>(entries: impl Iterator<Item = &'e Entry>, rules: &Rules) -> Plan {
    let mut plan = Plan::default();
    for entry in entries {
        let bytes = match &entry.place {
            Place::File(path) => fs::metadata(path).map_or(0, |metadata| metadata.len()),
            Place::Stdin | Place::Broken(_) => 0,
        };
        let format = rules.of_name(&entry.path);
        let planned = plan.formats.entry(format.name().to_owned()).or_default();
        planned.files += 1;
        planned.bytes += bytes;
        planned.readable = !format.is_unread();
        plan.files += 1;
        plan.bytes += bytes;
    }
    plan
}

/// A path as text, `/` between its parts, without `.` parts; bytes that are not UTF-8 as `\xHH`.
fn name_of(path: &Path) -> String {
    let parts = path.components().filter(|part| !matches!(part, Component::CurDir));
    let mut name = String::new();
    for part in parts {
        if !name.is_empty() && !name.ends_with('/') {
            name.push('/');
        }
        if matches!(part, Component::RootDir) {
            name.push('/');
            continue;
        }
        name.push_str(&escaped(part.as_os_str().as_encoded_bytes()));
    }
    name
}

/// A name as text; bytes that are not UTF-8 as `\xHH`.
pub(super) fn escaped(bytes: &[u8]) -> String {
    let mut name = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        name.push_str(chunk.valid());
        for byte in chunk.invalid() {
            name.push_str(&format!("\\x{byte:02X}"));
        }
    }
    name
}

/// One file given twice is read once; two files whose odd names look alike are told apart by a number.
fn make_unique(entries: &mut Vec<Entry>) {
    entries.dedup_by(|later, first| match (&later.place, &first.place) {
        (Place::Stdin, Place::Stdin) => true,
        (Place::File(a), Place::File(b)) => {
            later.id == first.id && name_of(a) == name_of(b) && a.components().eq(b.components())
        }
        _ => false,
    });
    let mut previous = String::new();
    let mut count = 1;
    for entry in entries {
        if entry.id == previous {
            count += 1;
            entry.id.push_str(&format!("~{count}"));
        } else {
            previous.clone_from(&entry.id);
            count = 1;
        }
    }
}

fn globs(patterns: &[String]) -> Result<GlobSet> {
    let bad = |pattern: &str, error: globset::Error| {
        Error::new(ErrorKind::Settings, format!("bad glob {pattern:?}: {}", error.kind()))
    };
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        let trimmed = pattern.trim_start_matches("./").trim_end_matches('/');
        let anywhere = if trimmed.contains('/') { "" } else { "**/" };
        for inside in ["", "/**"] {
            let glob = format!("{anywhere}{}{inside}", trimmed.trim_start_matches('/'));
            let glob = GlobBuilder::new(&glob).literal_separator(true).build();
            set.add(glob.map_err(|error| bad(pattern, error))?);
        }
    }
    set.build().map_err(|error| bad(&patterns.join(" "), error))
}
