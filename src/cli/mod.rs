//! Arguments as typed become settings ready to work; one file per subcommand; progress.
