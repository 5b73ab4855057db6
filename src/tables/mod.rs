//! Row types and writers of the tables.
