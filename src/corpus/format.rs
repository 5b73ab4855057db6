//! Which format a file is in: by the ending of its name, and by its first bytes where the name does not say.

/// An input format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format<'a> {
    /// Plain text or Markdown.
    Text,
    /// A web page.
    Html,
    /// One JSON record a line.
    JsonLines,
    /// A known format that is not read; its usual ending.
    Unread(&'a str),
    /// Nothing in the name says it: text, if it looks like text.
    Unsaid,
}

/// Endings of formats that are no plain text, or whose text would drown in markup.
const UNREAD: &[&str] = &[
    "7z", "avi", "bin", "bmp", "bz2", "csv", "db", "dll", "doc", "docx", "eml", "epub", "exe", "flac", "gif",
    "gz", "heic", "jpeg", "jpg", "json", "m4a", "mbox", "mkv", "mov", "mp3", "mp4", "msg", "odp", "ods",
    "odt", "ogg", "parquet", "pdf", "png", "ppt", "pptx", "ps", "rar", "rtf", "sqlite", "svg", "tar", "tgz",
    "tif", "tiff", "tsv", "warc", "wav", "webm", "webp", "xls", "xlsx", "xml", "xz", "zip", "zst",
];

/// How files begin that are no text.
const MAGIC: &[(&[u8], &str)] = &[
    (b"%PDF-", "pdf"),
    (b"PK\x03\x04", "zip"),
    (b"\x89PNG", "png"),
    (b"\xFF\xD8\xFF", "jpeg"),
    (b"GIF8", "gif"),
    (b"\x1F\x8B", "gz"),
    (b"BZh", "bz2"),
    (b"\xFD7zXZ\0", "xz"),
    (b"\x28\xB5\x2F\xFD", "zst"),
    (b"7z\xBC\xAF", "7z"),
    (b"Rar!", "rar"),
    (b"{\\rtf", "rtf"),
    (b"\xD0\xCF\x11\xE0", "doc"),
    (b"SQLite format 3\0", "sqlite"),
    (b"\x7FELF", "elf"),
];

impl<'a> Format<'a> {
    /// The format that the ending of a file's name stands for.
    pub fn of_name(name: &'a str) -> Self {
        let name = name.rsplit('/').next().unwrap_or(name);
        let Some((_, ending)) = name.rsplit_once('.') else { return Self::Unsaid };
        match ending.to_ascii_lowercase().as_str() {
            "txt" | "text" | "md" | "markdown" => Self::Text,
            "html" | "htm" | "xhtml" => Self::Html,
            "jsonl" | "ndjson" => Self::JsonLines,
            lower => {
                UNREAD.iter().find(|known| **known == lower).map_or(Self::Unsaid, |known| Self::Unread(known))
            }
        }
    }

    /// What the first bytes say of a file that should be text.
    pub fn of_bytes(self, bytes: &[u8]) -> Self {
        if let Some((_, name)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
            return Self::Unread(name);
        }
        if self == Self::Unsaid {
            let head = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
            let begins =
                |tag: &[u8]| head.get(..tag.len()).is_some_and(|head| head.eq_ignore_ascii_case(tag));
            return if begins(b"<!doctype html") || begins(b"<html") { Self::Html } else { Self::Text };
        }
        self
    }

    /// Its name in tables.
    pub fn name(self) -> &'a str {
        match self {
            Self::Text | Self::Unsaid => "text",
            Self::Html => "html",
            Self::JsonLines => "jsonl",
            Self::Unread(name) => name,
        }
    }

    /// Whether this build reads it.
    pub fn is_read(self) -> bool {
        match self {
            Self::Html => cfg!(feature = "html"),
            Self::Unread(_) => false,
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_first_bytes_tell_the_format() {
        assert_eq!(Format::of_name("a.b/Bericht.TXT"), Format::Text);
        assert_eq!(Format::of_name("a.b/Bericht"), Format::Unsaid);
        assert_eq!(Format::of_name("Bericht v1.2"), Format::Unsaid);
        assert_eq!(Format::of_name("x.NDJSON"), Format::JsonLines);
        assert_eq!(Format::of_name("scan.pdf"), Format::Unread("pdf"));
        assert_eq!(Format::Text.of_bytes(b"%PDF-1.7"), Format::Unread("pdf"));
        assert_eq!(Format::Unsaid.of_bytes(b"\xEF\xBB\xBF\n<!DOCTYPE HTML>"), Format::Html);
        assert_eq!(Format::Text.of_bytes(b"<html>"), Format::Text);
    }
}
