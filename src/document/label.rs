//! What a name names.

use crate::{Error, ErrorKind};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// The four classes of GermEval 2014's outer level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Label {
    /// A person.
    Per,
    /// A place.
    Loc,
    /// An organisation.
    Org,
    /// Any other name: works, events, products, languages.
    Oth,
}

impl Label {
    /// All labels in the order of the tables.
    pub const ALL: [Self; 4] = [Self::Per, Self::Loc, Self::Org, Self::Oth];

    /// `PER`, `LOC`, `ORG` or `OTH`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Per => "PER",
            Self::Loc => "LOC",
            Self::Org => "ORG",
            Self::Oth => "OTH",
        }
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Label {
    type Err = Error;

    /// Reads `PER`, `LOC`, `ORG` and `OTH`, and the names other tag sets have for them (`PERSON`, `GPE`, `MISC` …).
    fn from_str(name: &str) -> Result<Self, Error> {
        match name.to_ascii_uppercase().as_str() {
            "PER" | "PERS" | "PERSON" => Ok(Self::Per),
            "LOC" | "GPE" | "LOCATION" | "PLACE" => Ok(Self::Loc),
            "ORG" | "ORGANISATION" | "ORGANIZATION" => Ok(Self::Org),
            "OTH" | "MISC" | "OTHER" => Ok(Self::Oth),
            _ => Err(Error::new(ErrorKind::Malformed, format!("unknown label {name:?}"))),
        }
    }
}

/// Whether a mention is a name, or a word made from one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Form {
    /// A name in any case ending: *Berlin, Putins*.
    #[default]
    Name,
    /// Derived from a name: *Berliner, nordkoreanisch*.
    Derived,
    /// A compound that holds a name: *Ukraine-Krieg*.
    Part,
}

impl Form {
    /// `name`, `derived` or `part`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Derived => "derived",
            Self::Part => "part",
        }
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Form {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        match name {
            "name" => Ok(Self::Name),
            "derived" => Ok(Self::Derived),
            "part" => Ok(Self::Part),
            _ => Err(Error::new(ErrorKind::Malformed, format!("unknown form {name:?}"))),
        }
    }
}
