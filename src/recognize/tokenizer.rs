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
}
