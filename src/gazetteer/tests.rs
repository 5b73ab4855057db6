//! The packaged places answer to the names that people write.

use super::*;
use proptest::prelude::*;
use std::collections::BTreeSet;

fn first(name: &str) -> String {
    Gazetteer::packaged().lookup(name).first().map(|one| one.place.id.clone()).unwrap_or_default()
}

#[test]
fn every_name_of_a_state_leads_to_it() {
    for (id, names) in [
        (
            "country:KP",
            "Nordkorea|Nordkoreas|der Demokratischen Volksrepublik Korea|DVRK|КНДР|North Korea|북한|朝鮮",
        ),
        ("country:NL", "Niederlande|Niederlanden|den Niederlanden"),
        ("country:AE", "den Vereinigten Arabischen Emiraten"),
        ("country:PH", "Philippinen|den Philippinen"),
        ("country:TN", "Tunesien|Tunisie|Tunezja"),
        ("country:VA", "Vatikan|Vatikanstadt"),
        ("country:KR", "Südkorea|Republik Korea|der Republik Korea|South Korea|대한민국"),
        (
            "country:GB",
            "Großbritannien|Grossbritannien|des Vereinigten Königreichs|UK|Великобритания|Royaume-Uni",
        ),
        ("country:US", "USA|U.S.|US|der Vereinigten Staaten|Vereinigte Staaten von Amerika|США|美國"),
        ("country:MM", "Birma|Myanmar|Burma|Birmas"),
        ("country:BY", "Weißrussland|Weissrussland|Belarus|Белоруссия"),
        ("country:SZ", "Swasiland|Eswatini"),
        ("country:CZ", "Tschechien|Tschechische Republik|der Tschechischen Republik"),
        ("country:NE", "Niger|Republik Niger"),
        ("country:NG", "Nigeria|Nigerias"),
        ("country:UA", "der Ukraine|Україна|Ucraina"),
        ("country:CD", "Demokratische Republik Kongo|DR Kongo|Zaire"),
        ("country:SUHH", "Sowjetunion|der Sowjetunion|UdSSR|Советский Союз"),
        ("region:150", "Europa|Europas|Europe"),
    ] {
        for name in names.split('|') {
            assert_eq!(first(name), id, "{name}");
        }
    }
}

#[test]
fn every_name_of_a_city_leads_to_it() {
    for (id, names) in [
        ("geonames:1871859", "Pjöngjang|Pyongyang|Пхеньян|평양|Pjöngjangs|Pjoengjang"),
        ("geonames:703448", "Kiew|Kyjiw|Kyiv|Київ|Киев|Kiews"),
        ("geonames:2925533", "Frankfurt am Main|Frankfurt|Frankfurt (Main)"),
        ("geonames:2925535", "Frankfurt (Oder)|Frankfurt an der Oder|Frankfurt/Oder"),
        ("", "Halle (Ungewiss)"),
        ("geonames:2657896", "Zürich|Zuerich|Stadt Zürich|Цюрих"),
        ("geonames:2886242", "Köln|Koeln|Cologne|KÖLN"),
        ("geonames:524901", "Moskau|Москва|Moscow"),
        ("geonames:2988507", "Paris|Париж"),
        ("geonames:2464470", "Tunis|Tunis’"),
        ("geonames:3469058", "Brasília|Brasilia"),
        ("geonames:498817", "Leningrad|Petersburg|Sankt Petersburg"),
    ] {
        for name in names.split('|') {
            assert_eq!(first(name), id, "{name}");
        }
    }
}

#[test]
fn organisations_stand_apart_from_places() {
    let gazetteer = Gazetteer::packaged();
    for (id, names) in [
        ("organisation:UN", "UN|UNO|Uno|Vereinte Nationen|der Vereinten Nationen|ООН|United Nations"),
        ("organisation:EU", "EU|Europäische Union|der Europäischen Union"),
        ("organisation:IMF", "IWF|des Internationalen Währungsfonds|International Monetary Fund"),
    ] {
        for name in names.split('|') {
            assert_eq!(
                gazetteer.organisations(name).first().map(|one| one.place.id.as_str()),
                Some(id),
                "{name}"
            );
            assert!(gazetteer.lookup(name).is_empty(), "{name}: {:?}", gazetteer.lookup(name)[0].place.id);
        }
    }
    assert!(gazetteer.organisations("un").is_empty() && gazetteer.organisations("Berlin").is_empty());
    assert_eq!(gazetteer.organisations("NATO")[0].place.name("de"), "NATO");
}

#[test]
fn reasons_ids_and_ambiguity() {
    let gazetteer = Gazetteer::packaged();
    let reason = |name: &str| gazetteer.lookup(name)[0].to_string();
    assert_eq!(reason("Birma"), "former name");
    assert_eq!(reason("Demokratische Volksrepublik Korea"), "official name");
    assert_eq!(reason("Nordkoreas"), "localised name, inflected or qualified");
    let korea = gazetteer.lookup("Nordkorea")[0].place;
    assert_eq!((korea.wikidata, korea.geonames), (Some("Q423"), Some(1_873_107)));
    assert_eq!((korea.name("de"), korea.name("en")), ("Nordkorea", "North Korea"));
    assert!(is_ambiguous(&gazetteer.lookup("Kongo")), "two states");
    assert!(!is_ambiguous(&gazetteer.lookup("Berlin")) && !is_ambiguous(&[]));
    for name in ["Paris", "Texas", "Scholz", "", " ", "(", "x (", "'s"] {
        gazetteer.guess(name);
    }
    assert_eq!(first("Paris"), first("Paris'"));
}

#[test]
fn ids_are_unique_and_every_place_answers_to_its_names() {
    let gazetteer = Gazetteer::packaged();
    let ids: BTreeSet<_> = gazetteer.places().iter().map(|place| &place.id).collect();
    assert_eq!(ids.len(), gazetteer.places().len());
    for place in gazetteer.places().iter().step_by(97) {
        for name in &place.names {
            let found = [gazetteer.lookup(name.text), gazetteer.organisations(name.text)].concat();
            assert!(found.iter().any(|one| one.place.id == place.id), "{} {}", place.id, name.text);
        }
    }
}

#[test]
fn a_damaged_package_is_an_error() {
    assert!(Gazetteer::unpack(&PACKED[..1000]).is_err());
    assert!(Gazetteer::unpack(b"no gzip").is_err());
}

proptest! {
    #[test]
    fn no_name_is_too_strange(name in "\\PC{0,40}") {
        let gazetteer = Gazetteer::packaged();
        prop_assert_eq!(gazetteer.guess(&name), gazetteer.guess(&name));
        gazetteer.organisations(&name);
    }
}
