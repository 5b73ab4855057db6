//! Web pages and mail.
#![no_main]

use libfuzzer_sys::fuzz_target;
use namenlese_fuzz::{read, tolerate_others};

fuzz_target!(init: tolerate_others(), |data: &[u8]| read(&["html", "mhtml", "eml", "mbox"], data));
