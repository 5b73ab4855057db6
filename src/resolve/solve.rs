//! One component of likely pairs → clusters.

use std::collections::{BTreeMap, HashMap};

/// Founding forms of a cluster that others are compared with.
const FOUNDERS: usize = 6;

/// Two names that are likely one, by their numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Edge {
    pub a: u32,
    pub b: u32,
    pub score: f64,
}

/// A union of disjoint sets of names, the least number of each its root.
#[derive(Debug)]
pub(super) struct Sets(Vec<u32>);

impl Sets {
    pub fn new(size: usize) -> Self {
        Self((0..size as u32).collect())
    }

    pub fn root(&mut self, name: u32) -> u32 {
        let mut at = name;
        while self.0[at as usize] != at {
            self.0[at as usize] = self.0[self.0[at as usize] as usize];
            at = self.0[at as usize];
        }
        at
    }

    pub fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b) as usize] = a.min(b);
    }
}

/// Clusters of one component, each with its members in order; numbers are ranks, so the first of a cluster founded it.
///
/// The likeliest pair comes first. Two clusters become one if `agree` says so of their founding forms, at most
/// [`FOUNDERS`] of each: average link, so a chain of near pairs has no more to say than its ends have in common.
pub(super) fn solve(
    edges: &mut [Edge],
    mut agree: impl FnMut(&[u32], &[u32], &[u32], &[u32]) -> bool,
) -> Vec<Vec<u32>> {
    edges.sort_by(|x, y| y.score.total_cmp(&x.score).then((x.a, x.b).cmp(&(y.a, y.b))));
    let mut cluster_of: BTreeMap<u32, u32> = BTreeMap::new();
    let mut clusters: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for name in edges.iter().flat_map(|edge| [edge.a, edge.b]) {
        cluster_of.insert(name, name);
        clusters.insert(name, vec![name]);
    }
    // Sizes of clusters when they last did not agree: until one grows, they are not asked again.
    let mut refused: HashMap<(u32, u32), (usize, usize)> = HashMap::new();
    for edge in edges.iter() {
        let (a, b) = (cluster_of[&edge.a], cluster_of[&edge.b]);
        let pair = (a.min(b), a.max(b));
        if a == b {
            continue;
        }
        let sizes = (clusters[&pair.0].len(), clusters[&pair.1].len());
        if refused.get(&pair) == Some(&sizes) {
            continue;
        }
        let founders = |cluster: u32| &clusters[&cluster][..clusters[&cluster].len().min(FOUNDERS)];
        if !agree(founders(a), founders(b), &clusters[&a], &clusters[&b]) {
            refused.insert(pair, sizes);
            continue;
        }
        let (kept, gone) = (a.min(b), a.max(b));
        let joining = clusters.remove(&gone).unwrap_or_default();
        for name in &joining {
            cluster_of.insert(*name, kept);
        }
        let members = clusters.entry(kept).or_default();
        members.extend(joining);
        members.sort_unstable();
    }
    clusters.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_of_near_pairs_does_not_become_one() {
        // 0–1–2–3–4, each like its neighbours alone.
        let mut edges: Vec<Edge> = (0..4).map(|a| Edge { a, b: a + 1, score: 0.9 }).collect();
        let near = |a: &[u32], b: &[u32], _: &[u32], _: &[u32]| {
            let pairs = a.iter().flat_map(|a| b.iter().map(move |b| a.abs_diff(*b)));
            pairs.clone().filter(|apart| *apart == 1).count() * 3 >= pairs.count() * 2
        };
        assert_eq!(solve(&mut edges, near), [vec![0, 1], vec![2, 3], vec![4]]);
        assert_eq!(solve(&mut edges, |_, _, _, _| true).len(), 1);
    }

    #[test]
    fn roots_are_the_least() {
        let mut sets = Sets::new(4);
        sets.join(3, 2);
        sets.join(2, 1);
        assert_eq!([sets.root(0), sets.root(3)], [0, 1]);
    }
}
