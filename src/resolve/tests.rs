use super::*;

fn counts(label: Label, names: &[&str]) -> Counts {
    names.iter().map(|name| ((label, (*name).to_owned()), 1)).collect()
}

fn decisions(rows: &str) -> Decisions {
    Decisions::read(format!("verdict,label,form_a,form_b\n{rows}").as_bytes()).expect("decisions")
}

fn together(resolved: &Resolved, label: Label, a: &str, b: &str) -> bool {
    resolved.of[&(label, a.to_owned())] == resolved.of[&(label, b.to_owned())]
}

#[test]
fn places_meet_by_what_they_are() {
    let names = counts(Label::Loc, &["Nordkorea", "Demokratische Volksrepublik Korea", "Südkorea"]);
    let resolved = resolve(&names, &Decisions::default());
    assert!(together(&resolved, Label::Loc, "Nordkorea", "Demokratische Volksrepublik Korea"));
    assert!(!together(&resolved, Label::Loc, "Nordkorea", "Südkorea"));
}

#[test]
fn decisions_outrank_scores() {
    let names =
        counts(Label::Per, &["Anton Tschechow", "Антон Чехов", "Anton Chekhov", "Leo Muster", "Max Maier"]);
    let plain = resolve(&names, &Decisions::default());
    assert!(together(&plain, Label::Per, "Anton Tschechow", "Антон Чехов"));
    let rows = "different,PER,Anton Tschechow,Антон Чехов\nsame,PER,Max Maier,Leo Muster\nrename,PER,Leo Muster,Leonhard\n";
    let decided = resolve(&names, &decisions(rows));
    assert!(!together(&decided, Label::Per, "Anton Tschechow", "Антон Чехов"));
    assert!(together(&decided, Label::Per, "Max Maier", "Leo Muster"));
    let entity = &decided.entities[decided.of[&(Label::Per, "Max Maier".to_owned())]];
    assert_eq!(entity.name, "Leonhard");
    assert!(decided.candidates.iter().all(|pair| pair.a != "Anton Tschechow"), "{:?}", decided.candidates);
}

#[test]
fn two_like_names_in_one_document_are_two_people() {
    let names = counts(Label::Per, &["Christina Steiner", "Christine Steiner"]);
    let decisions = Decisions::default();
    let alone = Resolver::new(&names, &decisions);
    let doubts = alone.doubts();
    let apart = Resolver::new(&names, &decisions).solve(&doubts, Naming::De);
    if !doubts.is_empty() {
        assert!(together(
            &alone.solve(&BTreeSet::new(), Naming::De),
            Label::Per,
            "Christina Steiner",
            "Christine Steiner"
        ));
        assert!(!together(&apart, Label::Per, "Christina Steiner", "Christine Steiner"));
        assert!(apart.candidates[0].reason.contains("one document"));
    }
}

#[test]
fn the_same_names_in_any_order_come_to_the_same() {
    let names =
        ["Anton Tschechow", "Anton Chekhov", "Антон Чехов", "Leo Tolstoi", "Lew Tolstoi", "Лев Толстой"];
    let one = resolve(&counts(Label::Per, &names), &Decisions::default());
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a pool");
    let other = pool.install(|| resolve(&counts(Label::Per, &names), &Decisions::default()));
    assert_eq!(one, other);
}

#[test]
fn an_initial_that_fits_two_people_stays_open() {
    let names =
        counts(Label::Per, &["Anna Muster", "Andreas Muster", "A. Muster", "B. Muster", "Berta Muster"]);
    let resolved = resolve(&names, &Decisions::default());
    assert!(!together(&resolved, Label::Per, "A. Muster", "Anna Muster"));
    assert!(!together(&resolved, Label::Per, "A. Muster", "Andreas Muster"));
    assert!(together(&resolved, Label::Per, "B. Muster", "Berta Muster"));
    assert!(resolved.candidates.iter().any(|pair| pair.reason.contains("fits others")));
}
