//! `licenses`: what the program contains and under which terms; it has to travel with every copy.

use super::{Outcome, filter};
use crate::Result;
use clap::Args;

#[derive(Debug, Args)]
pub struct Licenses {
    /// The whole texts instead of a list
    #[arg(long)]
    texts: bool,
}

const OURS: &[&str] = &[include_str!("../../LICENSE-MIT"), include_str!("../../LICENSE-APACHE")];
const OTHERS: &str = include_str!("../../LICENSE-THIRD-PARTY.txt");
/// Data and weights: what each is, and its card.
const CARDS: &[(&str, &str)] = &[
    ("places", include_str!("../../models/places/README.md")),
    ("spellings of foreign names", include_str!("../../models/names/README.md")),
    #[cfg(feature = "embedded-model")]
    ("weights of the German recogniser", include_str!("../../models/german/README.md")),
];
/// Begins the texts in `OTHERS`, after the list.
const RULE: &str = "\n====";

pub fn licenses(licenses: &Licenses) -> Result<Outcome> {
    filter::print(&if licenses.texts { texts() } else { list() })?;
    Ok(Outcome::Well)
}

fn list() -> String {
    let mut list = format!(
        "namenlese {}: MIT OR Apache-2.0 (the texts of all licences: namenlese licenses --texts)\n",
        env!("CARGO_PKG_VERSION")
    );
    for (name, card) in CARDS {
        list += &format!("\nIts {name}:\n\n{}\n", sources(card));
    }
    list + "\n" + OTHERS.split_once(RULE).map_or(OTHERS, |(list, _)| list).trim_end() + "\n"
}

fn texts() -> String {
    let cards = CARDS.iter().map(|(_, card)| *card);
    OURS.iter().copied().chain(cards).chain([OTHERS]).map(str::trim).collect::<Vec<_>>().join("\n\n") + "\n"
}

/// The part of a card that names sources and terms.
fn sources(card: &str) -> &str {
    let part = card.split_once("## Sources and licences").map_or(card, |(_, part)| part);
    part.split("\n## ").next().unwrap_or(part).trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_card_names_its_sources_and_every_crate_its_terms() {
        for (name, card) in CARDS {
            assert!(card.contains("## Sources and licences"), "{name}");
            assert!(sources(card).contains("licence |") && sources(card).len() < card.len(), "{name}");
        }
        let list = list();
        for needed in ["CC BY 4.0", "rayon 1", "SQLite", "ECharts", "Unicode-3.0"] {
            assert!(list.contains(needed), "{needed}");
        }
        assert!(!list.contains("THE SOFTWARE IS PROVIDED"));
        assert!(texts().contains("THE SOFTWARE IS PROVIDED"));
    }
}
