//! The blocks of people's names, and what is compared in them.

use namenlese::names::{Comparer, Lexicon, Name, Verdict, keys};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// As in `src/resolve/blocks.rs`: in a block beyond this size a name meets only its neighbours, so many before it.
const LARGE: usize = 24;
const WINDOW: usize = 8;
/// Keys for initials have this kind in their highest bits; names in full do not meet there.
const INITIALS: u64 = 3;

fn has_initial(name: &Name) -> bool {
    name.parts().any(|part| part.trim_end_matches('.').chars().count() == 1)
}

/// Sizes of blocks and how many have each; pairs of names that meet, compared, and what they join.
pub fn blocks(forms: &[&str]) -> Value {
    let lexicon = Lexicon::default();
    let mut names: Vec<Name> = forms.iter().map(|form| lexicon.name(form)).collect();
    // Nearly the order of the program, which is by readings, too.
    names.sort_by_cached_key(|name| (name.readings(), name.form().to_owned()));
    let mut blocks: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for (place, name) in names.iter().enumerate() {
        keys(name).into_iter().for_each(|key| blocks.entry(key).or_default().push(place));
    }
    let initial: Vec<bool> = names.iter().map(has_initial).collect();
    let mut sizes: BTreeMap<usize, u64> = BTreeMap::new();
    let mut sizes_for_initials = sizes.clone();
    let mut candidates: BTreeSet<(usize, usize)> = BTreeSet::new();
    let mut met = 0_u64;
    for (key, places) in &blocks {
        let for_initials = key >> 60 == INITIALS;
        let sizes = if for_initials { &mut sizes_for_initials } else { &mut sizes };
        *sizes.entry(places.len()).or_default() += 1;
        let reach = if places.len() > LARGE { WINDOW } else { LARGE };
        for (at, &place) in places.iter().enumerate() {
            for &other in &places[at.saturating_sub(reach)..at] {
                if !for_initials || initial[place] || initial[other] {
                    met += 1;
                    candidates.insert((other, place));
                }
            }
        }
    }
    let comparer = Comparer::for_names(names.len());
    let mut of: Vec<usize> = (0..names.len()).collect();
    let (mut same, mut undecided) = (0_u64, 0_u64);
    for &(a, b) in &candidates {
        match comparer.compare(&names[a], &names[b]).verdict {
            Verdict::Same => {
                same += 1;
                let (a, b) = (root(&mut of, a), root(&mut of, b));
                of[a.max(b)] = a.min(b);
            }
            Verdict::Undecided => undecided += 1,
            Verdict::Different => {}
        }
    }
    let mut components: BTreeMap<usize, usize> = BTreeMap::new();
    (0..names.len()).for_each(|name| *components.entry(root(&mut of, name)).or_default() += 1);
    let mut component_sizes: BTreeMap<usize, u64> = BTreeMap::new();
    components.into_values().for_each(|size| *component_sizes.entry(size).or_default() += 1);
    json!({
        "initialed": initial.iter().filter(|initial| **initial).count(),
        "sizes": sizes.into_iter().collect::<Vec<_>>(),
        "sizes_for_initials": sizes_for_initials.into_iter().collect::<Vec<_>>(),
        "met": met,
        "candidates": candidates.len(),
        "same": same,
        "undecided": undecided,
        "components": component_sizes.into_iter().collect::<Vec<_>>(),
    })
}

/// The first name of a set, with paths made shorter on the way.
fn root(of: &mut [usize], mut name: usize) -> usize {
    while of[name] != name {
        of[name] = of[of[name]];
        name = of[name];
    }
    name
}
