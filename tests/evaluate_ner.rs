//! `evaluate ner`: scores against seqeval, and the command over every form of gold data.

use namenlese::{
    Form, Label, Span,
    evaluate::ner::{self, Report},
    recognize::{Lists, Recognize},
};
use serde_json::Value;
use std::{fs, path::Path};

fn data(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/seqeval").join(name)).unwrap()
}

#[test]
fn agrees_with_seqeval() {
    let (gold, found) = (ner::read(&data("gold.conll")).unwrap(), ner::read(&data("found.conll")).unwrap());
    let mut report = Report::default();
    report.labels.extend(Label::ALL.map(|label| (label, Default::default())));
    for (gold, found) in gold.documents.iter().zip(&found.documents) {
        assert_eq!(gold.text, found.text);
        report.add(&gold.text, &gold.names, &found.names);
    }
    let ours = serde_json::json!(report.figures());
    let expected: Value = serde_json::from_str(&data("scores.json")).unwrap();
    for name in ["micro", "PER", "LOC", "ORG", "OTH"] {
        let ours = if name == "micro" { &ours["micro"] } else { &ours["labels"][name] };
        for score in ["precision", "recall", "f1"] {
            let (ours, theirs) = (ours[score].as_f64().unwrap(), expected[name][score].as_f64().unwrap());
            assert!((ours - theirs).abs() < 5e-5, "{name} {score}: {ours} {theirs}");
        }
    }
    // Whoever is strictly right is partly right.
    let micro = report.micro();
    assert!(micro.partial().f1 > micro.strict.scores().f1);
}

#[test]
fn the_pipeline_is_measured_on_words_and_on_running_text() {
    let recognizer = Recognize::new(vec![Box::new(Lists::packaged())]);
    let conll = "Die O\nUSA B-LOC\nund O\nHerr O\nX B-PER\n\nIn O\nNiger B-ORG\n";
    let gold = ner::read(conll).unwrap();
    let report = ner::evaluate(&gold.documents, &recognizer, &[], "de").unwrap();
    assert_eq!((report.sentences, report.tokens), (2, 7));
    assert_eq!(report.labels[&Label::Loc].strict.both, 1);
    assert_eq!(report.confusion[&(Some(Label::Per), None)], 1);
    assert_eq!(report.confusion[&(Some(Label::Org), Some(Label::Loc))], 1);
    let only = ner::evaluate(&gold.documents, &recognizer, &[Label::Loc], "de").unwrap();
    assert_eq!(only.micro().strict.gold, 1);
    assert_eq!(only.micro().strict.found, 2);

    let lines = r#"{"text":"😀 Die USA. In Niger.","entities":[{"start":6,"end":9,"label":"LOC"}]}"#;
    let gold = ner::read(lines).unwrap();
    let report = ner::evaluate(&gold.documents, &recognizer, &[], "de").unwrap();
    assert_eq!(report.micro().strict.scores().recall, 1.0);
    assert_eq!(report.confusion[&(None, Some(Label::Loc))], 1);
    assert!(report.mistakes.iter().any(|mistake| mistake.context.contains("[Niger]")));
}

#[cfg(feature = "cli")]
#[test]
fn the_command_prints_figures_for_people_and_programs() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("gold.tsv");
    fs::write(&file, "#\tx\n1\tDie\tO\tO\n2\tUSA\tB-LOC\tO\n3\tBonner\tB-LOCderiv\tO\n").unwrap();
    let run = |flags: &[&str]| {
        let mut program = assert_cmd::Command::new(env!("CARGO_BIN_EXE_namenlese"));
        program.args(["evaluate", "ner", "--model", "none"]).arg(&file).args(flags).output().unwrap()
    };
    let told = String::from_utf8(run(&[]).stdout).unwrap();
    assert!(told.contains("counted as O: LOCderiv 1") && told.contains("1 sentences, 3 tokens"), "{told}");
    let figures: Value = serde_json::from_slice(&run(&["--json", "--labels", "LOC"]).stdout).unwrap();
    assert_eq!(figures["micro"]["f1"], 1.0);
    assert_eq!(figures["labels"].as_object().unwrap().len(), 1);
    assert_eq!((figures["sentences"].as_u64(), figures["tokens"].as_u64()), (Some(1), Some(3)));
    fs::write(&file, "Die\nUSA\n").unwrap();
    let refused = run(&[]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("line 1"));
}

#[test]
fn derived_words_and_parts_are_no_names() {
    struct Finds(Form);
    impl namenlese::recognize::Recognizer for Finds {
        fn id(&self) -> String {
            "finds".into()
        }
        fn reads(&self, _: &str) -> bool {
            true
        }
        fn recognize(&self, _: &str, sentences: &[Span]) -> namenlese::Result<Vec<namenlese::Mention>> {
            let mention = |&span: &Span| namenlese::Mention {
                form: self.0,
                ..namenlese::Mention::new(span, Label::Loc, 1.0)
            };
            Ok(sentences.iter().map(mention).collect())
        }
    }
    let gold = ner::read("Bonner B-LOCderiv\n\nBonn B-LOC\n").unwrap();
    let found = |form| {
        let recognizer = Recognize::new(vec![Box::new(Finds(form))]);
        ner::evaluate(&gold.documents, &recognizer, &[], "de").unwrap().micro().strict
    };
    assert_eq!((found(Form::Name).found, found(Form::Name).both), (2, 1));
    assert_eq!(found(Form::Derived).found, 0);
}
