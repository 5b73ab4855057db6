//! From many names to entities: candidates, blocks, scores, components, ids, the chosen name, the user's decisions.
