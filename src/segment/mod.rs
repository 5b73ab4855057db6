//! Sentences and tokens, with the German abbreviations as data.
