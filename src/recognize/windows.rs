//! Which pieces go through the encoder together: consecutive sentences of one document, as many as fit.

use std::{iter, ops::Range};

/// Begins a window.
const BEGIN: u32 = 0;
/// Ends a sentence.
const END: u32 = 2;

/// How many pieces two windows over one long sentence share.
const OVERLAP: usize = 64;

/// What goes through the encoder in one call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Window {
    pub pieces: Vec<u32>,
    pub parts: Vec<Part>,
}

/// A stretch of a sentence inside a window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    pub sentence: usize,
    /// The pieces of the sentence whose result this window gives. Every piece is in exactly one part.
    pub kept: Range<usize>,
    /// Where the first of them stands in the window.
    pub at: usize,
}

/// Packs sentences, each given as its pieces, into windows of at most `most` pieces with the marks around sentences.
///
/// A sentence that does not fit into one window goes through several that overlap; of two windows that see a piece,
/// that one keeps it in which it stands farther from the edge.
pub(super) fn pack<'p>(sentences: impl IntoIterator<Item = &'p [u32]>, most: usize) -> Vec<Window> {
    let room = most.saturating_sub(2).max(1);
    let mut windows: Vec<Window> = Vec::new();
    let mut open = false;
    for (sentence, pieces) in sentences.into_iter().enumerate().filter(|(_, pieces)| !pieces.is_empty()) {
        if pieces.len() > room {
            for (seen, kept) in stretches(pieces.len(), room) {
                let mut window = Window { pieces: vec![BEGIN], parts: vec![] };
                window.push(sentence, &pieces[seen.clone()], kept, seen.start);
                windows.push(window);
            }
            open = false;
            continue;
        }
        let fits = open && windows.last().is_some_and(|last| last.pieces.len() + pieces.len() < most);
        if !fits {
            windows.push(Window { pieces: vec![BEGIN], parts: vec![] });
            open = true;
        }
        if let Some(last) = windows.last_mut() {
            last.push(sentence, pieces, 0..pieces.len(), 0);
        }
    }
    windows
}

/// Runs of about `most` windows; all windows over a sentence are in one run.
pub(super) fn runs(windows: &[Window], most: usize) -> impl Iterator<Item = &[Window]> {
    let is_one_sentence = |one: &Window, next: &Window| {
        one.parts.last().map(|part| part.sentence) == next.parts.first().map(|part| part.sentence)
    };
    let mut rest = windows;
    iter::from_fn(move || {
        let mut end = rest.len().min(most);
        while end > 0 && end < rest.len() && is_one_sentence(&rest[end - 1], &rest[end]) {
            end += 1;
        }
        let run;
        (run, rest) = rest.split_at(end);
        (!run.is_empty()).then_some(run)
    })
}

impl Window {
    /// Adds pieces of a sentence, of which the first is its number `first`.
    fn push(&mut self, sentence: usize, pieces: &[u32], kept: Range<usize>, first: usize) {
        let at = self.pieces.len() + kept.start - first;
        self.parts.push(Part { sentence, kept, at });
        self.pieces.extend_from_slice(pieces);
        self.pieces.push(END);
    }
}

/// Overlapping stretches of `room` pieces that cover a sentence of `count`, and what each keeps.
pub(super) fn stretches(count: usize, room: usize) -> Vec<(Range<usize>, Range<usize>)> {
    let overlap = OVERLAP.min(room / 2);
    let mut starts: Vec<usize> = (0..count - room).step_by(room - overlap).collect();
    starts.push(count - room);
    let mut kept_to = 0;
    let mut stretches = Vec::with_capacity(starts.len());
    for (index, &start) in starts.iter().enumerate() {
        let end = start + room;
        // The seam is the middle of what this window and the next both see.
        let seam = starts.get(index + 1).map_or(end, |&next| next.midpoint(end));
        stretches.push((start..end, kept_to..seam));
        kept_to = seam;
    }
    stretches
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn sentences_share_a_window_as_long_as_they_fit() {
        let windows = pack([&[7, 8][..], &[], &[9, 10, 11], &[12]], 8);
        assert_eq!(windows.len(), 2);
        assert_eq!(windows[0].pieces, [0, 7, 8, 2, 9, 10, 11, 2]);
        assert_eq!(windows[0].parts[1], Part { sentence: 2, kept: 0..3, at: 4 });
        assert_eq!(windows[1].pieces, [0, 12, 2]);
    }

    proptest! {
        #[test]
        fn every_piece_is_kept_once_and_its_neighbours_are_seen(
            lengths in prop::collection::vec(0usize..90, 0..12), most in 5usize..40,
        ) {
            let sentences: Vec<Vec<u32>> = lengths
                .iter()
                .enumerate()
                .map(|(index, &length)| (0..length).map(|at| (1000 * index + at + 10) as u32).collect())
                .collect();
            let mut kept = vec![vec![]; sentences.len()];
            let windows = pack(sentences.iter().map(Vec::as_slice), most);
            let runs: Vec<_> = runs(&windows, 2).collect();
            prop_assert_eq!(runs.concat(), windows.clone());
            let ends = |run: &&[Window]| {
                let sentence = |part: Option<&Part>| part.map(|part| part.sentence);
                (sentence(run[0].parts.first()), sentence(run[run.len() - 1].parts.last()))
            };
            prop_assert!(runs.iter().map(ends).is_sorted_by(|one, next| one.1 < next.0));
            for window in windows {
                prop_assert!(window.pieces.len() <= most);
                prop_assert_eq!(window.pieces[0], BEGIN);
                for part in window.parts {
                    for (at, piece) in part.kept.clone().enumerate() {
                        let piece = sentences[part.sentence][piece];
                        prop_assert_eq!(window.pieces[part.at + at], piece);
                        kept[part.sentence].push(piece);
                    }
                }
            }
            prop_assert_eq!(kept, sentences);
        }
    }
}
