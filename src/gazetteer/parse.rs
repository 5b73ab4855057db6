//! Reads the packaged places; `models/places/README.md` describes their form.

use super::{Kind, Place, PlaceName, Relation};
use crate::{Error, ErrorKind, Position, Result};

/// The places, and the pairs of traditional and simplified Chinese characters.
pub(super) fn parse(text: &'static str) -> Result<(Vec<Place>, &'static str)> {
    let mut han = "";
    let mut places = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if let Some(pairs) = line.strip_prefix("han\t") {
            han = pairs;
            continue;
        }
        let place = place(line).ok_or_else(|| {
            Error::new(ErrorKind::Model, "the packaged places are damaged")
                .at(Position::Line { line: index as u64 + 1, column: 1 })
        })?;
        places.push(place);
    }
    Ok((places, han))
}

fn place(line: &'static str) -> Option<Place> {
    let mut fields = line.split('\t');
    let kind = match fields.next()? {
        "country" => Kind::Country,
        "former" => Kind::FormerCountry,
        "region" => Kind::Region,
        "capital" => Kind::Capital,
        "city" => Kind::City,
        "organisation" => Kind::Organisation,
        _ => return None,
    };
    let code = fields.next()?;
    let country = fields.next()?;
    let population = number(fields.next()?)?;
    let geonames = fields.next()?;
    let wikidata = Some(fields.next()?).filter(|item| !item.is_empty());
    let coordinates = match fields.next()? {
        "" => None,
        coordinates => {
            let (latitude, longitude) = coordinates.split_once(',')?;
            Some((latitude.parse().ok()?, longitude.parse().ok()?))
        }
    };
    let names: Vec<PlaceName> = fields.map(name).collect::<Option<_>>()?;
    Some(Place {
        id: match kind {
            Kind::Capital | Kind::City => format!("geonames:{code}"),
            Kind::FormerCountry => format!("country:{code}"),
            kind => format!("{kind}:{code}"),
        },
        kind,
        country: if kind == Kind::Country { code } else { country },
        population: population.unwrap_or(0),
        geonames: number(geonames)?.map(u32::try_from).transpose().ok()?,
        wikidata,
        coordinates,
        names,
    })
}

/// An empty field is no number; anything but digits is damage.
fn number(field: &str) -> Option<Option<u64>> {
    if field.is_empty() { Some(None) } else { field.parse().ok().map(Some) }
}

/// A relation's letter, `@` and languages, a blank, the name; both may be missing, and the blank with them.
fn name(field: &'static str) -> Option<PlaceName> {
    let (relation, rest) = match field.as_bytes() {
        [letter, b'@' | b' ', ..] if b"AOVF".contains(letter) => (*letter, field.get(1..)?),
        _ => (b' ', field),
    };
    let (languages, text) = match rest.strip_prefix('@') {
        Some(rest) => rest.split_once(' ')?,
        None => ("", rest.strip_prefix(' ').unwrap_or(rest)),
    };
    let relation = match relation {
        b'A' => Relation::Abbreviation,
        b'O' => Relation::Official,
        b'V' => Relation::Variant,
        b'F' => Relation::Former,
        _ => Relation::Localised,
    };
    Some(PlaceName { text, languages, relation })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_field() {
        let (places, han) = parse(
            "han\t國国\ncapital\t12\tAT\t34000\t12\t\t47.10,-9.50\tHauptort\t@de,en Vorort\tV Nebenort\tV@ru Город\nregion\t150\t\t\t\t\t\tA\n",
        )
        .unwrap();
        assert_eq!(han, "國国");
        let place = &places[0];
        assert_eq!((place.id.as_str(), place.kind, place.country), ("geonames:12", Kind::Capital, "AT"));
        assert_eq!((place.population, place.geonames), (34_000, Some(12)));
        assert_eq!(place.coordinates, Some((47.1, -9.5)));
        let names: Vec<_> =
            place.names.iter().map(|name| (name.text, name.languages, name.relation)).collect();
        assert_eq!(names[0], ("Hauptort", "", Relation::Localised));
        assert_eq!(names[1], ("Vorort", "de,en", Relation::Localised));
        assert_eq!(names[2], ("Nebenort", "", Relation::Variant));
        assert_eq!(names[3], ("Город", "ru", Relation::Variant));
        assert_eq!((place.name("de"), place.name("fr"), place.name("ru")), ("Vorort", "Vorort", "Город"));
    }

    #[test]
    fn damage_is_an_error_with_its_line() {
        for text in [
            "country\tXY",
            "planet\tX\t\t\t\t\t\tName",
            "country\tX\t\tmany\t\t\t\tName",
            "city\t1\t\t\t1\t\tx,y\tName",
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.to_string().starts_with("line 1, column 1"), "{error}");
        }
    }
}
