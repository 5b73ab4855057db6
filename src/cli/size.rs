//! A number of bytes as people type it.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A size in bytes: `500000`, `500 kB`, `64MB`, `1GB`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Size(pub u64);

const UNITS: [(&str, u64); 3] = [("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1000)];

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let digits = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
        let (number, unit) = text.split_at(digits);
        let unit = unit.trim();
        let factor = match UNITS.iter().find(|(name, _)| unit.eq_ignore_ascii_case(name)) {
            Some((_, factor)) => Some(*factor),
            None => unit.is_empty().then_some(1),
        };
        let size = factor.and_then(|factor| number.parse::<u64>().ok()?.checked_mul(factor));
        size.map(Self).ok_or_else(|| format!("{text:?} is no size such as 64MB"))
    }
}

impl TryFrom<String> for Size {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Size> for String {
    fn from(size: Size) -> Self {
        size.to_string()
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match UNITS.iter().find(|(_, factor)| self.0 > 0 && self.0.is_multiple_of(*factor)) {
            Some((unit, factor)) => write!(f, "{}{unit}", self.0 / factor),
            None => write!(f, "{}", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Size;

    #[test]
    fn sizes_are_read_and_written() {
        for (typed, bytes, written) in [
            ("0", 0, "0"),
            ("1500", 1500, "1500"),
            ("64MB", 64_000_000, "64MB"),
            ("2 gb", 2_000_000_000, "2GB"),
            ("3000kB", 3_000_000, "3MB"),
        ] {
            let size: Size = typed.parse().expect("a size");
            assert_eq!((size.0, &*size.to_string()), (bytes, written), "{typed}");
        }
        for typed in ["", "MB", "64 MiB", "-1", "1.5MB", "99999999999GB"] {
            assert!(typed.parse::<Size>().is_err(), "{typed}");
        }
    }
}
