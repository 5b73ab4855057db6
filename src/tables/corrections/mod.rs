//! What a user changed in a copy of entities.csv or forms.csv, as decisions for the next run.

mod sheet;
mod spoilt;

use super::{
    formats::Source,
    schema::{ENTITIES, FORMS},
};
use crate::{
    Error, ErrorKind, Label, Result,
    resolve::{Decision, Verdict},
};
use sheet::Sheet;
use spoilt::is_spoilt;
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    path::Path,
};

/// Decisions that come out of a table that was edited, and what could not be made one.
#[derive(Debug, Default, PartialEq)]
pub struct Corrections {
    /// In the order of the tables.
    pub decisions: Vec<Decision>,
    /// What was changed and is no correction, in words.
    pub notices: Vec<String>,
}

/// Compares an edited copy of entities.csv or forms.csv, or a workbook with both, with the tables of a folder.
///
/// A copy may come from any of the table formats and any spreadsheet: comma, semicolon or tab, UTF-8 or Windows-1252, with
/// the apostrophes that guard formulas. Only the columns `entity_id`, `name` and `form` are compared. Two rows of entities
/// with one id are one entity; a form with another id goes over to that entity, or founds one if the id is new; another
/// name is a new name; what is gone is deleted. Of a copy of other tables than the folder's, saved before they were written or
/// with other counts, nothing is deleted: it may lack what it could not know.
///
/// # Errors
/// [`ErrorKind::Io`] for what cannot be read, [`ErrorKind::Settings`] for a table that is neither of the two, or that lacks
/// more than half of the rows, as a filtered one does.
pub fn corrections(folder: &Path, edited: &Path) -> Result<Corrections> {
    let known = Known::read(folder)?;
    let sheets = sheet::read(edited)?;
    let mut changes = Changes::new(&known);
    changes.is_of_others =
        is_older(edited, folder) || sheets.iter().any(|sheet| known.counts_otherwise(sheet));
    let mut is_ours = false;
    for sheet in &sheets {
        let compared = if sheet.has("form") {
            changes.forms(sheet)
        } else if sheet.has("name") && sheet.has("label") {
            changes.entities(sheet)
        } else {
            continue;
        };
        compared.map_err(|error| error.in_document(edited.display().to_string()))?;
        is_ours = true;
    }
    if !is_ours {
        let error = Error::new(
            ErrorKind::Settings,
            "no table with the columns entity_id and name, or entity_id and form",
        );
        return Err(error.in_document(edited.display().to_string()));
    }
    Ok(changes.finish())
}

/// The entities and forms of a folder.
struct Known {
    entities: Vec<Entity>,
    by_id: HashMap<String, usize>,
}

struct Entity {
    id: String,
    mentions: u64,
    name: String,
    label: Label,
    /// The founding form first.
    forms: Vec<String>,
}

impl Known {
    fn read(folder: &Path) -> Result<Self> {
        let mut known = Self { entities: Vec::new(), by_id: HashMap::new() };
        Source::open(folder, ENTITIES)?.read(|row| {
            let (id, name) = (row.text("entity_id").to_owned(), row.text("name").to_owned());
            let (label, mentions) = (row.text("label").parse()?, row.text("mentions").parse().unwrap_or(0));
            known.by_id.insert(id.clone(), known.entities.len());
            known.entities.push(Entity { id, mentions, name, label, forms: Vec::new() });
            Ok(())
        })?;
        Source::open(folder, FORMS)?.read(|row| {
            if let Some(&at) = known.by_id.get(row.text("entity_id")) {
                known.entities[at].forms.push(row.text("form").to_owned());
            }
            Ok(())
        })?;
        Ok(known)
    }

    /// Whether an edited table of entities has other counts than the folder's, and so is a copy of other tables.
    fn counts_otherwise(&self, sheet: &Sheet) -> bool {
        if sheet.has("form") || !sheet.has("mentions") {
            return false;
        }
        let mut rows = sheet.cells("entity_id").zip(sheet.cells("name")).zip(sheet.cells("mentions"));
        rows.any(|((id, name), mentions)| {
            let entity = self.by_id.get(&id).map(|&at| &self.entities[at]);
            entity.is_some_and(|entity| entity.name == name && !is_count(&mentions, entity.mentions))
        })
    }
}

/// Whether a cell shows a count, perhaps with marks between thousands, or something else than a number.
fn is_count(cell: &str, count: u64) -> bool {
    let digits: String = cell.chars().filter(char::is_ascii_digit).collect();
    digits.is_empty() || digits == count.to_string() || cell.parse() == Ok(count as f64)
}

/// Whether a copy was saved before the tables were written.
fn is_older(edited: &Path, folder: &Path) -> bool {
    let modified = |path: &Path| path.metadata().and_then(|metadata| metadata.modified()).ok();
    let written = modified(&folder.join(format!("{}.csv", ENTITIES.name)));
    modified(edited).zip(written).is_some_and(|(edited, written)| edited < written)
}

/// Where the forms of the folder go, as far as edited tables say.
struct Changes<'k> {
    known: &'k Known,
    /// For each entity and each of its forms: the id it has now; none if it is gone.
    ids: Vec<Vec<Option<String>>>,
    renamed: BTreeMap<usize, String>,
    /// Whether what was edited is a copy of other tables.
    is_of_others: bool,
    /// Rows that such a copy lacks.
    unknown: usize,
    notices: Vec<String>,
}

impl<'k> Changes<'k> {
    fn new(known: &'k Known) -> Self {
        let ids = known.entities.iter().map(|entity| vec![Some(entity.id.clone()); entity.forms.len()]);
        Self {
            known,
            ids: ids.collect(),
            renamed: BTreeMap::new(),
            is_of_others: false,
            unknown: 0,
            notices: Vec::new(),
        }
    }

    fn forms(&mut self, sheet: &Sheet) -> Result<()> {
        let originals = self.known.entities.iter().enumerate().flat_map(|(at, entity)| {
            entity.forms.iter().enumerate().map(move |(number, form)| {
                let key = (entity.id.as_str(), form.as_str());
                ((at, number), key)
            })
        });
        let matched = matched(originals.collect(), sheet, "form")?;
        let stray_ids: HashSet<&str> = matched.strays.iter().map(|(_, id)| id.as_str()).collect();
        for (text, _) in &matched.strays {
            self.notices.push(format!("no form of these tables: {text}"));
        }
        for ((at, number), id) in matched.ids {
            let entity = &self.known.entities[at];
            // A form that is gone need not be deleted: a spreadsheet may have spoilt what it was to keep.
            let is_kept = id.is_none()
                && (stray_ids.contains(entity.id.as_str())
                    || matched.strays.iter().any(|(text, _)| is_spoilt(text, &entity.forms[number])));
            if id.is_none() && !is_kept && self.is_of_others {
                self.unknown += 1;
                continue;
            }
            // In a workbook, the rows of one sheet may be as they were while those of the other were edited.
            if !is_kept && id.as_ref() != Some(&entity.id) {
                self.ids[at][number] = id;
            }
        }
        Ok(())
    }

    fn entities(&mut self, sheet: &Sheet) -> Result<()> {
        let originals = self.known.entities.iter().enumerate();
        let originals = originals.map(|(at, entity)| (at, (entity.id.as_str(), entity.name.as_str())));
        let matched = matched(originals.collect(), sheet, "name")?;
        let mut names: HashMap<&str, &String> = HashMap::new();
        for (name, id) in &matched.strays {
            match self.known.by_id.contains_key(id.as_str()) {
                true => drop(names.insert(id, name)),
                false => self.notices.push(format!("no entity of these tables: {name}")),
            }
        }
        for (at, id) in matched.ids {
            let own = self.known.entities[at].id.as_str();
            let original = self.known.entities[at].name.as_str();
            let new = match id {
                // The row is there under another name.
                None if let Some(name) = names.get(own)
                    && !is_spoilt(name, original) =>
                {
                    self.renamed.insert(at, (*name).clone());
                    continue;
                }
                None => {
                    let mut others = matched.strays.iter().map(|(text, _)| text);
                    let spoilt = names.get(own).copied();
                    if let Some(text) = spoilt.or_else(|| others.find(|text| is_spoilt(text, original))) {
                        self.notices.push(format!(
                            "spoilt by a spreadsheet, so its row decides nothing: {text} (for {original})"
                        ));
                        continue;
                    }
                    if self.is_of_others {
                        self.unknown += 1;
                        continue;
                    }
                    None
                }
                Some(id) => Some(id),
            };
            for of_form in self.ids[at].iter_mut().filter(|of_form| of_form.as_deref() == Some(own)) {
                of_form.clone_from(&new);
            }
        }
        Ok(())
    }

    fn finish(self) -> Corrections {
        let Self { known, ids, renamed, is_of_others: _, unknown, mut notices } = self;
        if unknown > 0 {
            notices.push(format!(
                "a copy of other tables than these, which may not know all of them: {unknown} rows that it lacks are not deleted"
            ));
        }
        let mut found = Corrections { decisions: Vec::new(), notices };
        // Who has an id now: entity and form.
        let mut members: BTreeMap<&str, Vec<(usize, usize)>> = BTreeMap::new();
        for (at, of_forms) in ids.iter().enumerate() {
            for (number, id) in of_forms.iter().enumerate() {
                if let Some(id) = id {
                    members.entry(id).or_default().push((at, number));
                }
            }
        }
        for (at, entity) in known.entities.iter().enumerate() {
            let mut decide = |verdict, a: &str, b: &str| {
                let decision = Decision { verdict, label: entity.label, a: a.to_owned(), b: b.to_owned() };
                found.decisions.push(decision);
            };
            for (form, id) in entity.forms.iter().zip(&ids[at]) {
                let Some(id) = id else {
                    decide(Verdict::Delete, form, "");
                    continue;
                };
                let others = entity.forms.iter().zip(&ids[at]);
                for (other, _) in
                    others.filter(|(other, of)| of.as_ref().is_some_and(|of| of != id) && form < *other)
                {
                    decide(Verdict::Different, form, other);
                }
            }
            if let Some(name) = renamed.get(&at)
                && let Some(form) = entity.forms.first()
            {
                decide(Verdict::Rename, form, name);
            }
        }
        for (id, members) in members {
            // The entity whose id it was stands first, whoever else it was given to.
            let own = |&&(at, _): &&(usize, usize)| known.entities[at].id == id;
            let Some(&(first, founding)) = members.iter().find(own).or(members.first()) else { continue };
            let anchor = &known.entities[first];
            let mut from = HashSet::from([first]);
            for &(at, number) in &members {
                let entity = &known.entities[at];
                let is_new = entity.id != id && (at, number) != (first, founding);
                // A whole entity comes with its first form; of one that was split, each form comes by itself.
                let is_whole = ids[at].iter().all(|of| of.as_deref() == Some(id));
                if !is_new || (is_whole && at != first && !from.insert(at)) {
                    continue;
                }
                if entity.label != anchor.label {
                    found.notices.push(format!(
                        "names of two kinds cannot be one: {} ({}) and {} ({})",
                        anchor.name,
                        anchor.label.as_str(),
                        entity.name,
                        entity.label.as_str()
                    ));
                    continue;
                }
                let (a, b) = (anchor.forms[founding].clone(), entity.forms[number].clone());
                found.decisions.push(Decision { verdict: Verdict::Same, label: anchor.label, a, b });
            }
        }
        found
    }
}

/// Which row of an edited sheet is which of ours.
struct Matched<K> {
    /// The id that each of ours has now; none if it is gone.
    ids: Vec<(K, Option<String>)>,
    /// Text and id of rows that are none of ours.
    strays: Vec<(String, String)>,
}

/// A row that has id and text of one of ours is that one; of the others, one with its text alone.
fn matched<K: Copy>(originals: Vec<(K, (&str, &str))>, sheet: &Sheet, column: &str) -> Result<Matched<K>> {
    let mut exact: HashMap<(&str, String), usize> = HashMap::new();
    let mut by_text: HashMap<String, Vec<usize>> = HashMap::new();
    for (number, (_, (id, text))) in originals.iter().enumerate() {
        let text = comparable(text);
        exact.insert((id, text.clone()), number);
        by_text.entry(text).or_default().push(number);
    }
    let mut ids: Vec<Option<String>> = vec![None; originals.len()];
    let rows: Vec<(String, String)> = sheet.cells("entity_id").zip(sheet.cells(column)).collect();
    let is_text = |text: &str| by_text.contains_key(&comparable(text));
    let rows = rows.into_iter().filter(|(id, text)| !(id.is_empty() && text.is_empty()));
    let rows: Vec<(String, String)> =
        rows.map(|(id, text)| (id, if is_text(&text) { text } else { sheet::unguarded(&text) })).collect();
    if rows.len() * 2 < originals.len() {
        let message = format!(
            "it has {} of {} rows; what is missing would be deleted, so give the whole table",
            rows.len(),
            originals.len()
        );
        return Err(Error::new(ErrorKind::Settings, message));
    }
    let mut left = Vec::new();
    for row in rows {
        let known = exact.get(&(row.0.as_str(), comparable(&row.1))).copied();
        match known {
            Some(number) if ids[number].is_none() => ids[number] = Some(row.0),
            _ => left.push(row),
        }
    }
    let mut strays = Vec::new();
    for (id, text) in left {
        let free =
            by_text.get(&comparable(&text)).into_iter().flatten().find(|&&number| ids[number].is_none());
        match free {
            Some(&number) if !id.is_empty() => ids[number] = Some(id),
            _ => strays.push((text, id)),
        }
    }
    Ok(Matched { ids: originals.iter().map(|(key, _)| *key).zip(ids).collect(), strays })
}

/// What every spreadsheet keeps of a text: no control characters, and no more than a cell holds of UTF-16.
fn comparable(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(16_000).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::formats::tests::folder;

    const ENTITY_ROWS: &str = "\
p1,Eva Muster,PER,5,1,2,,,,,,5,1\r\np2,Eva Maier,PER,3,1,1,,,,,,3,1\r\nl1,Wien,LOC,2,1,1,,,,,,2,1\r\n";
    const FORM_ROWS: &str = "\
p1,Eva Muster,Latn,de,4,1,1.000,\r\np1,E. Muster,Latn,de,1,1,0.900,\r\np1,Ewa Muster,Latn,de,1,1,0.900,\r\n\
p2,Eva Maier,Latn,de,3,1,1.000,\r\nl1,=Wien,Latn,de,2,1,1.000,\r\n";

    /// The decisions that come of an edited table, a row each, and the notices.
    fn corrected(edited: &str) -> Result<(Vec<String>, Vec<String>)> {
        let at = folder(&[(ENTITIES, ENTITY_ROWS), (FORMS, FORM_ROWS)]);
        let path = at.path().join("edited.csv");
        std::fs::write(&path, edited).expect("a table");
        let found = corrections(at.path(), &path)?;
        Ok((found.decisions.iter().map(|decision| decision.cells().join(",")).collect(), found.notices))
    }

    fn decisions(edited: &str) -> Vec<String> {
        let (decisions, notices) = corrected(edited).expect("a table of ours");
        assert_eq!(notices, [""; 0]);
        decisions
    }

    #[test]
    fn an_untouched_table_decides_nothing() {
        assert_eq!(
            decisions("entity_id,name,label\np1,Eva Muster,PER\np2,Eva Maier,PER\nl1,Wien,LOC\n"),
            [""; 0]
        );
        let forms = "entity_id;form\r\np1;Eva Muster\r\np1;E. Muster\r\np1;Ewa Muster\r\np2;Eva Maier\r\nl1;'=Wien\r\n";
        assert_eq!(decisions(forms), [""; 0]);
    }

    #[test]
    fn one_id_for_two_rows_makes_them_one() {
        let merged = "entity_id,name,label\np1,Eva Muster,PER\np1,Eva Maier,PER\nl1,Wien,LOC\n";
        assert_eq!(decisions(merged), ["same,PER,Eva Muster,Eva Maier"]);
    }

    #[test]
    fn another_name_renames() {
        let renamed = "entity_id,name,label\np1,'=Eva,PER\np2,Eva Maier,PER\nl1,Wien,LOC\n";
        assert_eq!(decisions(renamed), ["rename,PER,Eva Muster,=Eva"]);
    }

    #[test]
    fn a_row_that_is_gone_is_deleted() {
        let deleted = "entity_id,name,label\np1,Eva Muster,PER\np2,Eva Maier,PER\n";
        assert_eq!(decisions(deleted), ["delete,LOC,=Wien,"]);
        let form = "entity_id,form\np1,Eva Muster\np1,Ewa Muster\np2,Eva Maier\nl1,=Wien\n";
        assert_eq!(decisions(form), ["delete,PER,E. Muster,"]);
        assert!(corrected("entity_id,form\np1,Eva Muster\n").is_err(), "most of the table is missing");
    }

    #[test]
    fn a_copy_of_other_tables_deletes_nothing() {
        let grown = "entity_id,name,label,mentions\np1,Eva Muster,PER,4\np2,Eva Meier,PER,3\n";
        let (decisions, notices) = corrected(grown).expect("a table of ours");
        assert_eq!(decisions, ["rename,PER,Eva Maier,Eva Meier"]);
        assert!(notices.len() == 1 && notices[0].contains("1 rows that it lacks"), "{notices:?}");
        assert_eq!(self::decisions(&grown.replace("PER,4", "PER,5")).len(), 2);
        let at = folder(&[(ENTITIES, ENTITY_ROWS), (FORMS, FORM_ROWS)]);
        let path = at.path().join("edited.csv");
        std::fs::write(&path, "entity_id,name,label\np1,Eva Muster,PER\np2,Eva Maier,PER\n")
            .expect("a table");
        let early = std::time::SystemTime::UNIX_EPOCH;
        std::fs::File::options()
            .write(true)
            .open(&path)
            .and_then(|file| file.set_modified(early))
            .expect("an old one");
        let found = corrections(at.path(), &path).expect("a table of ours");
        assert_eq!((found.decisions.len(), found.notices.len()), (0, 1));
    }

    #[test]
    fn forms_go_over_or_found_a_row_of_their_own() {
        let moved = "entity_id,form\np1,Eva Muster\np2,E. Muster\np1,Ewa Muster\np2,Eva Maier\nl1,=Wien\n";
        let mut found = decisions(moved);
        assert_eq!(found.pop().as_deref(), Some("same,PER,Eva Maier,E. Muster"));
        found.sort();
        assert_eq!(found, ["different,PER,E. Muster,Eva Muster", "different,PER,E. Muster,Ewa Muster"]);
        let founded =
            "entity_id,form\np1,Eva Muster\nneu,E. Muster\nneu,Ewa Muster\np2,Eva Maier\nl1,=Wien\n";
        let mut found = decisions(founded);
        assert_eq!(found.pop().as_deref(), Some("same,PER,E. Muster,Ewa Muster"));
        found.sort();
        assert_eq!(found, ["different,PER,E. Muster,Eva Muster", "different,PER,Eva Muster,Ewa Muster"]);
    }

    #[test]
    fn what_cannot_be_is_told() {
        let kinds = "entity_id,name,label\np1,Eva Muster,PER\np2,Eva Maier,PER\np1,Wien,LOC\n";
        let (decisions, notices) = corrected(kinds).expect("a table of ours");
        assert_eq!((decisions.len(), notices.len()), (0, 1), "{notices:?}");
        let spoilt = "entity_id,form\np1,Eva Muster\np1,E. Muster\np1,Ewa Muster\np2,Eva Maier\nl1,#NAME?\n";
        let (decisions, notices) = corrected(spoilt).expect("a table of ours");
        assert_eq!(decisions, [""; 0]);
        assert_eq!(notices, ["no form of these tables: #NAME?"]);
        let spoilt = "entity_id,name,label\np1,Eva Muster,PER\np2,Eva Maier,PER\nl1,12,LOC\n";
        let at = folder(&[
            (ENTITIES, &ENTITY_ROWS.replace("Wien", "0012")),
            (FORMS, &FORM_ROWS.replace("=Wien", "0012")),
        ]);
        let path = at.path().join("edited.csv");
        std::fs::write(&path, spoilt).expect("a table");
        let found = corrections(at.path(), &path).expect("a table of ours");
        assert_eq!(found.decisions, []);
        assert_eq!(found.notices, ["spoilt by a spreadsheet, so its row decides nothing: 12 (for 0012)"]);
        assert!(corrected("a,b\n1,2\n").is_err());
    }

    #[test]
    fn the_code_page_of_spreadsheets_is_read() {
        let at = folder(&[
            (ENTITIES, "p1,Jörg Groß,PER,1,1,1,,,,,,1,1\r\n"),
            (FORMS, "p1,Jörg Groß,Latn,de,1,1,1.000,\r\n"),
        ]);
        let path = at.path().join("edited.csv");
        std::fs::write(&path, b"entity_id;name;label\r\np1;J\xf6rg Gro\xdfe;PER\r\n").expect("a table");
        let found = corrections(at.path(), &path).expect("a table of ours");
        assert_eq!(found.decisions[0].cells(), ["rename", "PER", "Jörg Groß", "Jörg Große"]);
    }
}
