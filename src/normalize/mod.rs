//! From surfaces to normal forms, with the help of the other mentions of the same document.
