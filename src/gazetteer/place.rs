//! What is known of one place or organisation.

use std::fmt;

/// What sort of thing a [`Place`] is. The order is that of [`Candidate`](super::Candidate)s: states before cities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Kind {
    /// A state, or a territory with an ISO 3166 code of its own.
    Country,
    /// A state that is no more, such as the Soviet Union.
    FormerCountry,
    /// A part of the world: a continent, a group of states.
    Region,
    /// The seat of a state's government.
    Capital,
    /// Any other town.
    City,
    /// Not a place: an international organisation.
    Organisation,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Country => "country",
            Self::FormerCountry => "former country",
            Self::Region => "region",
            Self::Capital => "capital",
            Self::City => "city",
            Self::Organisation => "organisation",
        })
    }
}

/// In what way a name belongs to a place. The order is from the plainest to the weakest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Relation {
    /// The usual name in some language: *Nordkorea, North Korea, Северная Корея*.
    Localised,
    /// The full name of a state: *Demokratische Volksrepublik Korea*.
    Official,
    /// Letters that stand for the name: *USA, UNO*.
    Abbreviation,
    /// Another name or spelling in use: *Holland, Grossbritannien, Kyjiw*.
    Variant,
    /// A name that it bore once: *Birma, Leningrad*.
    Former,
}

impl Relation {
    /// Every relation.
    pub const ALL: [Self; 5] =
        [Self::Localised, Self::Official, Self::Abbreviation, Self::Variant, Self::Former];

    /// In words, as a reason in the tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Localised => "localised name",
            Self::Official => "official name",
            Self::Abbreviation => "abbreviation",
            Self::Variant => "name or spelling variant",
            Self::Former => "former name",
        }
    }
}

impl fmt::Display for Relation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One name of a [`Place`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlaceName {
    /// As it is written.
    pub text: &'static str,
    /// ISO 639-1 codes of the languages it is known to be used in, with commas between; empty if that is not known.
    pub languages: &'static str,
    /// In what way it belongs to the place.
    pub relation: Relation,
}

impl PlaceName {
    /// Whether it is known to be used in one of some languages (ISO 639-1).
    pub(crate) fn is_said_in(&self, languages: &[&str]) -> bool {
        self.languages.split(',').any(|one| languages.contains(&one))
    }
}

/// A place (or, from [`Gazetteer::organisations`](super::Gazetteer::organisations), an organisation).
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// Stable and unique: `country:KP`, `region:150`, `geonames:1871859`, `organisation:NATO`.
    pub id: String,
    /// What sort of thing it is.
    pub kind: Kind,
    /// The ISO 3166-1 code of the country it is or lies in; empty for regions and organisations.
    pub country: &'static str,
    /// Inhabitants, 0 if unknown.
    pub population: u64,
    /// Its number at GeoNames, if known.
    pub geonames: Option<u32>,
    /// Its item at Wikidata, such as `Q423`, if known.
    pub wikidata: Option<&'static str>,
    /// Latitude and longitude in degrees, for cities.
    pub coordinates: Option<(f32, f32)>,
    /// All its names; the first is its name at the source.
    pub names: Vec<PlaceName>,
}

impl Place {
    /// Its usual name in a language (ISO 639-1), or else the English one, or else the one at the source. `native` asks
    /// for the name at the source, which for a city is most often its own.
    pub fn name(&self, language: &str) -> &'static str {
        let said_in = |wanted: &str| {
            let known = self.names.iter().filter(|name| name.is_said_in(&[wanted]));
            known.min_by_key(|name| name.relation)
        };
        let own = self.names.first();
        let name =
            if language == "native" { own } else { said_in(language).or_else(|| said_in("en")).or(own) };
        name.map_or("", |name| name.text)
    }
}
