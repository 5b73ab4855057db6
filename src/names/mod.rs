//! One name at a time, pure functions: clean, inflect, read across scripts, keys, compare.
//!
//! A **lossless** step gives a name that may be shown: [`clean`], [`base_forms`]. A **lossy** step gives something that may
//! only be compared: [`Name`], [`keys`].
//!
//! Every word of a [`Name`] is a lattice of the sounds its letters may stand for, by the conventions of the languages that
//! write its script. Two words are alike if a path through one is near a path through the other, so *Chruschtschow*,
//! *Khrouchtchev* and *Хрущёв* meet although no two share a reading letter by letter. The tables of letters are data, in
//! `scripts/*.tsv`.

mod align;
mod clean;
mod compare;
mod cyrillic;
mod family;
mod feminine;
mod inflect;
mod keys;
mod lattice;
mod name;
mod phoneme;
mod pinyin;
mod scripts;
mod sex;
mod skeleton;
mod tally;
mod token;

pub use clean::{Cleaned, clean, is_title};
pub use compare::{AlignedParts, Comparer, Comparison, SAME, UNDECIDED, Verdict, compare};
pub(crate) use cyrillic::is_cyrillic;
pub use family::family_name;
pub(crate) use family::with_particles;
pub use inflect::base_forms;
pub(crate) use keys::is_for_initials;
pub use keys::keys;
pub use name::{Lexicon, Name};
pub use scripts::Script;
pub(crate) use sex::Sex;
