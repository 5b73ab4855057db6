//! Precision, recall and F1 of recognised mentions and of resolved names against gold data.
