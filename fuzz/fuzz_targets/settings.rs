//! The settings file.
#![no_main]

use libfuzzer_sys::fuzz_target;
use namenlese::{ErrorKind, cli};
use namenlese_fuzz::file;

fuzz_target!(|data: &[u8]| {
    if let Err(error) = cli::check_settings(&file("namenlese.toml", data)) {
        assert_eq!(error.kind(), ErrorKind::Settings, "{error}");
        assert!(!error.to_string().contains('\n'));
    }
});
