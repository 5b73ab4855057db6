//! The lattice of all ways to read a word: nodes, and edges between them that are read as one sound of a set each.

use super::{
    phoneme::{Around, Cost, DISTANCES, Kind, Sounds},
    scripts::{Reading, Script},
};
use std::collections::{BTreeMap, BTreeSet};

/// An edge: from a node to a later one, reading one phoneme of a set, or nothing, at a cost.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edge {
    pub to: u8,
    /// What leaving out the sounds means.
    pub kind: Kind,
    pub cost: Cost,
    /// The sounds, none of a silent edge, and what is near to them: worked out once, asked for often.
    pub around: Around,
}

impl Edge {
    /// What is heard, if anything is.
    pub fn sounds(&self) -> Option<Sounds> {
        (self.kind != Kind::Silence).then_some(self.around.sounds)
    }
}

/// Every path from the first node to the last is one way to read a word. Edges only go forward.
#[derive(Debug, Clone)]
pub(super) struct Lattice {
    /// Where the edges of each node begin in `edges`; at last where they end.
    nodes: Vec<u16>,
    edges: Vec<Edge>,
}

/// Nodes that a lattice may have, so that a set of them is a number.
pub(super) const NODES: usize = 64;

impl Lattice {
    /// The lattice of letters; of as many of the first letters as it has room for.
    pub fn new(script: Script, letters: &[char]) -> Self {
        (0..=letters.len())
            .rev()
            .map(|length| Draft::new(script, &letters[..length]).done())
            .find(|lattice| lattice.size() <= NODES)
            .unwrap_or(Self { nodes: vec![0, 0], edges: Vec::new() })
    }

    /// How many nodes there are, at least one.
    pub fn size(&self) -> usize {
        self.nodes.len() - 1
    }

    /// All edges.
    pub fn all(&self) -> &[Edge] {
        &self.edges
    }

    /// The edges that leave a node, best reading first.
    pub fn edges(&self, node: usize) -> &[Edge] {
        &self.edges[usize::from(self.nodes[node])..usize::from(self.nodes[node + 1])]
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Arc {
    to: usize,
    cost: Cost,
    sounds: Option<Sounds>,
}

/// A lattice in the making: the arcs that leave each node.
struct Draft {
    nodes: Vec<Vec<Arc>>,
    /// Nodes between two letters; the others are inside a unit.
    between: BTreeSet<usize>,
}

impl Draft {
    /// A chain of its own for every reading of every unit of letters.
    fn new(script: Script, letters: &[char]) -> Self {
        let chains = chains(script, letters);
        // Nodes are numbered in an order in which every edge goes forward: (letter, step inside a unit).
        let mut node_of_letter = Vec::with_capacity(letters.len() + 1);
        let mut next = 0;
        for at in 0..=letters.len() {
            node_of_letter.push(next);
            let here = chains.iter().filter(|chain| chain.from == at);
            next += 1 + here.map(|chain| chain.sounds.len().saturating_sub(1)).sum::<usize>();
        }
        let mut nodes: Vec<Vec<Arc>> = vec![Vec::new(); next];
        let (mut free, mut letter) = (0, usize::MAX);
        for Chain { from, to, cost, sounds } in &chains {
            if letter != *from {
                letter = *from;
                free = node_of_letter[*from] + 1;
            }
            let (mut node, mut cost) = (node_of_letter[*from], *cost);
            let last = sounds.len().saturating_sub(1);
            for (step, sound) in sounds.iter().enumerate() {
                let to = if step == last { node_of_letter[*to] } else { free };
                free += usize::from(step != last);
                nodes[node].push(Arc { to, cost, sounds: Some(*sound) });
                (node, cost) = (to, 0);
            }
            if sounds.is_empty() {
                nodes[node].push(Arc { to: node_of_letter[*to], cost, sounds: None });
            }
        }
        Self { nodes, between: node_of_letter.into_iter().collect() }
    }

    /// The same readings with as few nodes and edges as is easily had: comparing takes time with the square of both.
    fn done(mut self) -> Lattice {
        self.join_beginnings();
        self.join_ends();
        let mut numbers = BTreeMap::from([(0, 0u16)]);
        for (node, arcs) in self.nodes.iter().enumerate() {
            if numbers.contains_key(&node) {
                numbers.extend(arcs.iter().map(|arc| (arc.to, 0)));
            }
        }
        numbers.values_mut().zip(0..).for_each(|(number, next)| *number = next);
        let mut lattice = Lattice { nodes: vec![0], edges: Vec::new() };
        for &node in numbers.keys() {
            lattice.edges.extend(self.nodes[node].iter().map(|arc| {
                let heard = arc.sounds.unwrap_or_default();
                let (around, kind) = (DISTANCES.around(heard), Kind::of(heard));
                // A lattice with more nodes than a byte counts is not kept.
                Edge { to: numbers[&arc.to] as u8, kind, cost: arc.cost, around }
            }));
            lattice.nodes.push(lattice.edges.len() as u16);
        }
        lattice
    }

    /// Chains that begin with the same sound part later.
    fn join_beginnings(&mut self) {
        for node in 0..self.nodes.len() {
            let mut kept: Vec<Arc> = Vec::new();
            for arc in std::mem::take(&mut self.nodes[node]) {
                let inner = |arc: &Arc| !self.between.contains(&arc.to);
                let same =
                    |other: &&Arc| (arc.sounds, arc.cost) == (other.sounds, other.cost) && inner(other);
                match kept.iter().find(same).filter(|_| inner(&arc)) {
                    Some(twin) => {
                        let rest = std::mem::take(&mut self.nodes[arc.to]);
                        self.nodes[twin.to].extend(rest);
                    }
                    None => kept.push(arc),
                }
            }
            self.nodes[node] = kept;
        }
    }

    /// Nodes from which the same is read are one, and so are arcs between the same nodes.
    fn join_ends(&mut self) {
        let mut stands_for: Vec<usize> = (0..self.nodes.len()).collect();
        let mut known: BTreeMap<Vec<Arc>, usize> = BTreeMap::new();
        for node in (0..self.nodes.len()).rev() {
            let mut kept: Vec<Arc> = Vec::new();
            for mut arc in std::mem::take(&mut self.nodes[node]) {
                arc.to = stands_for[arc.to];
                let twin = kept.iter_mut().find(|twin| {
                    (twin.to, twin.cost, twin.sounds.is_some()) == (arc.to, arc.cost, arc.sounds.is_some())
                });
                match twin {
                    Some(twin) => {
                        twin.sounds = twin.sounds.zip(arc.sounds).map(|(one, other)| one.union(other));
                    }
                    None => kept.push(arc),
                }
            }
            let mut all = kept.clone();
            all.sort_unstable();
            if !all.is_empty() {
                stands_for[node] = *known.entry(all).or_insert(node);
            }
            self.nodes[node] = kept;
        }
    }
}

/// A way to read letters `from..to`.
struct Chain {
    from: usize,
    to: usize,
    cost: Cost,
    sounds: Vec<Sounds>,
}

/// All ways to read the units of a word, in the order of its letters; single sounds at one price are one set.
fn chains(script: Script, letters: &[char]) -> Vec<Chain> {
    let mut chains: Vec<Chain> = Vec::new();
    for at in 0..letters.len() {
        for (length, readings) in script.units(&letters[at..]) {
            for Reading { cost, sounds } in readings.iter() {
                let same = |known: &&mut Chain| {
                    (known.from, known.to, known.cost) == (at, at + length, *cost)
                        && known.sounds.len() == 1
                        && sounds.len() == 1
                };
                match chains.iter_mut().find(same) {
                    Some(known) => known.sounds[0] = known.sounds[0].union(sounds[0]),
                    None => {
                        let sounds = sounds.to_vec();
                        chains.push(Chain { from: at, to: at + length, cost: *cost, sounds });
                    }
                }
            }
        }
    }
    chains
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every way to read a lattice, with its cost.
    fn paths(lattice: &Lattice, node: usize) -> BTreeSet<(Cost, String)> {
        let mut all = BTreeSet::new();
        if node + 1 == lattice.size() {
            all.insert((0, String::new()));
        }
        for edge in lattice.edges(node) {
            for (cost, rest) in paths(lattice, usize::from(edge.to)) {
                match edge.sounds() {
                    Some(sounds) => all
                        .extend(sounds.symbols().map(|symbol| (cost + edge.cost, format!("{symbol}{rest}")))),
                    None => all.extend([(cost + edge.cost, rest)]),
                }
            }
        }
        all
    }

    #[test]
    fn fewer_nodes_have_the_same_readings() {
        for (word, script) in
            [("tschow", Script::Latin), ("scille", Script::Latin), ("юрий", Script::Cyrillic)]
        {
            let letters = script.letters(word);
            let lattice = Lattice::new(script, &letters);
            let draft = Draft::new(script, &letters);
            let size = draft.nodes.len();
            let all = |cost: Cost, sounds: &[Sounds]| -> BTreeSet<(Cost, String)> {
                sounds.iter().fold(BTreeSet::from([(cost, String::new())]), |all, sounds| {
                    let longer = |(cost, read): &(Cost, String)| {
                        sounds.symbols().map(|s| (*cost, format!("{read}{s}"))).collect::<Vec<_>>()
                    };
                    all.iter().flat_map(longer).collect()
                })
            };
            let mut read = vec![BTreeSet::new(); letters.len() + 1];
            read[0].insert((0, String::new()));
            for chain in chains(script, &letters) {
                for (cost, before) in read[chain.from].clone() {
                    let here = all(chain.cost, &chain.sounds);
                    read[chain.to].extend(
                        here.into_iter().map(|(more, sound)| (cost + more, format!("{before}{sound}"))),
                    );
                }
            }
            assert_eq!(paths(&lattice, 0), read[letters.len()], "{word}");
            assert!(lattice.size() < size, "{word}: {} of {size}", lattice.size());
        }
    }
}
