//! Names known beforehand: the packaged places and the user's own lists.

mod list;
mod place;

pub use list::{UserList, UserName};
pub use place::{Kind, Place, PlaceName, Relation};

use std::sync::LazyLock;

/// A place that a name may mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate<'g> {
    /// The place.
    pub place: &'g Place,
    /// In what way the name belongs to it.
    pub relation: Relation,
}

/// Places and organisations by their names.
#[derive(Debug, Default)]
pub struct Gazetteer {
    places: Vec<Place>,
}

static PACKAGED: LazyLock<Gazetteer> = LazyLock::new(Gazetteer::default);

impl Gazetteer {
    /// The gazetteer that comes with the program; read when first asked for.
    pub fn packaged() -> &'static Self {
        &PACKAGED
    }

    /// The places that a name may mean, best first: countries before cities, then the larger.
    pub fn lookup(&self, name: &str) -> Vec<Candidate<'_>> {
        let of = |place: &Place| place.names.iter().find(|one| one.text == name).map(|one| one.relation);
        self.places.iter().filter_map(|place| Some(Candidate { place, relation: of(place)? })).collect()
    }

    /// The international organisations that a name may mean, best first.
    pub fn organisations(&self, name: &str) -> Vec<Candidate<'_>> {
        self.lookup(name).into_iter().filter(|one| one.place.kind == Kind::Organisation).collect()
    }
}
