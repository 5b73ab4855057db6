//! Only the tables: mentions that another program has found are normalised, resolved and tabulated, in memory.
//!
//! Run with `cargo run --example tables_only`.

use namenlese::{
    Document, Error, Label, Layer, Mention, Pipeline,
    document::CodePoints,
    normalize::Normalize,
    tables::{InMemory, Rows, Settings},
};

/// A text and its mentions, with offsets in code points, as most programs count.
struct Annotated(&'static str, &'static [(usize, usize, Label)]);

const ANNOTATED: [Annotated; 2] = [
    Annotated("Sergej Schoigu flog nach Pjöngjang.", &[(0, 14, Label::Per), (25, 34, Label::Loc)]),
    Annotated("Сергей Шойгу вернулся. Шойгу молчал.", &[(0, 12, Label::Per), (23, 28, Label::Per)]),
];

fn main() -> Result<(), Error> {
    let documents = ANNOTATED.iter().zip(1..).map(|(Annotated(text, mentions), number)| {
        let points = CodePoints::new(text);
        let mention = |&(start, end, label)| Ok(Mention::new(points.span(start, end)?, label, 1.0));
        let mut document = Document::new(format!("text {number}"), *text);
        document.mentions = Some(mentions.iter().map(mention).collect::<Result<_, Error>>()?);
        Ok(document)
    });
    let documents = documents.collect::<Result<Vec<_>, Error>>()?;

    let pipeline = Pipeline::new(vec![Box::new(Normalize)], &[Layer::Mentions])?;
    let mut tables = InMemory::new(Settings::default());
    for document in pipeline.stream(documents) {
        tables.add(&document)?;
    }
    let (summary, tables) = tables.finish(Rows::begin)?;
    println!("{} documents", summary.documents);
    for Rows { name, rows, .. } in tables.iter().filter(|table| ["entities", "forms"].contains(&table.name)) {
        for row in rows {
            println!("{name}: {}", row[1..5].join(", "));
        }
    }
    Ok(())
}
