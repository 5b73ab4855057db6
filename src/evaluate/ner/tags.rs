//! From tags of words to names.

use std::ops::Range;

/// The names in a sentence's tags, as word ranges with their labels.
///
/// Read as the CoNLL evaluation script and seqeval (in its default mode) do: `B`, `I`, `E` and `S` (or `L` and `U`)
/// before a hyphen; an inside without a begin, or after another label, begins a name.
///
/// ```
/// use namenlese::evaluate::ner::names_of_tags;
/// let names = names_of_tags(&["I-PER", "I-PER", "B-PER", "O", "S-LOC"]);
/// assert_eq!(names, [(0..2, "PER".into()), (2..3, "PER".into()), (4..5, "LOC".into())]);
/// ```
pub fn names_of_tags(tags: &[&str]) -> Vec<(Range<usize>, String)> {
    let mut names: Vec<(Range<usize>, String)> = Vec::new();
    let (mut before, mut label_before) = ("O", "");
    let mut open = false;
    for (at, tag) in tags.iter().enumerate() {
        let (prefix, label) = match tag.split_once('-') {
            Some((prefix, label)) => (prefix, label),
            None => ("O", ""),
        };
        let prefix = match prefix {
            "L" => "E",
            "U" => "S",
            other => other,
        };
        let goes_on =
            open && matches!(prefix, "I" | "E") && label == label_before && !matches!(before, "E" | "S");
        match names.last_mut() {
            Some((range, _)) if goes_on => range.end = at + 1,
            _ if prefix != "O" => names.push((at..at + 1, label.to_owned())),
            _ => {}
        }
        open = prefix != "O";
        (before, label_before) = (prefix, label);
    }
    names
}
