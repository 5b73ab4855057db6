//! How long it takes to resolve generated names, and how much memory: `cargo bench --bench resolve -- 10000 100000`.
//!
//! Names are drawn as a corpus draws them: given and family names follow Zipf's law, so most people share both words with
//! others; everyone is spelt by one to four conventions, some with a middle name, an initial or the family name first.

use namenlese::{
    Label,
    resolve::{Counts, Decisions, resolve},
};
use std::{collections::BTreeMap, time::Instant};

/// The sounds that names are made of, as written in German, English, French, Polish and Russian.
const ONSETS: &[[&str; 5]] = &[
    ["b", "b", "b", "b", "б"],
    ["w", "v", "v", "w", "в"],
    ["g", "g", "g", "g", "г"],
    ["d", "d", "d", "d", "д"],
    ["sch", "zh", "j", "ż", "ж"],
    ["s", "z", "z", "z", "з"],
    ["k", "k", "k", "k", "к"],
    ["l", "l", "l", "l", "л"],
    ["m", "m", "m", "m", "м"],
    ["n", "n", "n", "n", "н"],
    ["p", "p", "p", "p", "п"],
    ["r", "r", "r", "r", "р"],
    ["t", "t", "t", "t", "т"],
    ["ch", "kh", "kh", "ch", "х"],
    ["z", "ts", "ts", "c", "ц"],
    ["tsch", "ch", "tch", "cz", "ч"],
    ["sch", "sh", "ch", "sz", "ш"],
    ["br", "br", "br", "br", "бр"],
    ["gr", "gr", "gr", "gr", "гр"],
    ["st", "st", "st", "st", "ст"],
];
const VOWELS: &[[&str; 5]] = &[
    ["a", "a", "a", "a", "а"],
    ["e", "e", "e", "e", "е"],
    ["i", "i", "i", "i", "и"],
    ["o", "o", "o", "o", "о"],
    ["u", "u", "ou", "u", "у"],
];
const ENDINGS: &[[&str; 5]] = &[
    ["ow", "ov", "ov", "ow", "ов"],
    ["in", "in", "ine", "in", "ин"],
    ["ski", "sky", "ski", "ski", "ский"],
    ["enko", "enko", "enko", "enko", "енко"],
    ["er", "er", "er", "er", "ер"],
    ["mann", "mann", "mann", "mann", "ман"],
    ["itsch", "ich", "itch", "icz", "ич"],
    ["jan", "yan", "ian", "jan", "ян"],
    ["a", "a", "a", "a", "а"],
    ["", "", "", "", ""],
];
const GIVEN: u64 = 2_000;
const FAMILIES: u64 = 60_000;

/// A pseudo-random number from others (SplitMix64): the same names on every machine.
fn mixed(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// A rank from 1 to `most` by Zipf's law with exponent 1.
fn zipf(random: u64, most: u64) -> u64 {
    let uniform = (random >> 11) as f64 / (1u64 << 53) as f64;
    ((most as f64).powf(uniform)) as u64
}

fn word(number: u64, convention: usize, is_family: bool) -> String {
    let mut word = String::new();
    let seed = mixed(number * 2 + u64::from(is_family));
    let syllables = 1 + seed % 2 + u64::from(!is_family);
    for at in 0..syllables {
        let random = mixed(seed + at);
        word += ONSETS[(random % ONSETS.len() as u64) as usize][convention];
        word += VOWELS[(random / 64 % VOWELS.len() as u64) as usize][convention];
    }
    word += match is_family {
        true => ENDINGS[(seed / 8 % ENDINGS.len() as u64) as usize][convention],
        false => ["n", "r", "", "a"][(seed / 8 % 4) as usize],
    };
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// So many distinct names, with the person of each.
fn names(count: usize) -> BTreeMap<String, u64> {
    let mut names = BTreeMap::new();
    let mut person = 0u64;
    while names.len() < count {
        person += 1;
        let random = |salt: u64| mixed(person * 16 + salt);
        let (given, family) = (zipf(random(1), GIVEN), zipf(random(2), FAMILIES));
        for spelling in 0..1 + random(3) % 4 {
            let convention = (random(4 + spelling) % 5) as usize;
            let (given, family) = (word(given, convention, false), word(family, convention, true));
            let initial = given.chars().next().unwrap_or('A');
            let name = match random(8 + spelling) % 16 {
                0 => format!("{initial}. {family}"),
                1 => format!("{family}, {given}"),
                2 | 3 => format!("{given} {} {family}", word(zipf(random(12), GIVEN), convention, false)),
                _ => format!("{given} {family}"),
            };
            names.entry(name).or_insert(person);
        }
    }
    names.into_iter().take(count).collect()
}

fn peak_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or_else(|| "unknown".to_owned(), |line| line.trim().to_owned())
}

/// Processor time of this process so far, in seconds: a loaded machine has less of it to give.
fn processor_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = stat.rsplit(')').next().unwrap_or_default();
    let ticks = after.split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<f64>().ok());
    ticks.sum::<f64>() / 100.0
}

fn main() {
    let sizes: Vec<usize> = std::env::args().filter_map(|size| size.parse().ok()).collect();
    let sizes = if sizes.is_empty() { vec![10_000, 30_000, 100_000] } else { sizes };
    println!("{:>9} {:>9} {:>10} {:>10} {:>14}", "names", "entities", "seconds", "cpu s", "peak memory");
    for size in sizes {
        let counts: Counts = names(size).into_keys().map(|name| ((Label::Per, name), 1)).collect();
        let (begun, before) = (Instant::now(), processor_seconds());
        let resolved = resolve(&counts, &Decisions::default());
        println!(
            "{:>9} {:>9} {:>10.2} {:>10.2} {:>14}",
            counts.len(),
            resolved.entities.len(),
            begun.elapsed().as_secs_f64(),
            processor_seconds() - before,
            peak_memory()
        );
    }
}
