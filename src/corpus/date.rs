//! Dates as documents state them, made ISO 8601; a partial date stays partial, an impossible one is none.

/// Month names and their abbreviations, German and English, as they begin in lower case.
const MONTHS: [&[&str]; 12] = [
    &["januar", "jänner", "january", "jan"],
    &["februar", "feber", "february", "feb"],
    &["märz", "march", "mar", "mär", "mrz"],
    &["april", "apr"],
    &["mai", "may"],
    &["juni", "june", "jun"],
    &["juli", "july", "jul"],
    &["august", "aug"],
    &["september", "sept", "sep"],
    &["oktober", "october", "okt", "oct"],
    &["november", "nov"],
    &["dezember", "december", "dez", "dec"],
];

/// The date at the beginning of a text, and how many bytes it takes: `2023`, `2023-09`, `2023-09-14` (a time may
/// follow), `20230914`, `14.9.2023`, `14. September 2023`, `September 2023`, `September 14, 2023`,
/// `Thu, 14 Sep 2023`.
pub(super) fn leading_date(text: &str) -> Option<(String, usize)> {
    let (date, rest) = iso(text).or_else(|| compact(text)).or_else(|| in_words(text))?;
    let ends = !rest.starts_with(|letter: char| letter.is_alphanumeric() && !matches!(letter, 'T' | 't'));
    ends.then(|| (date, text.len() - rest.len()))
}

/// The date that a metadata field holds.
pub(super) fn field_date(text: &str) -> Option<String> {
    leading_date(text.trim()).map(|(date, _)| date)
}

/// The date in a file's name: `2023-09-14`, `2023_09_14`, `20230914` or `2023-09`, with no letter or digit beside.
pub(super) fn name_date(name: &str) -> Option<String> {
    let mut previous = ' ';
    for (at, letter) in name.char_indices() {
        if letter.is_ascii_digit() && !previous.is_alphanumeric() {
            let piece = name.get(at..).unwrap_or_default();
            let found = separated(piece, &['-', '_', '.']).or_else(|| compact(piece));
            if let Some((date, rest)) = found
                && date.len() > 4
                && !rest.starts_with(char::is_alphanumeric)
                && matches!(date.get(..2), Some("19" | "20"))
            {
                return Some(date);
            }
        }
        previous = letter;
    }
    None
}

/// Number, of exactly so many digits, and what follows.
fn digits(text: &str, least: usize, most: usize) -> Option<(u32, &str)> {
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    let number = text.get(..length).filter(|_| (least..=most).contains(&length))?;
    Some((number.parse().ok()?, text.get(length..)?))
}

fn iso(text: &str) -> Option<(String, &str)> {
    separated(text, &['-'])
}

fn separated<'t>(text: &'t str, separators: &[char]) -> Option<(String, &'t str)> {
    let (year, after_year) = digits(text, 4, 4)?;
    let next = |rest: &'t str| rest.strip_prefix(separators).and_then(|rest| digits(rest, 2, 2));
    let Some((month, after_month)) = next(after_year) else {
        let is_partial =
            after_year.strip_prefix(separators).is_none_or(|rest| !rest.starts_with(char::is_numeric));
        return is_partial.then(|| checked(year, None, None)).flatten().map(|date| (date, after_year));
    };
    match next(after_month) {
        Some((day, rest)) => Some((checked(year, Some(month), Some(day))?, rest)),
        None => Some((checked(year, Some(month), None)?, after_month)),
    }
}

fn compact(text: &str) -> Option<(String, &str)> {
    let (number, rest) = digits(text, 8, 8)?;
    Some((checked(number / 10_000, Some(number / 100 % 100), Some(number % 100))?, rest))
}

fn in_words(text: &str) -> Option<(String, &str)> {
    // "Donnerstag, den 14. September 2023": the name of the day says nothing new.
    let text = match text.split_once(',') {
        Some((day, rest)) if day.len() <= 10 && day.chars().all(char::is_alphabetic) => rest.trim_start(),
        _ => text,
    };
    let text = text.strip_prefix("den ").unwrap_or(text);
    if let Some((day, rest)) = digits(text, 1, 2) {
        let rest = rest.strip_prefix('.').unwrap_or(rest).trim_start();
        let (month, rest) = match digits(rest, 1, 2) {
            Some((month, rest)) => (month, rest.strip_prefix('.')?),
            None => month_name(rest)?,
        };
        let (year, rest) = digits(rest.trim_start(), 4, 4)?;
        return Some((checked(year, Some(month), Some(day))?, rest));
    }
    let (month, rest) = month_name(text)?;
    let rest = rest.trim_start();
    if let Some((year, rest)) = digits(rest, 4, 4) {
        return Some((checked(year, Some(month), None)?, rest));
    }
    let (day, rest) = digits(rest, 1, 2)?;
    let (year, rest) = digits(rest.strip_prefix(',')?.trim_start(), 4, 4)?;
    Some((checked(year, Some(month), Some(day))?, rest))
}

fn month_name(text: &str) -> Option<(u32, &str)> {
    let length = text.find(|letter: char| !letter.is_alphabetic()).unwrap_or(text.len());
    let (word, rest) = text.split_at(length);
    let word = word.to_lowercase();
    let month = MONTHS.iter().position(|names| names.contains(&&*word))?;
    Some((u32::try_from(month).ok()? + 1, rest.strip_prefix('.').unwrap_or(rest)))
}

/// The ISO form, if there is such a day.
fn checked(year: u32, month: Option<u32>, day: Option<u32>) -> Option<String> {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let last = match month {
        Some(4 | 6 | 9 | 11) => 30,
        Some(2) => 28 + u32::from(is_leap),
        _ => 31,
    };
    let exists = (1000..3000).contains(&year)
        && month.is_none_or(|month| (1..=12).contains(&month))
        && day.is_none_or(|day| (1..=last).contains(&day));
    exists.then(|| match (month, day) {
        (Some(month), Some(day)) => format!("{year}-{month:02}-{day:02}"),
        (Some(month), None) => format!("{year}-{month:02}"),
        _ => format!("{year}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn fields_in_many_styles() {
        for (text, date) in [
            ("2023-09-14", "2023-09-14"),
            ("2023-09-14T08:30:00+02:00", "2023-09-14"),
            ("2023-09-14 08:30", "2023-09-14"),
            (" 2023-09 ", "2023-09"),
            ("2023", "2023"),
            ("20230914", "2023-09-14"),
            ("14.9.2023", "2023-09-14"),
            ("14. September 2023", "2023-09-14"),
            ("14. Sept. 2023, 8 Uhr", "2023-09-14"),
            ("Donnerstag, den 14. September 2023", "2023-09-14"),
            ("3. Jänner 2023", "2023-01-03"),
            ("März 2023", "2023-03"),
            ("September 14, 2023", "2023-09-14"),
            ("Thu, 14 Sep 2023 06:30:00 GMT", "2023-09-14"),
            ("29. Februar 2024", "2024-02-29"),
        ] {
            assert_eq!(field_date(text).as_deref(), Some(date), "{text}");
        }
        for text in [
            "",
            "2023-13-01",
            "2023-02-30",
            "29.2.2023",
            "0000",
            "gestern",
            "14. Brumaire 2023",
            "2023-9",
            "12345",
        ] {
            assert_eq!(field_date(text), None, "{text}");
        }
    }

    #[test]
    fn file_names() {
        for (name, date) in [
            ("2023-09-14-gipfel.txt", Some("2023-09-14")),
            ("gipfel_20230914.txt", Some("2023-09-14")),
            ("2023-09.txt", Some("2023-09")),
            ("2023_09_14 Rede.txt", Some("2023-09-14")),
            ("17001.txt", None),
            ("2023.txt", None),
            ("2023-2024.txt", None),
            ("a2023-09-14.txt", None),
            ("000_7d01bb3b83af05e2.txt", None),
            ("19991301.txt", None),
            ("4711-08.txt", None),
        ] {
            assert_eq!(name_date(name).as_deref(), date, "{name}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_survived(text in "\\PC{0,60}", digits in "[0-9./ -]{0,20}") {
            for text in [&text, &digits] {
                let _ = (leading_date(text), name_date(text), field_date(text));
            }
        }
    }
}
