//! Names known beforehand: the packaged places and the user's own lists.
//!
//! [`Gazetteer::packaged`] knows the states and parts of the world, larger cities, and well-known international
//! organisations, in some 45 languages; `docs/gazetteer.md` says where from and how well. A look-up tries the name as
//! it is written, then what it may be an inflected or qualified form of; a guess goes on to what it sounds like.

mod forms;
mod key;
mod list;
mod parse;
mod place;
mod sound;

pub use list::{UserList, UserName};
pub use place::{Kind, Place, PlaceName, Relation};

use crate::{Error, ErrorKind, Result};
use key::Keys;
use sound::Sounds;
use std::{
    fmt,
    io::Read,
    sync::{LazyLock, OnceLock},
};

/// How a name led to a [`Candidate`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Match {
    /// As it is listed, but for case, diacritics, hyphens and the like.
    Written,
    /// After an ending, an article or a qualifying word was taken off: *Nordkoreas, Zaria (Nigeria)*.
    Reduced,
    /// It is not listed, but sounds like this one: *Iekaterinbourg*. Only [`Gazetteer::guess`] finds it.
    Sounds,
}

/// A place that a name may mean.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate<'g> {
    /// The place.
    pub place: &'g Place,
    /// In what way the name belongs to it.
    pub relation: Relation,
    /// How it was found.
    pub matched: Match,
}

impl fmt::Display for Candidate<'_> {
    /// The reason in words, such as `official name, inflected`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.relation.fmt(f)?;
        match self.matched {
            Match::Written => Ok(()),
            Match::Reduced => f.write_str(", inflected or qualified"),
            Match::Sounds => f.write_str(", by its sound"),
        }
    }
}

/// Places and organisations by their names.
#[derive(Debug)]
pub struct Gazetteer {
    places: Vec<Place>,
    keys: Keys,
    /// Hash of the key, place, name: sorted.
    index: Vec<(u64, u32, u32)>,
    /// Made when the first name is asked for that is not listed.
    sounds: OnceLock<Sounds>,
}

static PACKED: &[u8] = include_bytes!("../../models/places/places.tsv.gz");

static PACKAGED: LazyLock<Gazetteer> =
    LazyLock::new(|| Gazetteer::unpack(PACKED).expect("a test reads the packaged places"));

/// One form of a place's name in another writing is worth so much more population, as a power of ten.
const USUAL_NAME: f64 = 1.5;
/// A name that agrees in every letter, and not only in its key.
const AS_WRITTEN: f64 = 1.0;
const SEAT_OF_GOVERNMENT: f64 = 0.5;

/// Names of states and large cities that more often are a given name, a family name, a people or a plain word.
pub(crate) const NOT_ALONE: &[&str] = &[
    "Austin",
    "Chad",
    "Charlotte",
    "Essen",
    "Georgia",
    "Hollande",
    "Jackson",
    "Jersey",
    "Jordan",
    "Kingston",
    "Lima",
    "Man",
    "Male",
    "Medina",
    "Phoenix",
    "Reunion",
    "Roma",
    "Santos",
    "Victoria",
];

impl Gazetteer {
    /// The gazetteer that comes with the program; read when first asked for.
    ///
    /// ```
    /// use namenlese::gazetteer::{Gazetteer, Relation};
    /// let found = Gazetteer::packaged().lookup("der Demokratischen Volksrepublik Korea");
    /// assert_eq!(found[0].place.id, "country:KP");
    /// assert_eq!(found[0].place.name("de"), "Nordkorea");
    /// assert_eq!(found[0].relation, Relation::Official);
    /// ```
    pub fn packaged() -> &'static Self {
        &PACKAGED
    }

    fn unpack(packed: &[u8]) -> Result<Self> {
        let mut text = String::new();
        flate2::read::GzDecoder::new(packed).read_to_string(&mut text).map_err(|error| {
            Error::new(ErrorKind::Model, "the packaged places cannot be unpacked").caused_by(error)
        })?;
        // Names point into the text for as long as the program runs; it is unpacked once.
        let (places, han) = parse::parse(text.leak())?;
        let keys = Keys::new(han);
        let mut key = String::new();
        let mut index = Vec::with_capacity(places.iter().map(|place| place.names.len()).sum());
        for (at, place) in places.iter().enumerate() {
            for (number, name) in place.names.iter().enumerate() {
                keys.write(name.text, &mut key);
                index.push((key::hash(&key), at as u32, number as u32));
            }
        }
        index.sort_unstable();
        Ok(Self { places, keys, index, sounds: OnceLock::new() })
    }

    /// Every place and organisation, in a stable order.
    pub fn places(&self) -> &[Place] {
        &self.places
    }

    /// The places that a name may mean, best first: countries before cities, then the usual name before a variant and
    /// the larger city before the smaller. Empty if the name is not known.
    pub fn lookup(&self, name: &str) -> Vec<Candidate<'_>> {
        self.written_or_reduced(name, |kind| kind != Kind::Organisation)
    }

    /// Like [`lookup`](Self::lookup), but for a name that is not known, up to three cities whose names sound like it.
    /// Of Cyrillic spellings four in five of the first guesses are right, of Latin ones seven in ten, of Chinese ones
    /// half: something to show a person, nothing to merge on.
    ///
    /// ```
    /// use namenlese::gazetteer::{Gazetteer, Match};
    /// let gazetteer = Gazetteer::packaged();
    /// assert!(gazetteer.lookup("Iekaterinbourg").is_empty());
    /// let guess = gazetteer.guess("Iekaterinbourg")[0];
    /// assert_eq!((guess.place.country, guess.matched), ("RU", Match::Sounds));
    /// ```
    pub fn guess(&self, name: &str) -> Vec<Candidate<'_>> {
        let found = self.lookup(name);
        if !found.is_empty() {
            return found;
        }
        let sounds = self.sounds.get_or_init(|| Sounds::new(&self.places));
        let heard = sounds.lookup(name, &self.places).into_iter().filter_map(|at| self.places.get(at));
        heard.map(|place| Candidate { place, relation: Relation::Variant, matched: Match::Sounds }).collect()
    }

    /// The international organisations that a name may mean, best first.
    ///
    /// ```
    /// use namenlese::gazetteer::Gazetteer;
    /// let gazetteer = Gazetteer::packaged();
    /// let ids = ["UNO", "Vereinten Nationen"].map(|name| &gazetteer.organisations(name)[0].place.id);
    /// assert_eq!(ids[0], ids[1]);
    /// ```
    pub fn organisations(&self, name: &str) -> Vec<Candidate<'_>> {
        self.written_or_reduced(name, |kind| kind == Kind::Organisation)
    }

    fn written_or_reduced(&self, name: &str, wanted: impl Fn(Kind) -> bool) -> Vec<Candidate<'_>> {
        let found = self.written(name, &wanted);
        if !found.is_empty() {
            return found;
        }
        let reduced = forms::reduced(name).into_iter().map(|form| {
            let mut found = self.written(&form.name, &wanted);
            if let Some(qualifier) = form.qualifier {
                self.prefer(&mut found, qualifier);
            }
            found
        });
        // No town is a plural, though Sachse in Texas is a town.
        let states = |form: String| self.written(&form, |kind| wanted(kind) && kind <= Kind::Region);
        let plural = forms::of_dative_plural(name).into_iter().map(states);
        let mut found = reduced.chain(plural).find(|found| !found.is_empty()).unwrap_or_default();
        found.iter_mut().for_each(|candidate| candidate.matched = Match::Reduced);
        found
    }

    /// The places one of whose names has the key of this one.
    fn written(&self, name: &str, wanted: impl Fn(Kind) -> bool) -> Vec<Candidate<'_>> {
        let key = self.keys.key(name);
        if key.is_empty() {
            return Vec::new();
        }
        let hash = key::hash(&key);
        let from = self.index.partition_point(|entry| entry.0 < hash);
        let mut found: Vec<Candidate> = Vec::new();
        let mut other = String::new();
        for &(_, at, number) in self.index[from..].iter().take_while(|entry| entry.0 == hash) {
            let place = &self.places[at as usize];
            let listed = &place.names[number as usize];
            self.keys.write(listed.text, &mut other);
            if other != key || !wanted(place.kind) || !is_written_as(name, listed, place.kind) {
                continue;
            }
            match found.last_mut().filter(|last| std::ptr::eq(last.place, place)) {
                Some(last) => last.relation = last.relation.min(listed.relation),
                None => found.push(Candidate { place, relation: listed.relation, matched: Match::Written }),
            }
        }
        // Stable, so that places of one rank keep the order of the data.
        let exact = |one: &Candidate| {
            if one.place.names.iter().any(|own| own.text == name) { AS_WRITTEN } else { 0.0 }
        };
        found.sort_by(|one, other| (rank(other) + exact(other)).total_cmp(&(rank(one) + exact(one))));
        if let Some(city) = self.city_before_state(name, &key, &found) {
            found[..=city].rotate_right(1);
        }
        found
    }

    /// Which candidate is a city with this name in German, where the first is a state that neither Germans nor English call
    /// so: *Tunis* is Tunesien in Croatian. Most of the people of a city state live in its city, which need not come first.
    fn city_before_state(&self, name: &str, key: &str, found: &[Candidate]) -> Option<usize> {
        let (state, others) = found.split_first().filter(|(first, _)| first.place.kind <= Kind::Region)?;
        let called = |place: &Place, so: &dyn Fn(&PlaceName) -> bool| {
            place.names.iter().any(|name| so(name) && self.keys.key(name.text) == key)
        };
        let is_city = |place: &Place| {
            let is_seat = place.kind == Kind::Capital;
            let is_usual = |own: &PlaceName| {
                own.relation == Relation::Localised
                    && own.is_said_in(&["de"])
                    && (is_seat || own.text == name)
            };
            let is_whole = place.country == state.place.country
                && place.population.saturating_mul(2) > state.place.population;
            matches!(place.kind, Kind::Capital | Kind::City) && !is_whole && called(place, &is_usual)
        };
        let city = others.iter().position(|other| is_city(other.place))? + 1;
        let is_near = |own: &PlaceName| own.languages.is_empty() || own.is_said_in(&["de", "en"]);
        (!called(state.place, &is_near)).then_some(city)
    }

    /// Keeps the candidates that a qualifier fits: their country, or a word of one of their names.
    fn prefer(&self, found: &mut Vec<Candidate<'_>>, qualifier: &str) {
        let countries = self.written(qualifier, |kind| kind == Kind::Country);
        let key = self.keys.key(qualifier);
        let fits =
            |candidate: &Candidate| {
                countries.iter().any(|country| country.place.country == candidate.place.country)
                    || candidate.place.names.iter().any(|name| {
                        name.text.split([' ', '(', ')', '-']).any(|word| self.keys.key(word) == key)
                    })
            };
        found.retain(fits);
    }
}

/// Whether a name is written as a short one must be: abbreviations with capitals (*UN, Uno*, but not *un*); cities and
/// foreign abbreviations of two letters exactly as they are listed (*É.-U.*, but not *EU*; *Bo*, but not *BO*).
fn is_written_as(name: &str, listed: &PlaceName, kind: Kind) -> bool {
    let short = name.chars().filter(|letter| letter.is_alphabetic()).count() <= 2;
    if listed.relation == Relation::Abbreviation {
        let known = listed.languages.is_empty() || listed.is_said_in(&["de", "en"]);
        let capital = name.chars().next().is_some_and(char::is_uppercase);
        return name == listed.text
            || ((!short || known) && (!name.chars().any(char::is_lowercase) || (capital && !short)));
    }
    !(short && kind >= Kind::Capital && listed.text.is_ascii()) || name == listed.text
}

/// Whether several places of about one rank answer to a name, so that the first is only the likeliest: two states, or
/// two cities of which the second is not much the smaller.
///
/// ```
/// use namenlese::gazetteer::{Gazetteer, is_ambiguous};
/// let gazetteer = Gazetteer::packaged();
/// assert!(is_ambiguous(&gazetteer.lookup("Hyderabad")));
/// assert!(!is_ambiguous(&gazetteer.lookup("Frankfurt (Oder)")));
/// ```
pub fn is_ambiguous(candidates: &[Candidate]) -> bool {
    let state = |candidate: &Candidate| candidate.place.kind <= Kind::FormerCountry;
    match candidates {
        [first, second, ..] if state(first) => state(second),
        [first, second, ..] => rank(first) - rank(second) < 1.0,
        _ => false,
    }
}

/// How likely a candidate is meant, on the scale of the logarithm of its inhabitants.
fn rank(candidate: &Candidate) -> f64 {
    let place = candidate.place;
    let size = (place.population as f64 + 1.0).log10();
    let usual = match candidate.relation {
        Relation::Localised => USUAL_NAME,
        Relation::Official | Relation::Abbreviation => 1.0,
        Relation::Variant => 0.0,
        Relation::Former => -0.5,
    };
    let kind = match place.kind {
        Kind::Country | Kind::Region | Kind::Organisation => 100.0,
        Kind::FormerCountry => 90.0,
        Kind::Capital => SEAT_OF_GOVERNMENT,
        Kind::City => 0.0,
    };
    size + usual + kind
}

#[cfg(test)]
mod tests;
