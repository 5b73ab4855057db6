//! Sentences as pieces of the encoder's vocabulary.

use crate::{Error, ErrorKind, Result};
use std::ops::Range;
use tokenizers::Tokenizer;

/// The tokenizer the encoder was trained with.
pub(super) struct Pieces {
    tokenizer: Tokenizer,
}

/// The pieces of one sentence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Encoded {
    pub ids: Vec<u32>,
    /// The bytes of the sentence that each piece stands for, in order.
    pub ranges: Vec<Range<usize>>,
}

/// What a tokenizer puts around a sentence: pieces with the segments they belong to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Marks {
    pub before: Vec<(u32, u32)>,
    pub after: Vec<(u32, u32)>,
}

impl Pieces {
    pub fn read(file: &[u8]) -> Result<Self> {
        let failed = |error| broken("tokenizer.json cannot be read").caused_by(error);
        let mut tokenizer = Tokenizer::from_bytes(file).map_err(failed)?;
        // Windows are ours: nothing is cut off, filled up or marked by the tokenizer.
        tokenizer.with_truncation(None).map_err(failed)?;
        tokenizer.with_padding(None);
        Ok(Self { tokenizer })
    }

    /// How many pieces there are.
    pub fn vocabulary(&self) -> usize {
        self.tokenizer.get_vocab_size(true)
    }

    /// The greatest number of a piece.
    pub fn last(&self) -> u32 {
        self.tokenizer.get_vocab(true).into_values().max().unwrap_or_default()
    }

    /// The marks around a sentence.
    pub fn marks(&self) -> Result<Marks> {
        let failed = |error| broken("the tokenizer gives nothing").caused_by(error);
        let marked = self.tokenizer.encode("a", true).map_err(failed)?;
        let mut marks = Marks::default();
        let mut before = true;
        for (at, (&piece, &segment)) in marked.get_ids().iter().zip(marked.get_type_ids()).enumerate() {
            let is_mark = marked.get_special_tokens_mask().get(at) == Some(&1);
            match (is_mark, before) {
                (true, true) => marks.before.push((piece, segment)),
                (true, false) => marks.after.push((piece, segment)),
                (false, _) => before = false,
            }
        }
        Ok(marks)
    }

    /// Whether a piece is nothing but the mark for a blank.
    #[cfg(feature = "rust-bert")]
    pub fn is_blank(&self, piece: u32) -> bool {
        self.tokenizer.id_to_token(piece).is_some_and(|piece| matches!(piece.as_str(), "▁" | "Ġ"))
    }

    pub fn encode(&self, sentence: &str) -> Result<Encoded> {
        let encoding = self
            .tokenizer
            .encode(sentence, false)
            .map_err(|error| broken("a sentence cannot be cut into pieces").caused_by(error))?;
        let ranges = encoding.get_offsets().iter().map(|&(start, end)| start..end).collect();
        Ok(Encoded { ids: encoding.get_ids().to_vec(), ranges })
    }
}

impl Encoded {
    /// For each word, the piece that covers its first character: the last of several (a lone mark for the blank comes
    /// first); where normalisation dropped that character, the next piece. `None` if there are no pieces.
    pub fn of_words(&self, words: &[Range<usize>]) -> Option<Vec<usize>> {
        let last = self.ids.len().checked_sub(1)?;
        let mut piece = 0;
        let of_word = |word: &Range<usize>| {
            while piece < last && self.ranges[piece + 1].start <= word.start {
                piece += 1;
            }
            let covers = word.start < self.ranges[piece].end;
            if covers { piece } else { last.min(piece + 1) }
        };
        Some(words.iter().map(of_word).collect())
    }
}

#[cfg(any(test, feature = "rust-bert"))]
impl Encoded {
    /// For each word, the first piece of its first character, as those see it who label the first piece of a word; where
    /// there is none any more, the last. Pieces without a range are passed over. `None` if there are no pieces.
    pub fn first_of_words(&self, words: &[Range<usize>]) -> Option<Vec<usize>> {
        let last = self.ids.len().checked_sub(1)?;
        let mut piece = 0;
        let of_word = |word: &Range<usize>| {
            while piece < last && (self.ranges[piece].end <= word.start || self.ranges[piece].is_empty()) {
                piece += 1;
            }
            piece
        };
        Some(words.iter().map(of_word).collect())
    }
}

fn broken(message: &'static str) -> Error {
    Error::new(ErrorKind::Model, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_where_its_first_character_is() {
        let encoded = Encoded { ids: vec![5; 5], ranges: vec![0..1, 0..3, 3..5, 5..9, 12..14] };
        let words = [0..5, 5..6, 7..9, 10..11, 12..14, 20..21];
        assert_eq!(encoded.of_words(&words), Some(vec![1, 3, 3, 4, 4, 4]));
        assert_eq!(Encoded::default().of_words(&words), None);
    }

    #[test]
    fn the_first_piece_of_a_word_is_labelled() {
        // A lone blank, a word of two pieces, a letter of two pieces, a word without any.
        let encoded = Encoded { ids: vec![5; 5], ranges: vec![0..0, 0..3, 3..5, 6..8, 6..8] };
        assert_eq!(encoded.first_of_words(&[0..5, 6..8, 9..12]), Some(vec![1, 3, 4]));
        assert_eq!(Encoded::default().first_of_words(&[]), None);
    }

    /// The lines that `scripts/recognize/tokenizer_digest.py` makes.
    fn lines(fragments: &[String]) -> impl Iterator<Item = String> {
        let mut state = 2024u64;
        let mut below = move |count: usize| {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 33) as usize % count
        };
        (0..10_000).map(move |_| {
            let mut line = String::new();
            for _ in 0..1 + below(16) {
                line.push_str(&fragments[below(fragments.len())]);
                line.push_str(if below(3) > 0 { " " } else { "" });
            }
            line
        })
    }

    #[test]
    fn gives_the_ids_that_python_gives() {
        use crate::recognize::model::hexadecimal;
        use std::{collections::HashMap, fs, path::Path};
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let read = |path: &str| fs::read(root.join(path)).ok();
        let fragments =
            serde_json::from_slice::<Vec<String>>(&read("tests/data/fragments.json").unwrap()).unwrap();
        let digests: HashMap<String, String> =
            serde_json::from_slice(&read("tests/data/tokenizer-digests.json").unwrap()).unwrap();
        for model in ["tests/data/tiny-model", "models/german"] {
            let Some(file) = read(&format!("{model}/tokenizer.json")) else {
                assert_eq!(model, "models/german");
                println!("skipped: {model} is not there");
                continue;
            };
            let expected = digests.get(&hexadecimal(&[&file])).expect("a digest; see tokenizer_digest.py");
            let pieces = Pieces::read(&file).unwrap();
            let mut all = String::new();
            for line in lines(&fragments) {
                let encoded = pieces.encode(&line).unwrap();
                let ids: Vec<String> = encoded.ids.iter().map(u32::to_string).collect();
                all += &(ids.join(" ") + "\n");
                assert!(encoded.ranges.iter().all(|range| line.get(range.clone()).is_some()));
                assert!(encoded.ranges.is_sorted_by_key(|range| range.start));
            }
            assert_eq!(&hexadecimal(&[all.as_bytes()]), expected, "{model}");
        }
    }
}
