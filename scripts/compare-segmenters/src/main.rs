//! `compare-segmenters` counts, class by class, the lines of `tests/data/sentences.txt` that namenlese, sentencex and
//! plain UAX #29 cut exactly right. With files as arguments it times namenlese on them instead; with `--show FILE` it
//! prints the sentences of a file, numbered, for counting errors by hand.

use namenlese::{Span, segment::sentences};
use std::{collections::BTreeMap, env, fs, io, time::Instant};
use unicode_segmentation::UnicodeSegmentation;

const LINES: &str = include_str!("../../../tests/data/sentences.txt");

fn main() -> io::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.split_first() {
        None => compare(),
        Some((flag, files)) if flag == "--show" => {
            for file in files {
                let text = decode(&fs::read(file)?);
                for (number, span) in sentences(&text, Span::whole(&text), "de").into_iter().enumerate() {
                    println!("{}\t{}", number + 1, span.of(&text).replace(['\n', '\r'], "⏎"));
                }
            }
        }
        Some(_) => {
            let texts: Vec<String> =
                arguments.iter().map(|file| Ok(decode(&fs::read(file)?))).collect::<io::Result<_>>()?;
            let bytes: usize = texts.iter().map(String::len).sum();
            let start = Instant::now();
            let found: usize = texts.iter().map(|text| sentences(text, Span::whole(text), "de").len()).sum();
            let seconds = start.elapsed().as_secs_f64();
            println!(
                "{found} sentences in {bytes} bytes: {:.1} MB/s on one thread",
                bytes as f64 / 1e6 / seconds
            );
        }
    }
    Ok(())
}

/// UTF-8, or else Windows-1252 near enough for counting.
fn decode(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap_or_else(|_| {
        bytes
            .iter()
            .map(|&byte| match byte {
                0x84 => '„',
                0x85 => '…',
                0x93 => '“',
                0x94 => '”',
                0x96 => '–',
                _ => char::from(byte),
            })
            .collect()
    })
}

fn compare() {
    let mut classes: BTreeMap<&str, [usize; 4]> = BTreeMap::new();
    for line in LINES.lines().filter(|line| !line.starts_with('#')) {
        let Some((class, marked)) = line.split_once('\t') else { continue };
        let marked = marked.replace('⏎', "\n");
        let text = marked.replace('‖', "");
        let expected: Vec<&str> = marked.split('‖').map(str::trim).collect();
        let language = language(class);
        let ours = sentences(&text, Span::whole(&text), language).into_iter().map(|span| span.of(&text));
        let counts = classes.entry(class).or_default();
        counts[0] += usize::from(trimmed(ours) == expected);
        counts[1] += usize::from(trimmed(sentencex::segment(language, &text).into_iter()) == expected);
        counts[2] += usize::from(trimmed(text.split_sentence_bounds()) == expected);
        counts[3] += 1;
    }
    println!("class\tnamenlese\tsentencex\tUAX #29\tlines");
    let mut sums = [0; 4];
    for (class, counts) in &classes {
        println!("{class}\t{}\t{}\t{}\t{}", counts[0], counts[1], counts[2], counts[3]);
        sums = std::array::from_fn(|column| sums[column] + counts[column]);
    }
    let share = |column: usize| 100.0 * sums[column] as f64 / sums[3] as f64;
    println!("all\t{:.1} %\t{:.1} %\t{:.1} %\t{}", share(0), share(1), share(2), sums[3]);
}

fn trimmed<'t>(sentences: impl Iterator<Item = &'t str>) -> Vec<&'t str> {
    sentences.map(str::trim).filter(|sentence| !sentence.is_empty()).collect()
}

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
