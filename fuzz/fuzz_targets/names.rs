//! Cleaning, readings across scripts, keys and comparison of any two names.
#![no_main]

use libfuzzer_sys::fuzz_target;
use namenlese::names::{Name, Verdict, base_forms, clean, compare, keys};

fuzz_target!(|data: &[u8]| {
    let text = &*String::from_utf8_lossy(data);
    let (a, b) = text.split_once('\n').unwrap_or((text, ""));
    for surface in [a, b] {
        let cleaned = clean(surface);
        assert_eq!(clean(&cleaned.name).name, cleaned.name, "a cleaned name is clean");
        let name = Name::new(&cleaned.name);
        assert_eq!(keys(&name), keys(&Name::new(&cleaned.name)));
        let alone = compare(&name, &name);
        assert!(name.readings().is_empty() || alone.verdict == Verdict::Same, "{alone:?}");
        base_forms(&cleaned.name);
    }
    let [a, b] = [a, b].map(Name::new);
    let (forth, back) = (compare(&a, &b), compare(&b, &a));
    assert!((0.0..=1.0).contains(&forth.score), "{forth:?}");
    assert_eq!((forth.score, forth.verdict), (back.score, back.verdict));
    for part in &forth.aligned {
        assert!((0.0..=1.0).contains(&part.similarity), "{part:?}");
    }
});
