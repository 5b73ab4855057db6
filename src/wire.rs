//! The JSON Lines form of a document.
