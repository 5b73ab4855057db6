//! Copies of documents: how well they are found, and what becomes of them.

mod common;

use common::{check, program, rows};
use serde_json::json;
use std::{collections::BTreeMap, fs, path::Path};

/// Numbers that look random and are the same every time (SplitMix64).
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut value = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((value ^ (value >> 31)) % end as u64) as usize
    }

    fn one<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of[self.below(of.len())]
    }
}

const WHO: &[&str] = &[
    "die Bürgermeisterin",
    "der Verkehrsminister",
    "eine Sprecherin der Polizei",
    "der Vorstand der Werft",
    "die Gewerkschaft",
    "das Umweltamt",
    "der Stadtrat",
    "die Feuerwehr",
    "ein Anwalt der Kläger",
    "die Hafenbehörde",
    "der Rechnungshof",
    "die Opposition",
    "das Landgericht",
    "die Krankenkasse",
    "der Bauernverband",
    "die Leiterin des Museums",
    "der Trainer",
    "die Bahn",
    "das Ministerium",
    "ein Augenzeuge",
];
const WHERE: &[&str] = &[
    "in Wismar",
    "am Nordufer",
    "in der Altstadt",
    "bei Görlitz",
    "an der Grenze",
    "im Hafen von Emden",
    "auf dem Marktplatz",
    "in drei Landkreisen",
    "im Süden des Landes",
    "vor dem Rathaus",
    "in Passau",
    "am Bahnhof",
    "auf der Autobahn 7",
    "im Stadion",
    "an der Küste",
    "in den Bergen",
];
const WHAT: &[&str] = &[
    "den Neubau der Brücke",
    "die Schließung der Fabrik",
    "höhere Löhne",
    "den Streit um das Wasser",
    "die Sperrung der Strecke",
    "den Brand im Lager",
    "die Wahl des Vorsitzenden",
    "den Verkauf der Anteile",
    "die Kosten der Sanierung",
    "den Ausbau der Klinik",
    "die Folgen des Sturms",
    "das Urteil vom Mai",
    "die Suche nach den Vermissten",
    "den Vertrag mit dem Zulieferer",
    "die Reform der Schulen",
    "den Fund aus der Römerzeit",
    "die Dürre",
    "das Verbot der Werbung",
];
const WHEN: &[&str] = &[
    "am Montag",
    "am frühen Morgen",
    "nach langem Zögern",
    "in der Nacht zum Freitag",
    "vor zwei Wochen",
    "am Rande einer Tagung",
    "überraschend",
    "zum dritten Mal in diesem Jahr",
    "wenige Stunden später",
    "kurz vor Redaktionsschluss",
    "im Herbst",
    "trotz des Regens",
];
const SENTENCES: &[&str] = &[
    "{Wer} hat {wann} {wo} {was} verteidigt und weitere Schritte für das kommende Jahr angekündigt.",
    "Nach Angaben von Beobachtern hatte {wer} {was} lange abgelehnt, ehe {wann} {wo} eine Einigung gelang.",
    "Rund {n} Menschen kamen {wann} {wo} zusammen, um gegen {was} zu protestieren.",
    "„Wir werden {was} nicht hinnehmen“, hieß es {wann}, während {wer} {wo} das Gespräch suchte.",
    "Ein Gutachten, das {wer} {wann} vorlegte, beziffert den Schaden auf {n} Millionen Euro.",
    "{Wer} widersprach dieser Darstellung {wann} und verwies auf Zahlen, die {wo} erhoben worden seien.",
    "Im vergangenen Jahr waren {wo} bereits {n} ähnliche Fälle bekannt geworden, {was} nicht mitgezählt.",
    "Zuvor hatte {wer} erklärt, {was} lasse sich {wann} nicht mehr aufhalten.",
    "Wie hoch der Anteil derer ist, die {wo} auf {was} angewiesen sind, weiß bisher nur {wer}.",
    "Experten rechnen damit, dass {was} {wo} frühestens in {n} Monaten wieder zum Thema wird.",
    "{Wer} will {wann} einen neuen Plan vorlegen, der {was} mit {n} Maßnahmen begleiten soll.",
    "Unklar blieb {wann}, warum {wer} {wo} so spät von der Sache erfahren hatte.",
    "An {was} sind nach Auskunft der Behörden {n} Betriebe beteiligt, die meisten davon {wo}.",
    "Dass {wer} {wann} einlenkt, gilt {wo} als ausgeschlossen.",
    "Mit {n} gegen {n} Stimmen wurde {wo} beschlossen, {was} noch einmal zu prüfen.",
    "Schon {wann} war {wo} über {was} verhandelt worden, damals ohne Ergebnis und unter Ausschluss der Presse.",
];
/// What papers set round a report: the same round every one of theirs.
const FURNITURE: &[[&str; 2]] = &[
    ["", ""],
    [
        "Startseite Politik Wirtschaft Sport Kultur Wetter\n\nVon unserer Redaktion\n\n",
        "\n\nMehr zum Thema lesen Sie in unserer gedruckten Ausgabe. Alle Rechte vorbehalten. Impressum Datenschutz Kontakt",
    ],
    [
        "Nachrichten aus der Region | Abo | Anmelden\n\n(dpa/eb) – ",
        "\n\nDieser Artikel wurde automatisch übernommen und von der Redaktion nicht bearbeitet. Teilen Drucken Merken Kommentieren",
    ],
    [
        "Das Wichtigste am Abend\n\nLesezeit: 3 Minuten\n\n",
        "\n\nHat Ihnen dieser Artikel gefallen? Dann empfehlen Sie ihn weiter.",
    ],
];

fn sentence(random: &mut Random) -> String {
    let mut sentence = random.one(SENTENCES).to_owned();
    let who = random.one(WHO);
    let mut letters = who.chars();
    let capital: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
    for (slot, filling) in [
        ("{Wer}", capital.as_str()),
        ("{wer}", who),
        ("{wo}", random.one(WHERE)),
        ("{was}", random.one(WHAT)),
        ("{wann}", random.one(WHEN)),
    ] {
        sentence = sentence.replace(slot, filling);
    }
    while let Some(at) = sentence.find("{n}") {
        let number = random.below(900) + 3;
        sentence.replace_range(at..at + 3, &number.to_string());
    }
    sentence
}

fn sentences(random: &mut Random, count: usize) -> Vec<String> {
    (0..count).map(|_| sentence(random)).collect()
}

/// What a paper made of an agency's report.
const VERSIONS: [&str; 7] = [
    "a original",
    "b other lead",
    "c cut by a third",
    "d cut by half",
    "e other lead, cut by a third",
    "f edited",
    "g later report",
];

/// Reports of an agency, each as several papers print it, and a later report that repeats the background.
fn reports(count: usize, seed: u64) -> Vec<(String, String)> {
    let mut random = Random(seed);
    let mut documents = Vec::new();
    for report in 0..count {
        let length = 9 + random.below(8);
        let original = sentences(&mut random, length);
        for version in VERSIONS {
            let mut text = original.clone();
            let third = text.len() / 3;
            match &version[..1] {
                "b" | "e" => {
                    text.splice(..2, sentences(&mut random, 2));
                }
                "f" => {
                    text.swap(2, 3);
                    for sentence in text.iter_mut().step_by(2) {
                        *sentence = sentence.replace(" und ", " sowie ").replace(" nicht ", " keinesfalls ");
                        *sentence = format!("{} {sentence}", random.one(&["Allerdings:", "Dazu:", "Und:"]));
                    }
                    text.insert(4, sentence(&mut random));
                }
                "g" => {
                    let background = text.split_off(text.len() - third);
                    text = sentences(&mut random, length - third);
                    text.extend(background);
                }
                _ => {}
            }
            match &version[..1] {
                "c" | "e" => text.truncate(length - third),
                "d" => text.truncate(length - length / 2),
                _ => {}
            }
            let [before, after] = FURNITURE[random.below(FURNITURE.len())];
            documents.push((format!("{report:04}-{version}"), format!("{before}{}{after}", text.join(" "))));
        }
    }
    documents
}

fn lines(documents: &[(String, String)]) -> String {
    documents.iter().map(|(id, text)| format!("{}\n", json!({ "id": id, "text": text }))).collect()
}

fn tabulate(lines: impl Into<Vec<u8>>, output: &Path, flags: &[&str]) {
    let mut command = program();
    let command = command.args(["--progress", "none", "tabulate", "-o"]).arg(output).args(flags);
    command.write_stdin(lines).assert().code(0);
}

/// The document that each is marked as a copy of, with the likeness.
fn marked(output: &Path) -> BTreeMap<String, (String, String)> {
    let rows = rows(output, "documents.csv").into_iter().filter(|row| !row[14].is_empty());
    rows.map(|row| (row[0].to_owned(), (row[14].to_owned(), row[17].to_owned()))).collect()
}

#[test]
fn copies_are_found_and_later_reports_are_not_taken_for_them() {
    let seed = std::env::var("SEED").map_or(11, |seed| seed.parse().unwrap());
    let documents = reports(300, seed);
    let out = tempfile::tempdir().unwrap();
    tabulate(lines(&documents), out.path(), &[]);
    let marked = marked(out.path());
    let report = |id: &str| id.split('-').next().unwrap().to_owned();
    let (mut right, mut wrong) = (0, 0);
    for version in VERSIONS {
        let of_version: Vec<_> = documents.iter().filter(|(id, _)| id.ends_with(version)).collect();
        let found: Vec<_> = of_version.iter().filter_map(|(id, _)| Some((id, &marked.get(id)?.0))).collect();
        let same = found.iter().filter(|(id, first)| report(id) == report(first)).count();
        let is_copy = !version.starts_with(['a', 'g']);
        right += if is_copy { same } else { 0 };
        wrong += found.len() - if is_copy { same } else { 0 };
        println!(
            "{version}: {} of {} marked, {same} of them as the same report",
            found.len(),
            of_version.len()
        );
    }
    let copies = (VERSIONS.len() - 2) * 300;
    let (precision, recall) = (right as f64 / (right + wrong) as f64, right as f64 / copies as f64);
    println!("precision {precision:.3}, recall {recall:.3}");
    assert!(precision > 0.97 && recall > 0.9, "precision {precision}, recall {recall}");
}

#[test]
fn the_order_of_lines_changes_nothing() {
    let documents = reports(20, 3);
    let out = tempfile::tempdir().unwrap();
    let mut turned = documents.clone();
    turned.reverse();
    for (name, documents) in [("one", documents), ("other", turned)] {
        tabulate(lines(&documents), &out.path().join(name), &[]);
    }
    let table = |name: &str| fs::read(out.path().join(name).join("documents.csv")).unwrap();
    assert_eq!(table("one"), table("other"));
    assert!(!marked(&out.path().join("one")).is_empty());
}

#[test]
fn copies_are_kept_marked_or_dropped() {
    let input = tempfile::tempdir().unwrap();
    let text = "In Wien sprach man über Kiew. ".to_owned() + &sentences(&mut Random(1), 12).join(" ");
    let write = |name: &str, text: &str| fs::write(input.path().join(name), text).unwrap();
    write("a.txt", &text);
    write("b.txt", &text);
    write("c.txt", &format!("Aus Oslo berichtet unser Mitarbeiter. {text}"));
    write("d.txt", "Wien schweigt.");
    write("leer.txt", "");
    let out = tempfile::tempdir().unwrap();
    let run = |flag: &str| {
        let output = out.path().join(flag);
        let mut command = program();
        command.current_dir(out.path()).arg("run").arg(input.path()).arg("-o").arg(&output);
        command.args(["--duplicates", flag, "--progress", "none"]).assert().code(0);
        check(input.path(), &output);
        output
    };
    let counts = |output: &Path, name: &str| -> Option<Vec<String>> {
        let row = rows(output, "entities.csv").into_iter().find(|row| &row[1] == name)?;
        Some([3, 4, 11, 12].map(|column| row[column].to_owned()).into())
    };
    let keep = run("keep");
    assert!(marked(&keep).is_empty());
    assert_eq!(counts(&keep, "Wien").unwrap(), ["4", "4", "4", "4"]);
    let mark = run("mark");
    let found = marked(&mark);
    assert_eq!(found["b.txt"], ("a.txt".to_owned(), "1.000".to_owned()));
    assert_eq!(found["c.txt"].0, "a.txt");
    assert!(("0.800".."1.000").contains(&&*found["c.txt"].1), "{found:?}");
    assert_eq!(found.len(), 2);
    assert_eq!(counts(&mark, "Wien").unwrap(), ["4", "4", "2", "2"]);
    assert_eq!(counts(&mark, "Oslo").unwrap(), ["1", "1", "0", "0"]);
    let drop = run("drop");
    assert_eq!(marked(&drop), found);
    assert_eq!(counts(&drop, "Wien").unwrap(), ["2", "2", "2", "2"]);
    assert_eq!(counts(&drop, "Oslo"), None);
    let summary: serde_json::Value =
        serde_json::from_slice(&fs::read(drop.join("run.json")).unwrap()).unwrap();
    assert_eq!(
        (&summary["counts"]["duplicates"], &summary["counts"]["near_duplicates"]),
        (&1.into(), &1.into())
    );
}
