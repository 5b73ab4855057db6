//! Tables that users write: decisions, lists of names, gold data; and the ids of an earlier run.
#![no_main]

use libfuzzer_sys::fuzz_target;
use namenlese::{
    Label, evaluate,
    gazetteer::UserList,
    resolve::{Counts, Decisions, Previous, resolve},
};

fuzz_target!(|data: &[u8]| {
    let names = ["Anna Weber", "A. Weber", "Weber", "Wien", "Vienna", "Sergei Schoigu", "Сергей Шойгу"];
    let counts: Counts = names.iter().map(|name| ((Label::Per, (*name).to_owned()), 3)).collect();
    if let Ok(decisions) = Decisions::read(data) {
        let resolved = resolve(&counts, &decisions);
        assert!(resolved.entities.len() <= names.len());
    }
    if let Ok(previous) = Previous::read(data) {
        let mut resolved = resolve(&counts, &Decisions::default());
        previous.inherit(&mut resolved, &counts);
        let ids: std::collections::BTreeSet<_> = resolved.entities.iter().map(|entity| &entity.id).collect();
        assert_eq!(ids.len(), resolved.entities.len(), "no two entities have one id");
    }
    for separator in [None, Some(b','), Some(b'\t')] {
        let _ = UserList::parse(data, separator);
    }
    let _ = evaluate::names::Gold::read(data);
    let text = &*String::from_utf8_lossy(data);
    if let Ok(gold) = evaluate::ner::read(text) {
        for document in &gold.documents {
            for name in &document.names {
                name.span.of(&document.text);
            }
        }
    }
});
