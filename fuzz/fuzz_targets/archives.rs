//! Archives, compressed files, and formats that are archives.
#![no_main]

use libfuzzer_sys::fuzz_target;
use namenlese_fuzz::{read, tolerate_others};

fuzz_target!(init: tolerate_others(), |data: &[u8]| read(&["zip", "tar", "gz", "bz2", "zst", "docx", "odt", "epub"], data));
