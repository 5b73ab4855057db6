//! A folder, file or stream becomes documents: walking, decoding, one file per format.
