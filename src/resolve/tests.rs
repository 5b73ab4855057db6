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
fn what_is_decided_to_be_one_keeps_all_that_was_one_with_it() {
    let names = counts(
        Label::Per,
        &["Anton Tschechow", "Антон Чехов", "Antoscha", "Антоша", "Anton Chekhov", "Leo Muster"],
    );
    let all = ["Антон Чехов", "Anton Chekhov", "Antoscha", "Антоша"];
    let decided = resolve(&names, &decisions("same,PER,Anton Tschechow,Antoscha\n"));
    assert!(all.iter().all(|form| together(&decided, Label::Per, "Anton Tschechow", form)));
    assert!(!together(&decided, Label::Per, "Anton Tschechow", "Leo Muster"));
    let places = counts(Label::Loc, &["Kiew", "Kyjiw", "Wien", "Vienna"]);
    let decided = resolve(&places, &decisions("same,LOC,Vienna,Kyjiw\n"));
    assert_eq!(decided.entities.len(), 1);
    let decided = resolve(&places, &decisions("same,LOC,Vienna,Kyjiw\ndifferent,LOC,Wien,Kiew\n"));
    assert!(
        together(&decided, Label::Loc, "Vienna", "Kyjiw") && !together(&decided, Label::Loc, "Wien", "Kiew")
    );
    // What is said to differ from one differs from the other, too.
    let rows = "same,PER,Anton Tschechow,Antoscha\ndifferent,PER,Antoscha,Anton Chekhov\n";
    let decided = resolve(&names, &decisions(rows));
    assert!(together(&decided, Label::Per, "Anton Tschechow", "Antoscha"));
    assert!(!together(&decided, Label::Per, "Anton Tschechow", "Anton Chekhov"));
}

#[test]
fn two_like_names_in_one_document_are_two_people() {
    let names = counts(Label::Per, &["Christina Steiner", "Christine Steiner"]);
    let decisions = Decisions::default();
    let alone = Resolver::new(&names, &decisions);
    let doubts = alone.doubts();
    let apart = Resolver::new(&names, &decisions)
        .solve(&Evidence { together: doubts.clone(), ..Evidence::default() }, Naming::De);
    if !doubts.is_empty() {
        assert!(together(
            &alone.solve(&Evidence::default(), Naming::De),
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

#[test]
fn an_open_lone_name_joins_who_dominates_where_it_stands() {
    let count = |name: &str, count| ((Label::Per, name.to_owned()), count);
    let open = |fulls: &[&str]| -> Open {
        let fulls = fulls.iter().map(|full| ((*full).to_owned(), 3)).collect();
        [("Muster".to_owned(), fulls)].into()
    };
    let solved = |anna, fulls: &[&str], rows| {
        let names = [
            count("Anna Muster", anna),
            count("Bernd Muster", 1),
            count("Muster", 3),
            count("Zoe Beispiel", 1),
        ];
        let (names, decisions) = (Counts::from(names), decisions(rows));
        let evidence = Evidence { open: open(fulls), ..Evidence::default() };
        let resolved = Resolver::new(&names, &decisions).solve(&evidence, Naming::De);
        let entities = resolved.entities.len();
        assert!(resolved.of.values().all(|&entity| entity < entities));
        (together(&resolved, Label::Per, "Muster", "Anna Muster"), entities)
    };
    let both = ["Anna Muster", "Bernd Muster"];
    assert_eq!(solved(4, &both, ""), (true, 3));
    assert_eq!(solved(3, &both, ""), (false, 4));
    assert!(!solved(9, &["Bernd Muster"], "").0);
    assert_eq!(solved(9, &both, "different,PER,Muster,Anna Muster\n"), (false, 4));
}

#[test]
fn a_lone_family_name_joins_the_only_one_who_has_it() {
    let resolved = |names: &[(Label, &str, u64)], rows: &str| {
        let names: Counts =
            names.iter().map(|(label, name, count)| ((*label, (*name).to_owned()), *count)).collect();
        resolve(&names, &decisions(rows))
    };
    let (full, lone) = ((Label::Per, "Anna Muster", 2), (Label::Per, "Muster", 2));
    let joined = resolved(&[full, lone, (Label::Per, "Zoe Beispiel", 1)], "");
    assert!(together(&joined, Label::Per, "Muster", "Anna Muster"));
    let reason = &joined.entities[joined.of[&(Label::Per, "Muster".to_owned())]].forms[1].2;
    assert!(reason.starts_with("a lone family name"), "{reason}");
    assert!(joined.candidates.is_empty());
    let first = resolved(&[(Label::Per, "Wu Shaoqi", 1), (Label::Per, "Wu", 1)], "");
    assert!(together(&first, Label::Per, "Wu", "Wu Shaoqi"));

    for (others, rows) in [
        (vec![(Label::Per, "Bernd Muster", 1)], ""),
        (vec![(Label::Per, "Muster Zoltan", 1)], ""),
        (vec![(Label::Loc, "Muster", 1)], ""),
        (vec![], "different,PER,Muster,Anna Muster\n"),
    ] {
        let apart = resolved(&[&[full, lone], &others[..]].concat(), rows);
        assert!(!together(&apart, Label::Per, "Muster", "Anna Muster"), "{others:?}");
        let listed = apart.candidates.iter().any(|pair| pair.b == "Muster" && pair.a == "Anna Muster");
        assert_eq!(listed, rows.is_empty(), "{:?}", apart.candidates);
    }
    let names =
        [(Label::Per, "Eva van der Berg", 2), (Label::Per, "van der Berg", 2), (Label::Per, "Jan Berg", 2)];
    let joined = resolved(&names, "");
    assert!(
        together(&joined, Label::Per, "van der Berg", "Eva van der Berg"),
        "with its particles it is hers"
    );
    let rare = resolved(&[(Label::Per, "Anna Muster", 1), lone], "");
    assert!(!together(&rare, Label::Per, "Muster", "Anna Muster"), "it stands alone more often");
    let given = resolved(&[full, (Label::Per, "Anna", 1)], "");
    assert!(!together(&given, Label::Per, "Anna", "Anna Muster"), "a given name");
}

#[test]
fn a_short_form_proves_little_in_a_family() {
    let join = |names: &[&str], often: u64| {
        let mut names = counts(Label::Per, names);
        names.insert((Label::Per, "Bill Muster".to_owned()), often);
        let resolved = resolve(&names, &Decisions::default());
        (together(&resolved, Label::Per, "Bill Muster", "William Muster"), resolved.candidates)
    };
    assert!(join(&["Bill Muster", "William Muster"], 1).0);
    let (joined, candidates) = join(&["Bill Muster", "William Muster", "Ralf Muster"], 1);
    assert!(!joined && candidates[0].reason.contains("family"), "{candidates:?}");
    assert!(join(&["Bill Muster", "William Muster", "Ralf Muster"], 4).0);
}

#[test]
fn what_hardly_is_a_name_is_no_trouble() {
    let names = ["1-2", "0012", "Ng", "Št Brk", "+", "😀", "_x0041_", "=A1", "\u{1}", &"x".repeat(40_000)];
    let resolved = resolve(&counts(Label::Per, &names), &Decisions::default());
    assert_eq!(resolved.of.len(), names.len());
}
