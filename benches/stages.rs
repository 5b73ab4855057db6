//! Each stage alone, on one thread, on the articles of `corpus/` taken forty times: `cargo bench --bench stages`.
//!
//! Throughput is in bytes of text. `recognize` and `resolve` have benchmarks of their own, too: the steps of the encoder,
//! and how time and memory grow with the names.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use namenlese::{
    Document, Pipeline, Stage,
    corpus::{Corpus, Settings as Reading},
    detect::Detect,
    names::{Name, compare},
    normalize::Normalize,
    recognize::{Lists, Recognize},
    segment::Segment,
    tables::{self, Tables},
    wire,
};
use std::{hint::black_box, path::Path};

const TIMES: usize = 40;

fn articles() -> Vec<Document> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let corpus = Corpus::open(&[folder], &Reading::default()).expect("the sample corpus is there");
    corpus.documents().collect()
}

fn lists() -> Recognize {
    Recognize::new(vec![Box::new(Lists::packaged())])
}

/// The documents after some stages.
fn after(stages: Vec<Box<dyn Stage>>) -> Vec<Document> {
    let pipeline = Pipeline::new(stages, &[]).expect("the stages fit together");
    let mut documents = articles();
    documents.iter_mut().for_each(|document| pipeline.apply(document));
    documents
}

/// Measures one stage on documents that have been through those before.
fn stage(criterion: &mut Criterion, name: &str, stage: &dyn Stage, given: &[Document]) {
    let bytes: usize = given.iter().map(|document| document.text().len()).sum();
    let mut group = criterion.benchmark_group("stages");
    group.throughput(Throughput::Bytes((bytes * TIMES) as u64));
    group.sample_size(20);
    group.bench_function(name, |bencher| {
        bencher.iter_batched(
            || given.iter().cycle().take(given.len() * TIMES).cloned().collect::<Vec<_>>(),
            |mut documents| {
                for document in &mut documents {
                    stage.apply(document).expect("articles are read");
                }
                documents
            },
            criterion::BatchSize::LargeInput,
        );
    });
    group.finish();
}

fn stages(criterion: &mut Criterion) {
    let detect = || Box::new(Detect::new(Default::default()).expect("default settings")) as Box<dyn Stage>;
    let read = articles();
    let bytes: usize = read.iter().map(|document| document.text().len()).sum();
    let mut group = criterion.benchmark_group("stages");
    group.throughput(Throughput::Bytes(bytes as u64));
    group.bench_function("read", |bencher| bencher.iter(articles));
    group.finish();
    stage(criterion, "detect", &*detect(), &read);
    stage(criterion, "segment", &Segment, &after(vec![detect()]));
    let segmented = after(vec![detect(), Box::new(Segment)]);
    stage(criterion, "recognize, lists", &lists(), &segmented);
    #[cfg(feature = "embedded-model")]
    for (name, size) in [
        ("recognize, accurate", namenlese::recognize::Size::Accurate),
        ("recognize, fast", namenlese::recognize::Size::Fast),
    ] {
        use namenlese::recognize::{Embedded, ModelFiles};
        let model = ModelFiles::german(size).and_then(Embedded::new).expect("the packaged weights");
        let recognize = Recognize::new(vec![Box::new(model)]);
        let few: Vec<Document> = segmented[..1].to_vec();
        let mut group = criterion.benchmark_group("stages");
        group.throughput(Throughput::Bytes(few[0].text().len() as u64)).sample_size(10);
        group.bench_function(name, |bencher| {
            bencher.iter_batched(
                || few[0].clone(),
                |mut document| recognize.apply(&mut document).map(|()| document),
                criterion::BatchSize::PerIteration,
            );
        });
        group.finish();
    }
    let recognized = after(vec![detect(), Box::new(Segment), Box::new(lists())]);
    stage(criterion, "normalize", &Normalize, &recognized);

    let stages: Vec<Box<dyn Stage>> =
        vec![detect(), Box::new(Segment), Box::new(lists()), Box::new(Normalize)];
    let pipeline = Pipeline::new(stages, &[]).expect("the stages fit together");
    let copies = (0..TIMES).flat_map(|time| read.iter().map(move |document| (time, document)));
    let normalized: Vec<Document> = copies
        .map(|(time, document)| {
            let mut copy = Document::new(format!("{time}/{}", document.id()), document.text());
            pipeline.apply(&mut copy);
            copy
        })
        .collect();
    let mut group = criterion.benchmark_group("stages");
    group.throughput(Throughput::Bytes((bytes * TIMES) as u64)).sample_size(20);
    group.bench_function("tabulate", |bencher| {
        bencher.iter(|| {
            let folder = tempfile::tempdir().expect("a folder for a while");
            let mut tables = Tables::create(folder.path(), tables::Settings::default()).expect("it is ours");
            for document in &normalized {
                tables.add(document).expect("there is room");
            }
            tables.finish().expect("there is room")
        });
    });
    group.bench_function("wire", |bencher| {
        bencher.iter(|| {
            let mut lines = Vec::new();
            for document in &normalized {
                wire::write_line(document, &mut lines).expect("memory is there");
            }
            wire::Reader::new(lines.as_slice()).count()
        });
    });
    group.finish();
}

fn names(criterion: &mut Criterion) {
    let spelt = [
        "Sergej Lawrow",
        "Sergey Lavrov",
        "Сергей Лавров",
        "Serguei Lavrov",
        "Angela Weber",
        "Weber, Angela",
    ];
    let mut group = criterion.benchmark_group("names");
    group.throughput(Throughput::Elements(spelt.len() as u64));
    group.bench_function("clean and read", |bencher| {
        bencher.iter(|| spelt.map(|name| black_box(Name::new(name))));
    });
    let names = spelt.map(Name::new);
    group.throughput(Throughput::Elements((names.len() * names.len()) as u64));
    group.bench_function("compare", |bencher| {
        bencher.iter(|| {
            names.iter().map(|a| names.iter().map(|b| compare(a, b).score).sum::<f64>()).sum::<f64>()
        });
    });
    group.finish();
}

criterion_group!(benches, stages, names);
criterion_main!(benches);
