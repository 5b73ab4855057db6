//! Only the comparison of names: no documents, no pipeline.
//!
//! Run with `cargo run --example compare_names`.

use namenlese::names::{Comparer, Lexicon, Name, compare};

fn main() {
    let comparison = compare(&Name::new("Sergej Schoigu"), &Name::new("Сергей Шойгу"));
    println!("{} ({:.2}): {}", comparison.verdict, comparison.score, comparison.reason);

    // Where many are compared, both remember what they have seen; threads may share them.
    let (lexicon, comparer) = (Lexicon::default(), Comparer::default());
    let wanted = lexicon.name("Kim Jong-un");
    for other in ["Kim Čong-un", "김정은", "Kim Jong-il", "Kim Yo-jong"] {
        println!("{other}: {}", comparer.compare(&wanted, &lexicon.name(other)).verdict);
    }
}
