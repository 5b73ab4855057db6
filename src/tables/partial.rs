//! A file or folder on its way: made beside its place under another name, and moved there when it is whole.

use super::cannot_write;
use crate::Result;
use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

/// How the names of tables, of their other forms and of what lies beside them begin.
const OURS: &[&str] = &[
    "documents",
    "mentions",
    "entities",
    "forms",
    "cooccurrences",
    "candidates",
    "ids",
    "changes",
    "run",
    "report",
    "namenlese",
    "network",
    "excel",
    "excel-de",
    "jsonl",
    "parquet",
    "brat",
];

/// Removes what runs that were killed have left on its way, and nothing of anybody else.
pub(super) fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let hidden = name.strip_prefix('.').and_then(|name| name.strip_suffix(".partial"));
        let left = hidden.or_else(|| name.strip_suffix(".old.partial"));
        let begins = left.and_then(|left| left.split('.').next());
        if begins.is_some_and(|begins| OURS.contains(&begins)) {
            remove(&entry.path());
        }
    }
}

fn remove(path: &Path) {
    // What remains is written over, or told when it is in the way.
    let _ = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
}

/// What bears its name only when it is whole; what is dropped before leaves nothing behind.
#[derive(Debug)]
pub(super) struct Partial {
    path: PathBuf,
    partial: PathBuf,
}

impl Partial {
    fn new(path: PathBuf) -> Self {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        Self { partial: path.with_file_name(format!(".{name}.partial")), path }
    }

    /// A file to write to.
    pub fn file(path: PathBuf) -> Result<(Self, File)> {
        let new = Self::new(path);
        let file = File::options().read(true).write(true).create(true).truncate(true).open(&new.partial);
        let file = file.map_err(|error| cannot_write(&new.path, error))?;
        Ok((new, file))
    }

    /// An empty folder to write into, at [`now`](Self::now).
    pub fn folder(path: PathBuf) -> Result<Self> {
        let new = Self::new(path);
        remove(&new.partial);
        fs::create_dir(&new.partial).map_err(|error| cannot_write(&new.path, error))?;
        Ok(new)
    }

    /// Where it will stand.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where it stands now.
    pub fn now(&self) -> &Path {
        &self.partial
    }

    /// Moves it to its place, instead of what is there.
    pub fn finish(self) -> Result<()> {
        let failed = |error| cannot_write(&self.path, error);
        // A folder cannot be renamed over another: the old one steps aside first.
        let old = self.path.with_extension("old.partial");
        let is_replaced = self.partial.is_dir() && self.path.exists();
        if is_replaced {
            // One that a killed run has left there is older than the one that is in its place.
            let _ = fs::remove_dir_all(&old);
            fs::rename(&self.path, &old).map_err(failed)?;
        }
        if let Err(error) = fs::rename(&self.partial, &self.path) {
            if is_replaced {
                let _ = fs::rename(&old, &self.path);
            }
            return Err(failed(error));
        }
        let _ = fs::remove_dir_all(&old);
        Ok(())
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        remove(&self.partial);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_have_left_is_not_swept_away() {
        let at = tempfile::tempdir().expect("a folder");
        for left in [".mentions.csv.partial", "brat.old.partial", ".photo.jpg.partial", "letters.old.partial"]
        {
            fs::write(at.path().join(left), "").expect("a file");
        }
        sweep(at.path());
        let exists = |name: &str| at.path().join(name).exists();
        assert!(exists(".photo.jpg.partial") && exists("letters.old.partial"));
        assert!(!exists(".mentions.csv.partial") && !exists("brat.old.partial"));
    }

    #[test]
    fn every_form_is_swept() {
        for format in crate::tables::Format::ALL {
            let place = match format.as_str() {
                "xlsx" | "sqlite" => "namenlese",
                "conll" => "mentions",
                "ftm" => "entities",
                "gexf" | "graphml" => "network",
                folder => folder,
            };
            assert!(OURS.contains(&place), "{place}");
        }
    }

    #[test]
    fn a_folder_is_replaced_whatever_a_killed_run_has_left() {
        let at = tempfile::tempdir().expect("a folder");
        for left in ["jsonl", "jsonl.old.partial", ".jsonl.partial"] {
            fs::create_dir(at.path().join(left)).expect("a folder");
            fs::write(at.path().join(left).join("old"), "").expect("a file");
        }
        let partial = Partial::folder(at.path().join("jsonl")).expect("a new folder");
        fs::write(partial.now().join("new"), "").expect("a file");
        partial.finish().expect("in its place");
        let names = |of: &Path| -> Vec<_> {
            let entries =
                fs::read_dir(of).expect("a folder").map(|entry| entry.expect("an entry").file_name());
            entries.collect()
        };
        assert_eq!(names(at.path()), ["jsonl"]);
        assert_eq!(names(&at.path().join("jsonl")), ["new"]);
    }
}
