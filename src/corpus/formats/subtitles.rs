//! Subtitles, SubRip and WebVTT: what is said, one line below the other, without numbers, times and tags.

use super::{Content, Format, Read, Signature};
use crate::{
    Error, ErrorKind, Result,
    corpus::{Rules, decode},
};

pub(super) const SRT: Format = Format {
    name: "srt",
    endings: &["srt"],
    signature: Signature::Text(|head| timed(head, 1)),
    about: "subtitles: what is said, without numbers, times and tags",
    read: Read::Whole(read),
};

pub(super) const VTT: Format = Format {
    name: "vtt",
    endings: &["vtt"],
    signature: Signature::Text(|head| head.starts_with(b"WEBVTT")),
    about: "the same; a speaker's name stands before what they say",
    read: Read::Whole(read),
};

/// Whether this line, counted from 0, holds times.
fn timed(head: &[u8], line: usize) -> bool {
    let line = head.split(|&byte| byte == b'\n').nth(line).unwrap_or_default();
    line.windows(ARROW.len()).any(|bytes| bytes == ARROW.as_bytes())
}

const ARROW: &str = " --> ";

fn read(bytes: &[u8], rules: &Rules) -> Result<Content> {
    let decoded = decode::decode(bytes, rules.encoding, |_| None)?;
    let lines: Vec<&str> = decoded.text.lines().map(str::trim).collect();
    let mut text = String::new();
    let mut speaker = String::new();
    let mut last = String::new();
    let mut cues = 0;
    for cue in lines.split(|line| line.is_empty()) {
        // Before the times stands a number or a name; without times it is a heading, a note or a style.
        let Some(times) = cue.iter().position(|line| line.contains(ARROW)) else { continue };
        cues += 1;
        for line in cue.iter().skip(times + 1) {
            let (said_by, line) = plain(line);
            // Captions that roll say each line twice.
            if line.is_empty() || line == last {
                continue;
            }
            if let Some(name) = said_by.filter(|name| *name != speaker) {
                text.push_str(&format!("{name}: "));
                speaker = name;
            }
            text.push_str(&line);
            text.push('\n');
            last = line;
        }
    }
    if cues == 0 && !decoded.text.trim().is_empty() {
        return Err(Error::new(ErrorKind::Malformed, "there are no subtitles in it"));
    }
    text.truncate(text.trim_end().len());
    Ok(Content { text, encoding: decoded.encoding, ..Content::default() })
}

/// A line without tags, and who says it, if a tag tells.
fn plain(line: &str) -> (Option<String>, String) {
    let (mut speaker, mut text) = (None, String::with_capacity(line.len()));
    let mut rest = line;
    while let Some(at) = rest.find(['<', '{']) {
        let (before, tag) = rest.split_at(at);
        text.push_str(before);
        let is_tag = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '/' | '\\');
        let end = tag.find(if tag.starts_with('<') { '>' } else { '}' });
        // `{\an8}` is a tag, `{so}` is said.
        let begins = tag.get(1..).is_some_and(|inside| {
            inside.starts_with(if tag.starts_with('<') { is_tag } else { |letter| letter == '\\' })
        });
        let Some(end) = end.filter(|_| begins) else {
            text.push_str(&tag[..1]);
            rest = &tag[1..];
            continue;
        };
        if let Some(voice) = tag[..end].strip_prefix("<v").filter(|voice| voice.starts_with([' ', '.'])) {
            speaker = voice.split_once(' ').map(|(_, name)| name.trim().to_owned());
        }
        rest = &tag[end + 1..];
    }
    text.push_str(rest);
    for (entity, letter) in
        [("&lt;", "<"), ("&gt;", ">"), ("&nbsp;", "\u{a0}"), ("&lrm;", ""), ("&rlm;", ""), ("&amp;", "&")]
    {
        if text.contains('&') {
            text = text.replace(entity, letter);
        }
    }
    (speaker, text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::tests::documents;
    use proptest::prelude::*;

    fn text(name: &str, subtitles: &str) -> String {
        documents(name, subtitles.as_bytes())[0].text().to_owned()
    }

    #[test]
    fn what_is_said() {
        let srt = "\u{feff}1\r\n00:00:01,000 --> 00:00:04,000\r\n<i>Guten Abend</i> aus {\\an8}Wien,\r\nsagt {so} der Rat 1 < 2.\r\n\r\n\
            2\r\n00:00:05,000 --> 00:00:06,000\r\n1945\r\n";
        assert_eq!(text("a.srt", srt), "Guten Abend aus Wien,\nsagt {so} der Rat 1 < 2.\n1945");
        assert_eq!(documents("a", srt.as_bytes())[0].source.format, "srt");
        let vtt = "WEBVTT - Titel\n\nNOTE\nBemerkung\n\nSTYLE\n::cue {}\n\n00:01.000 --> 00:02.000 align:start\n<v.laut Anna Bauer>Ja &amp; nein.\n\n\
            id\n00:02.000 --> 00:03.000\n<v Anna Bauer>Doch.</v>\n\n00:03.000 --> 00:04.000\nDoch.\n<v Otto><c.rot>Eben</c>.";
        assert_eq!(text("a.vtt", vtt), "Anna Bauer: Ja & nein.\nDoch.\nOtto: Eben.");
    }

    #[test]
    fn what_is_no_subtitle_says_so() {
        assert_eq!(documents("a.srt", b"Nur Text")[0].faults[0].reason, "there are no subtitles in it");
        assert!(documents("a.srt", b"")[0].faults.is_empty());
    }

    proptest! {
        #[test]
        fn any_text_is_survived(line in "[<{>}\\\\v ./a-ä&;\n]{0,60}") {
            let _ = text("a.vtt", &format!("00:01.000 --> 00:02.000\n{line}"));
        }
    }
}
