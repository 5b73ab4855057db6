//! From surfaces to normal forms, with the help of the other mentions of the same document.
//!
//! Every mention gets lossless readings of its name, best first, the title or role that stands with it, and the full
//! name that a short form stands for. Nothing here is final: `resolve` sees the whole corpus and decides.

mod chains;
mod context;
mod heads;
mod readings;

pub use heads::citation_form;

use crate::{
    Document, Error, Form, Label, Layer, Span, Stage,
    document::{Bridged, NormalForm},
    names,
};
use readings::Evidence;
use std::collections::HashSet;

/// The stage that adds [`Mention::normal`](crate::Mention::normal).
///
/// 1. *Clean*: the surface is bridged over line ends; titles and roles are split off, also those that stand directly
///    before the mention (*Außenminister Sergej Lawrow*).
/// 2. *Inflect*: readings without a German genitive ending, and the citation form of *Demokratischen Volksrepublik
///    Korea*, ordered by what speaks for them in this document and in the gazetteer. A name whose only evidence is
///    its full form is never cut.
/// 3. *Chain*: a lone family or given name, an inflected or initialed form and an abbreviation join the full name of
///    the same label that the document uses, for people the one that was used before. Where two different full names fit,
///    the chain stays open; where the title contradicts (*Herr Muster* beside *Eva Muster*), name and title stand for
///    somebody else.
///
/// ```
/// use namenlese::{Document, Label, Mention, Span, Stage, normalize::Normalize};
/// let text = "Wladimir Putin kam. Putins Sprecher schwieg.";
/// let mut document = Document::new("a", text);
/// document.sentences = Some(vec![namenlese::Sentence { span: Span::whole(text) }]);
/// let mention = |from, to| Ok::<_, namenlese::Error>(Mention::new(Span::new(text, from, to)?, Label::Per, 1.0));
/// document.mentions = Some(vec![mention(0, 14)?, mention(20, 26)?]);
/// Normalize.apply(&mut document)?;
/// let normal = document.mentions.iter().flatten().nth(1).and_then(|mention| mention.normal.as_ref()).expect("done");
/// assert_eq!(normal.candidates[0], "Putin");
/// assert_eq!(normal.chain.as_deref(), Some("Wladimir Putin"));
/// # Ok::<(), namenlese::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct Normalize;

impl Stage for Normalize {
    fn name(&self) -> &'static str {
        "normalize"
    }

    fn reads(&self) -> &'static [Layer] {
        &[Layer::Mentions]
    }

    fn writes(&self) -> Layer {
        Layer::NormalForms
    }

    fn apply(&self, document: &mut Document) -> Result<(), Error> {
        let named = names_of(document);
        let evidence = Evidence::of(&named);
        let mut normals: Vec<NormalForm> = named
            .iter()
            .map(|one| NormalForm {
                candidates: readings::of(one, &evidence),
                title_or_role: one.title_or_role.clone(),
                chain: None,
            })
            .collect();
        let chains = chains::of(document.text(), &named, &normals);
        for (normal, chain) in normals.iter_mut().zip(chains) {
            normal.chain = chain;
        }
        for (mention, normal) in document.mentions.iter_mut().flatten().zip(normals) {
            mention.normal = Some(normal);
        }
        Ok(())
    }
}

/// A mention as the steps see it: cleaned, with the words around it.
#[derive(Debug)]
struct Named {
    span: Span,
    label: Label,
    form: Form,
    /// The surface, bridged and cleaned; empty only if the surface shows nothing.
    name: String,
    title_or_role: String,
    /// Whether nothing but a title or role was marked: that is no name.
    role_only: bool,
    surroundings: context::Surroundings,
}

fn names_of(document: &Document) -> Vec<Named> {
    let text = document.text();
    let sentences = document.sentences.as_deref().unwrap_or_default();
    let mentions = document.mentions.as_deref().unwrap_or_default();
    let sentence_at = |at: usize| {
        let after = sentences.partition_point(|sentence| sentence.span.start() <= at);
        after.checked_sub(1).map_or(Span::whole(text), |index| sentences[index].span)
    };
    let mut named: Vec<Named> = mentions
        .iter()
        .map(|mention| {
            let surface = Bridged::new(text, mention.span);
            let cleaned = names::clean(surface.text());
            let mut surroundings =
                context::Surroundings::of(text, mention.span, sentence_at(mention.span.start()));
            let name = match mention.label {
                Label::Per => surroundings.without_retired(&cleaned.name).to_owned(),
                _ => cleaned.name,
            };
            let mut one = Named {
                span: mention.span,
                label: mention.label,
                form: mention.form,
                name,
                title_or_role: cleaned.title_or_role,
                role_only: false,
                surroundings,
            };
            if one.label == Label::Per {
                one.title_or_role = context::role_before(&one);
            } else if !one.title_or_role.is_empty() {
                // General Electric, König-Fahd-Universität: only a person has titles.
                one.name = format!("{} {}", std::mem::take(&mut one.title_or_role), one.name);
            }
            one
        })
        .collect();
    let last_words: HashSet<String> = named
        .iter()
        .filter(|one| one.label == Label::Per)
        .filter_map(|one| Some(one.name.rsplit_once(' ')?.1.to_owned()))
        .collect();
    for one in named.iter_mut().filter(|one| one.label == Label::Per) {
        // A Kaiser is a role, unless the document knows one by that name.
        one.role_only = one.name.split(' ').all(names::is_title) && !last_words.contains(&one.name);
    }
    named
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Mention, Sentence};
    use proptest::prelude::*;

    /// Normalises a text in which mentions are marked as `[PER Wladimir Putin]`.
    fn normalised(marked: &str) -> Vec<(String, NormalForm)> {
        let mut text = String::new();
        let mut places = Vec::new();
        for (at, piece) in marked.split('[').enumerate() {
            let Some((label, rest)) = piece.split_once(' ').filter(|_| at > 0) else {
                text.push_str(piece);
                continue;
            };
            let (name, after) = rest.split_once(']').expect("a closing bracket");
            places.push((text.len(), name.len(), label.parse::<Label>().expect("a label")));
            text.push_str(name);
            text.push_str(after);
        }
        let mut document = Document::new("a", text.clone());
        document.sentences = Some(vec![Sentence { span: Span::whole(&text) }]);
        let mentions = places.into_iter().map(|(start, length, label)| {
            Mention::new(Span::new(&text, start, start + length).expect("a span"), label, 1.0)
        });
        document.mentions = Some(mentions.collect());
        Normalize.apply(&mut document).expect("no faults");
        let mentions = document.mentions.into_iter().flatten();
        mentions
            .map(|one| (one.span.of(&text).to_owned(), one.normal.expect("every mention has one")))
            .collect()
    }

    fn best(marked: &str) -> Vec<String> {
        normalised(marked).into_iter().map(|(_, normal)| normal.candidates[0].clone()).collect()
    }

    fn chains(marked: &str) -> Vec<Option<String>> {
        normalised(marked).into_iter().map(|(_, normal)| normal.chain).collect()
    }

    fn roles(marked: &str) -> Vec<String> {
        normalised(marked).into_iter().map(|(_, normal)| normal.title_or_role).collect()
    }

    #[test]
    fn genitives_are_cut_where_something_speaks_for_it() {
        assert_eq!(
            best("[PER Iwan Brodkin] kam. [PER Brodkins] Sprecher ging."),
            ["Iwan Brodkin", "Brodkin"]
        );
        assert_eq!(best("Die Truppen [LOC Russlands] zogen ab."), ["Russland"]);
        assert_eq!(best("Die Rede [PER Iwan Brodkins] war lang."), ["Iwan Brodkin"]);
        assert_eq!(best("Das ist [PER Grass']  Werk, nicht [PER Hans'] Haus."), ["Grass", "Hans"]);
    }

    #[test]
    fn names_are_not_cut_without_evidence() {
        let whole = "[LOC Paris] schweigt, [PER Scholz] redet. [PER Johannes] Bruder kam mit [PER Jonas] aus [LOC Texas], \
                     dem Freund von [PER Torsten Huber]; [ORG General Electric] und [ORG Siemens] zahlen. [LOC Laos] auch.";
        let names = [
            "Paris",
            "Scholz",
            "Johannes",
            "Jonas",
            "Texas",
            "Torsten Huber",
            "General Electric",
            "Siemens",
            "Laos",
        ];
        assert_eq!(best(whole), names);
        assert_eq!(best("[PER Sanders] sagte es. [PER Sanders] Plan ist alt."), ["Sanders", "Sanders"]);
        assert_eq!(best("Der Minister hieß [PER Norbert Huber-Hartmanns]."), ["Norbert Huber-Hartmanns"]);
        assert_eq!(best("Das war die Rede [PER Norbert Hartmanns]."), ["Norbert Hartmann"]);
        assert_eq!(best("Er ging wegen [PER Norbert Hartmanns]."), ["Norbert Hartmann"]);
    }

    #[test]
    fn inflected_heads_come_back() {
        assert_eq!(
            best("in der [LOC Demokratischen Volksrepublik Korea]"),
            ["Demokratische Volksrepublik Korea"]
        );
        assert_eq!(best("ein Sprecher des [ORG Weißen Hauses] sagte"), ["Weißes Haus"]);
        assert_eq!(best("in den [LOC Vereinigten Staaten]"), ["Vereinigte Staaten"]);
        assert_eq!(best("des [ORG Weißen Hau-\nses]"), ["Weißes Haus"]);
    }

    #[test]
    fn roles_stand_inside_or_before() {
        assert_eq!(roles("der russische Präsident [PER Iwan Brodkin]"), ["Präsident"]);
        assert_eq!(roles("Außenminister [PER Dr. Karl Weber]"), ["Außenminister Dr."]);
        assert_eq!(roles("mit Prof. Dr. [PER Weber] und Frau [PER Huber]"), ["Prof. Dr.", "Frau"]);
        assert_eq!(roles("Der Präsident, [PER Iwan Brodkin], und [PER Karl Weber]"), ["", ""]);
        assert_eq!(roles("Die Stadt [LOC Bonn]"), [""]);
        let retired = "Kanzler a. [PER D. Karl Weber] und General a. D. [PER Huber], auch [PER D. Lang]";
        assert_eq!(roles(retired), ["Kanzler a. D.", "General a. D.", ""]);
        assert_eq!(best(retired), ["Karl Weber", "Huber", "D. Lang"]);
    }

    #[test]
    fn short_forms_join_the_one_full_name() {
        let full = Some("Iwan Brodkin".to_owned());
        let found = chains(
            "[PER Iwan Brodkin] kam. [PER Brodkin], [PER I. Brodkin], [PER Iwan] und [PER Brodkins] Hund.",
        );
        assert_eq!(found, [None, full.clone(), full.clone(), full.clone(), full]);
    }

    #[test]
    fn two_full_names_leave_it_open() {
        let found =
            chains("[PER Pak Yong-su] traf [PER Pak Mi-na]. [PER Pak] schwieg. [PER Yong-su] sprach.");
        assert_eq!(found[2], None);
        assert_eq!(found[3].as_deref(), Some("Pak Yong-su"));
        let found = chains(
            "[PER Pak Yong-su] kam. [PER Pak Yong Su] ging. [PER Pak] blieb. [PER Pak Yong-sus] Sohn kam.",
        );
        assert_eq!(found[2].as_deref(), Some("Pak Yong-su"), "the more frequent spelling");
        assert_eq!(
            chains(
                "[PER Anna Huber-Lang] kam. [PER Huber-Lang] ging. [PER Meier-Vogt] auch. [PER Meier] blieb."
            )[1..],
            [Some("Anna Huber-Lang".to_owned()), None, None]
        );
        assert_eq!(found[3].as_deref(), Some("Pak Yong-su"));
    }

    #[test]
    fn a_family_name_of_several_words_joins_its_full_name() {
        let full = Some("Eva van der Berg".to_owned());
        assert_eq!(
            chains(
                "[PER Eva van der Berg] kam. [PER Van der Berg] ging, [PER van der Bergs] Hund und [PER Berg] auch."
            )[1..],
            [full.clone(), full.clone(), full]
        );
        assert_eq!(
            chains("[PER Luis Muñoz Marín] kam. [PER Muñoz Marín] ging.")[1].as_deref(),
            Some("Luis Muñoz Marín")
        );
        let apart = "[PER Hans-Peter Huber] traf [PER Peter Huber].";
        assert_eq!(chains(apart), [None, None], "half a given name is cut nowhere");
        let two = "[PER Eva van Berg] und [PER Jan van Berg] kamen. [PER Van Berg] sprach.";
        assert_eq!(chains(two), [None, None, None]);
    }

    #[test]
    fn a_lone_name_means_who_was_named_before() {
        let text =
            "[PER Iwan Brodkin] kam. [PER Brodkin] lachte. [PER Olga Brodkin] winkte. [PER Brodkin] schwieg.";
        assert_eq!(chains(text), [None, Some("Iwan Brodkin".to_owned()), None, None]);
        assert_eq!(
            chains("[PER Brodkin] lachte. [PER Iwan Brodkin] kam.")[0].as_deref(),
            Some("Iwan Brodkin"),
            "nobody was named before"
        );
        let cut = "[PER Pak Jong] kam. [PER Pak] lachte. [PER Pak Kun Ok] ging. [PER Pak] blieb.";
        assert_eq!(chains(cut), [None, None, None, None]);
        let father = "[PER Max M. Muster Jr.] kam. Sein Vater [PER Max M. Muster] nicht.";
        assert_eq!(chains(father), [None, None]);
    }

    #[test]
    fn russian_cases_are_read_by_ending_gazetteer_and_document() {
        let text = "[PER Анна Мустеровская] ждала в [LOC Москве]. [PER Мустеровской] ответил [PER Борис Бейспилов]. \
                    Слова [PER Бейспилова] услышали в [LOC России].";
        let expected =
            ["Анна Мустеровская", "Москва", "Мустеровская", "Борис Бейспилов", "Бейспилов", "Россия"];
        assert_eq!(best(text), expected);
        assert_eq!(best("[PER Muhr] schwieg. [PER Lisa Muhrs] sprach."), ["Muhr", "Lisa Muhrs"]);
        let unchanged = "[PER Сергей Мустеро] вернулся. [PER Мустеро] молчал.";
        assert_eq!(best(unchanged), ["Сергей Мустеро", "Мустеро"]);
    }

    #[test]
    fn a_title_that_contradicts_chains_nobody() {
        let found = chains("Minister [PER Karl Weber] kam. Frau [PER Weber] ging. Herr [PER Weber] blieb.");
        assert_eq!(found[1..], [Some("Frau Weber".to_owned()), Some("Karl Weber".to_owned())]);
        let found = chains("[PER Claudia Weber] kam. Herr [PER Weber] ging. Frau Dr. [PER Weber] blieb.");
        assert_eq!(found[1..], [Some("Herr Weber".to_owned()), Some("Claudia Weber".to_owned())]);
        let found = chains("[PER Karl Weber] kam, [PER Claudia Weber] auch. Frau [PER Weber] ging.");
        assert_eq!(found[2], None, "of Karl nothing is known");
        let found = chains("Präsident [PER Karl Weber] kam. Die Sprecherin [PER Webers] schwieg.");
        assert_eq!(found[1].as_deref(), Some("Karl Weber"));
    }

    #[test]
    fn labels_and_roles_do_not_mix() {
        assert_eq!(
            chains("[PER Jack Bremen] wohnt in [LOC Bremen]. Der [PER Präsident] kam.")[1..],
            [None, None]
        );
        let found = chains("Der [PER General] sprach mit [PER Karl General]. [PER General] schwieg.");
        assert_eq!(found[2].as_deref(), Some("Karl General"));
    }

    #[test]
    fn abbreviations_join_their_expansion_both_ways() {
        let text = "Das [ORG Institut für Weite Felder] ([ORG IWF]) warnt. Das [ORG IWF] zahlt.";
        let full = Some("Institut für Weite Felder".to_owned());
        assert_eq!(chains(text), [None, full.clone(), full.clone()]);
        assert_eq!(chains("Das [ORG IWF] (Institut für Weite Felder) warnt."), [full]);
        let two = "[ORG Bund Alter Meister] und [ORG Block Armer Maler]: [ORG BAM] schweigt.";
        assert_eq!(chains(two)[2], None);
    }

    proptest! {
        #[test]
        fn every_mention_has_candidates_whatever_it_is(name in "\\PC{1,20}", before in "\\PC{0,20}") {
            prop_assume!(!name.trim().is_empty());
            let text = format!("{before} {name} Ende");
            for label in Label::ALL {
                let mut document = Document::new("a", text.clone());
                let span = Span::new(&text, before.len() + 1, before.len() + 1 + name.len()).expect("a span");
                document.mentions = Some(vec![Mention::new(span, label, 1.0)]);
                Normalize.apply(&mut document).expect("no faults");
                let normal = document.mentions.expect("one")[0].normal.clone().expect("one");
                prop_assert!(!normal.candidates.is_empty());
            }
        }

        #[test]
        fn a_base_form_stays_what_it_is(name in "[A-Z][a-z]{2,7}( [A-Z][a-z]{2,7}){0,2}s?") {
            let base = best(&format!("Die Rede [PER {name}] war lang."))[0].clone();
            prop_assert_eq!(best(&format!("[PER {base}] kam."))[0].clone(), base);
        }
    }
}
