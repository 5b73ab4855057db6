//! Finds mentions: the trait every backend implements, and what all backends share.
