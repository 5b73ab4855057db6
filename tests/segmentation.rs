//! Counts errors of the segmenter, class by class, on adversarial lines of our own.

use namenlese::{Span, segment::sentences};
use std::collections::BTreeMap;

const LINES: &str = include_str!("data/sentences.txt");
/// The least share of lines that must come out exactly right.
const FLOOR: f64 = 0.99;

/// The language that a class of lines is read in.
fn language(class: &str) -> &'static str {
    match class {
        "english" => "en",
        "french" => "fr",
        "russian" => "ru",
        "spanish" => "es",
        "italian" => "it",
        "polish" => "pl",
        "turkish" => "tr",
        "greek" => "el",
        "arabic" => "ar",
        "chinese" => "zh",
        "japanese" => "ja",
        "korean" => "ko",
        "hindi" => "hi",
        _ => "de",
    }
}

#[test]
fn adversarial_lines() {
    let mut classes: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let lines = LINES.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    for line in lines {
        let (class, marked) = line.split_once('\t').expect("a class and a text");
        let marked = marked.replace('⏎', "\n");
        let text = marked.replace('‖', "");
        let expected: Vec<&str> = marked.split('‖').map(str::trim).collect();
        let found = sentences(&text, Span::whole(&text), language(class));
        let found: Vec<&str> = found.into_iter().map(|span| span.of(&text)).collect();
        let (right, all) = classes.entry(class).or_default();
        *all += 1;
        if found == expected {
            *right += 1;
        } else {
            println!("{class}: {}", found.join(" ‖ ").replace('\n', "⏎"));
        }
    }
    for (class, (right, all)) in &classes {
        println!("{class:<18} {right:>3} of {all:>3}");
    }
    let (right, all) = classes.values().fold((0, 0), |sum, class| (sum.0 + class.0, sum.1 + class.1));
    let share = right as f64 / all as f64;
    println!("{:<18} {right:>3} of {all:>3} lines exactly right ({:.1} %)", "all", 100.0 * share);
    assert!(all >= 300);
    assert!(share >= FLOOR, "{share:.3} < {FLOOR}");
}
