//! The network of entities that stand together: GEXF 1.3 for Gephi, GraphML for Cytoscape, yEd and networkx.
//!
//! Nodes are the entities that stand beside another, edges the rows of cooccurrences.csv; an edge weighs as many sentences
//! as hold both, or at least half of one for each document.

use super::cells::Source;
use crate::{
    Error, Result,
    tables::{
        cannot_write,
        partial::Partial,
        schema::{COOCCURRENCES, ENTITIES},
    },
};
use quick_xml::{
    Writer,
    events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event},
};
use std::{
    collections::HashSet,
    fs::File,
    io::{self, BufWriter, Write},
    path::Path,
};

/// What a node says beside its name: column of entities.csv, its type in GEXF and in GraphML.
const OF_NODES: [(&str, &str, &str); 6] = [
    ("label", "string", "string"),
    ("mentions", "integer", "int"),
    ("documents", "integer", "int"),
    ("first_date", "string", "string"),
    ("last_date", "string", "string"),
    ("wikidata", "string", "string"),
];
/// The same for edges.
const OF_EDGES: [(&str, &str, &str); 2] = [("sentences", "integer", "int"), ("documents", "integer", "int")];

/// A document on its way.
struct Graph {
    xml: Writer<BufWriter<File>>,
    partial: Partial,
}

impl Graph {
    fn create(folder: &Path, name: &str) -> Result<Self> {
        let (partial, file) = Partial::file(folder.join(name))?;
        let mut graph = Self { xml: Writer::new_with_indent(BufWriter::new(file), b' ', 1), partial };
        graph.event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        Ok(graph)
    }

    fn failed(&self, error: io::Error) -> Error {
        cannot_write(self.partial.path(), error)
    }

    fn event(&mut self, event: Event<'_>) -> Result<()> {
        self.xml.write_event(event).map_err(|error| self.failed(error))
    }

    fn open(&mut self, tag: &str, attributes: &[(&str, &str)]) -> Result<()> {
        self.event(Event::Start(element(tag, attributes)))
    }

    fn close(&mut self, tag: &str) -> Result<()> {
        self.event(Event::End(BytesEnd::new(tag)))
    }

    fn empty(&mut self, tag: &str, attributes: &[(&str, &str)]) -> Result<()> {
        self.event(Event::Empty(element(tag, attributes)))
    }

    fn finish(mut self) -> Result<()> {
        let ended = self.xml.get_mut().write_all(b"\n").and_then(|()| self.xml.get_mut().flush());
        ended.map_err(|error| self.failed(error))?;
        self.partial.finish()
    }
}

fn element<'e>(tag: &'e str, attributes: &[(&str, &str)]) -> BytesStart<'e> {
    let mut element = BytesStart::new(tag);
    for &(name, value) in attributes {
        element.push_attribute((name, clean(value).as_str()));
    }
    element
}

/// Characters that XML 1.0 cannot hold become U+FFFD.
fn clean(text: &str) -> String {
    let is_forbidden =
        |c: char| matches!(c, '\0'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f' | '\u{fffe}' | '\u{ffff}');
    text.replace(is_forbidden, "\u{fffd}")
}

/// The entities that stand beside another.
fn connected(folder: &Path) -> Result<HashSet<String>> {
    let mut found = HashSet::new();
    Source::open(folder, COOCCURRENCES)?.read(|row| {
        found.extend(["entity_a", "entity_b"].map(|end| row.text(end).to_owned()));
        Ok(())
    })?;
    Ok(found)
}

fn weight(sentences: &str, documents: &str) -> String {
    let [sentences, documents] = [sentences, documents].map(|count| count.parse().unwrap_or(0.0));
    format!("{}", f64::max(sentences, documents / 2.0))
}

pub(super) fn write_gexf(folder: &Path) -> Result<()> {
    let mut graph = Graph::create(folder, "network.gexf")?;
    graph.open("gexf", &[("xmlns", "http://gexf.net/1.3"), ("version", "1.3")])?;
    graph.open("graph", &[("defaultedgetype", "undirected")])?;
    for (class, fields) in [("node", &OF_NODES[..]), ("edge", &OF_EDGES[..])] {
        graph.open("attributes", &[("class", class)])?;
        for &(name, kind, _) in fields {
            graph.empty("attribute", &[("id", name), ("title", name), ("type", kind)])?;
        }
        graph.close("attributes")?;
    }
    let connected = connected(folder)?;
    graph.open("nodes", &[])?;
    Source::open(folder, ENTITIES)?.read(|row| {
        let id = row.text("entity_id");
        if connected.contains(id) {
            graph.open("node", &[("id", id), ("label", row.text("name"))])?;
            values(&mut graph, &OF_NODES, |name| row.text(name))?;
            graph.close("node")?;
        }
        Ok(())
    })?;
    graph.close("nodes")?;
    graph.open("edges", &[])?;
    let mut number = 0;
    Source::open(folder, COOCCURRENCES)?.read(|row| {
        let weight = weight(row.text("sentences"), row.text("documents"));
        let (id, [a, b]) = (number.to_string(), ["entity_a", "entity_b"].map(|end| row.text(end)));
        number += 1;
        graph.open("edge", &[("id", &id), ("source", a), ("target", b), ("weight", &weight)])?;
        values(&mut graph, &OF_EDGES, |name| row.text(name))?;
        graph.close("edge")
    })?;
    graph.close("edges")?;
    graph.close("graph")?;
    graph.close("gexf")?;
    graph.finish()
}

fn values<'r>(
    graph: &mut Graph,
    fields: &[(&str, &str, &str)],
    text: impl Fn(&str) -> &'r str,
) -> Result<()> {
    graph.open("attvalues", &[])?;
    for (name, ..) in fields {
        if !text(name).is_empty() {
            graph.empty("attvalue", &[("for", name), ("value", text(name))])?;
        }
    }
    graph.close("attvalues")
}

pub(super) fn write_graphml(folder: &Path) -> Result<()> {
    let mut graph = Graph::create(folder, "network.graphml")?;
    graph.open("graphml", &[("xmlns", "http://graphml.graphdrawing.org/xmlns")])?;
    let name = ("name", "string", "string");
    let weighs = ("weight", "float", "double");
    for (of, fields) in
        [("node", [&[name], &OF_NODES[..]].concat()), ("edge", [&[weighs], &OF_EDGES[..]].concat())]
    {
        for (name, _, kind) in fields {
            let id = format!("{of}_{name}");
            graph.empty("key", &[("id", &id), ("for", of), ("attr.name", name), ("attr.type", kind)])?;
        }
    }
    graph.open("graph", &[("edgedefault", "undirected")])?;
    let connected = connected(folder)?;
    Source::open(folder, ENTITIES)?.read(|row| {
        let id = row.text("entity_id");
        if connected.contains(id) {
            graph.open("node", &[("id", id)])?;
            data(&mut graph, "node_name", row.text("name"))?;
            for (name, ..) in OF_NODES {
                data(&mut graph, &format!("node_{name}"), row.text(name))?;
            }
            graph.close("node")?;
        }
        Ok(())
    })?;
    Source::open(folder, COOCCURRENCES)?.read(|row| {
        graph.open("edge", &[("source", row.text("entity_a")), ("target", row.text("entity_b"))])?;
        data(&mut graph, "edge_weight", &weight(row.text("sentences"), row.text("documents")))?;
        for (name, ..) in OF_EDGES {
            data(&mut graph, &format!("edge_{name}"), row.text(name))?;
        }
        graph.close("edge")
    })?;
    graph.close("graph")?;
    graph.close("graphml")?;
    graph.finish()
}

fn data(graph: &mut Graph, key: &str, text: &str) -> Result<()> {
    if text.is_empty() {
        return Ok(());
    }
    graph.open("data", &[("key", key)])?;
    graph.event(Event::Text(BytesText::new(&clean(text))))?;
    graph.close("data")
}
