//! The tables by name, and what the cells of their columns hold.

use Kind::{Date, Integer, Number, Text};

/// What the cells of a column hold, where they hold anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// A whole number.
    Integer,
    /// From 0 to 1, with three decimals.
    Number,
    /// ISO 8601, perhaps without day or month.
    Date,
}

/// A table and its columns.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Schema {
    pub name: &'static str,
    pub columns: &'static [(&'static str, Kind)],
}

impl Schema {
    /// The columns by name, as they are where a table has others beside them.
    pub fn named(&self) -> impl Iterator<Item = (String, Kind)> + use<> {
        self.columns.iter().map(|&(name, kind)| (name.to_owned(), kind))
    }
}

pub(crate) const DOCUMENTS: Schema = Schema {
    name: "documents",
    columns: &[
        ("doc_id", Text),
        ("path", Text),
        ("format", Text),
        ("encoding", Text),
        ("bytes", Integer),
        ("sha256", Text),
        ("title", Text),
        ("date", Date),
        ("language", Text),
        ("language_confidence", Number),
        ("script", Text),
        ("characters", Integer),
        ("sentences", Integer),
        ("mentions", Integer),
        ("duplicate_of", Text),
        ("status", Text),
        ("reason", Text),
        ("similarity", Number),
    ],
};

pub(crate) const MENTIONS: Schema = Schema {
    name: "mentions",
    columns: &[
        ("doc_id", Text),
        ("path", Text),
        ("sentence", Integer),
        ("start", Integer),
        ("end", Integer),
        ("surface", Text),
        ("normal_form", Text),
        ("title_or_role", Text),
        ("label", Text),
        ("score", Number),
        ("entity_id", Text),
        ("entity", Text),
        ("context_left", Text),
        ("context_right", Text),
    ],
};

pub(crate) const ENTITIES: Schema = Schema {
    name: "entities",
    columns: &[
        ("entity_id", Text),
        ("name", Text),
        ("label", Text),
        ("mentions", Integer),
        ("documents", Integer),
        ("forms", Integer),
        ("first_date", Date),
        ("last_date", Date),
        ("top_documents", Text),
        ("wikidata", Text),
        ("geonames", Integer),
        ("mentions_without_duplicates", Integer),
        ("documents_without_duplicates", Integer),
    ],
};

pub(crate) const FORMS: Schema = Schema {
    name: "forms",
    columns: &[
        ("entity_id", Text),
        ("form", Text),
        ("script", Text),
        ("language", Text),
        ("mentions", Integer),
        ("documents", Integer),
        ("score", Number),
        ("reason", Text),
    ],
};

pub(crate) const COOCCURRENCES: Schema = Schema {
    name: "cooccurrences",
    columns: &[("entity_a", Text), ("entity_b", Text), ("sentences", Integer), ("documents", Integer)],
};

pub(crate) const CANDIDATES: Schema = Schema {
    name: "candidates",
    columns: &[
        ("label", Text),
        ("form_a", Text),
        ("form_b", Text),
        ("score", Number),
        ("reason", Text),
        ("entity_a", Text),
        ("entity_b", Text),
        ("context_a", Text),
        ("context_b", Text),
    ],
};

pub(crate) const IDS: Schema = Schema {
    name: "ids",
    columns: &[("entity_id", Text), ("label", Text), ("form", Text), ("mentions", Integer)],
};

pub(crate) const CHANGES: Schema =
    Schema { name: "changes", columns: &[("old", Text), ("new", Text), ("form", Text), ("reason", Text)] };

/// The tables that other forms than CSV show, too: all but those that only the next run needs.
pub(crate) const SHOWN: [Schema; 6] = [DOCUMENTS, MENTIONS, ENTITIES, FORMS, COOCCURRENCES, CANDIDATES];
