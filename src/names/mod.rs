//! One name at a time, pure functions: clean, inflect, transliterate, keys, compare.
