//! The JSON Lines form of documents.
#![no_main]

use libfuzzer_sys::fuzz_target;
use namenlese::wire::Reader;
use namenlese_fuzz::sound;

fuzz_target!(|data: &[u8]| {
    let mut reader = Reader::new(data);
    while let Some(document) = reader.next() {
        if let Ok(document) = document {
            sound(&document);
        }
    }
});
