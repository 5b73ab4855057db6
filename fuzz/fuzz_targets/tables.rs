//! Tables and records.
#![no_main]

use libfuzzer_sys::fuzz_target;
use namenlese_fuzz::{read, tolerate_others};

fuzz_target!(init: tolerate_others(), |data: &[u8]| read(&["csv", "tsv", "json", "jsonl", "jsonl.gz"], data));
