//! Names known beforehand: the packaged places and the user's own lists.
