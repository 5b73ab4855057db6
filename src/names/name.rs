//! A name taken apart: its parts, what each is, and how each may be read.

use super::{scripts::Script, token::Token};
use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    sync::{Arc, LazyLock, Mutex},
};

/// What a part of a name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// A given name, family name or the like.
    Core,
    /// One letter that stands for a name.
    Initial,
    /// A patronymic, which may be left out.
    Patronymic,
    /// *Jr., II*: sets apart people of one name.
    Generation,
}

#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) text: Box<str>,
    pub(super) token: Arc<Token>,
    pub(super) role: Role,
    /// What the bearer of a given name may also be called: *Bill* for *William* and the other way round.
    pub(super) also: Vec<Arc<Token>>,
}

impl Part {
    /// Whether both may begin with the same consonants, or what they are short for.
    pub(super) fn begins_like(&self, other: &Self) -> bool {
        let starts =
            |part: &Self| part.also.iter().fold(part.token.starts(), |all, token| all | token.starts());
        starts(self) & starts(other) != 0
    }
}

/// A name ready to be compared: made once, compared often.
///
/// ```
/// use namenlese::names::Name;
/// let name = Name::new("Muster, Eva");
/// assert_eq!(name.form(), "Muster, Eva");
/// assert_eq!(name.parts().collect::<Vec<_>>(), ["Eva", "Muster"]);
/// ```
#[derive(Debug, Clone)]
pub struct Name {
    form: Box<str>,
    script: Script,
    pub(super) parts: Vec<Part>,
    /// Neighbouring core parts read as one word, by the index of the first: *Jong un* as *Jongun*.
    pub(super) joined: Vec<Arc<Token>>,
}

/// Words inside names that carry no identity: prepositions, articles and kinship words.
const PARTICLES: &[&str] = &[
    "a", "ad", "af", "al", "an", "ar", "as", "at", "auf", "av", "az", "da", "das", "de", "del", "della",
    "dem", "den", "der", "des", "di", "do", "dos", "du", "e", "ed", "el", "en", "es", "et", "het", "i", "la",
    "las", "le", "los", "ob", "och", "of", "op", "os", "ter", "the", "ten", "ud", "ul", "und", "van", "vom",
    "von", "y", "z", "zu", "zum", "zur", "фон", "ван", "дер", "де", "аль", "эль", "ас", "аш", "ад", "φον",
    "ντε",
];
pub(super) const SONS: &[&str] = &["bin", "ben", "ibn", "bint", "bn", "بن", "ابن", "бин", "ибн"];
const GENERATIONS: &[(&str, &[&str])] = &[
    ("junior", &["jr", "jun", "junior", "jnr", "filho", "hijo", "младший", "молодший"]),
    ("senior", &["sr", "sen", "senior", "snr", "старший"]),
    ("the second", &["ii"]),
    ("the third", &["iii"]),
    ("the fourth", &["iv"]),
];
/// Ranks that may follow a name after a comma.
const RANKS: &[&str] = &[
    "baron",
    "baroness",
    "baronet",
    "baronin",
    "barón",
    "barone",
    "count",
    "countess",
    "comte",
    "comtesse",
    "conde",
    "conte",
    "duke",
    "duchess",
    "duc",
    "duque",
    "earl",
    "graf",
    "gräfin",
    "freiherr",
    "freifrau",
    "fürst",
    "fürstin",
    "herzog",
    "herzogin",
    "hrabia",
    "książę",
    "lady",
    "lord",
    "markgraf",
    "markiz",
    "marquess",
    "marquis",
    "marqués",
    "marchese",
    "prince",
    "princess",
    "prinz",
    "prinzessin",
    "viscount",
    "viscountess",
    "vicomte",
    "vizconde",
    "wicehrabia",
    "барон",
    "баронесса",
    "виконт",
    "герцог",
    "граф",
    "лорд",
    "маркиз",
];
const ORDINALS: &[&str] = &["st", "nd", "rd", "th", "er", "ème", "й", "-й"];
/// Abbreviations of two letters that are whole words.
const SAINTS: &[&str] = &["st", "ms", "mr", "dr"];
const PATRONYMICS: &[&str] = &[
    "owitsch",
    "ewitsch",
    "owytsch",
    "jowytsch",
    "ovich",
    "evich",
    "ovych",
    "yovych",
    "ovitch",
    "evitch",
    "owicz",
    "ewicz",
    "ovič",
    "evič",
    "ovyč",
    "owna",
    "ewna",
    "iwna",
    "ovna",
    "evna",
    "ivna",
    "ович",
    "евич",
    "ьич",
    "йович",
    "івна",
    "ївна",
    "овна",
    "евна",
    "инична",
    "авіч",
    "евіч",
];

impl Name {
    /// Takes a form apart. Any text will do; one without letters gives a name without parts, which is like no other.
    pub fn new(form: &str) -> Self {
        Lexicon::default().name(form)
    }

    /// The form as it was given.
    pub fn form(&self) -> &str {
        &self.form
    }

    /// The script most of its letters are in.
    pub fn script(&self) -> Script {
        self.script
    }

    /// Its parts in the order of comparison (given name first where a comma says so), without particles.
    pub fn parts(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().map(|part| &*part.text)
    }

    /// How many parts are names of their own: neither initials nor patronymics nor *Jr.*
    pub fn core_parts(&self) -> usize {
        self.parts.iter().filter(|part| part.role == Role::Core).count()
    }

    /// Its last part in the order of comparison that is a name of its own: mostly the family name.
    pub(crate) fn last_core_part(&self) -> Option<&str> {
        self.parts.iter().rfind(|part| part.role == Role::Core).map(|part| &*part.text)
    }

    /// Whether a part is an initial.
    pub(crate) fn has_initial(&self) -> bool {
        self.parts.iter().any(|part| part.role == Role::Initial)
    }

    /// What names that are likely one have in common, to put them beside each other; lossy.
    pub(crate) fn sort_key(&self) -> [u32; 7] {
        let mut cores = self.parts.iter().filter(|part| part.role == Role::Core);
        let code = |part: Option<&Part>| {
            let skeleton = part.and_then(|part| part.token.skeletons().first());
            (part.map_or(0, |part| part.token.vowels()), skeleton.map_or(0, |skeleton| skeleton.code()))
        };
        let (first, last) = (code(cores.next()), code(cores.next_back()));
        let (big, small) = (first.max(last), first.min(last));
        let third = code(cores.next());
        [big.0, small.0, big.1, small.1, self.core_parts() as u32, third.0, third.1]
    }

    /// The most likely reading of each part in phoneme symbols, for people.
    pub fn readings(&self) -> Vec<String> {
        self.parts.iter().map(|part| part.token.reading()).collect()
    }
}

/// Makes names and remembers the words they are made of: a corpus of a million names has far fewer words.
///
/// It may be shared by threads.
#[derive(Debug)]
pub struct Lexicon {
    shards: Vec<Mutex<HashMap<Box<str>, Arc<Token>>>>,
    hasher: RandomState,
}

impl Default for Lexicon {
    fn default() -> Self {
        Self { shards: (0..16).map(|_| Mutex::default()).collect(), hasher: RandomState::new() }
    }
}

impl Lexicon {
    /// The name of a form; see [`Name::new`].
    pub fn name(&self, form: &str) -> Name {
        let script = Script::of(form);
        let form_of_name = without_rank(form);
        let ordered = match form_of_name.split_once(',') {
            Some((family, given)) if !given.contains(',') && generation(given.trim()).is_none() => {
                format!("{given} {family}")
            }
            _ => form_of_name.to_owned(),
        };
        let words = words(&ordered, script);
        let mut parts: Vec<Part> =
            words.iter().filter(|word| !is_particle(word)).filter_map(|word| self.part(word)).collect();
        if parts.len() < 2 && words.len() > 1 {
            // Van Yi is written with a capital: a family name.
            let named =
                words.iter().filter(|word| !is_particle(word) || word.starts_with(char::is_uppercase));
            parts = named.filter_map(|word| self.part(word)).collect();
        }
        let cores = parts.iter().filter(|part| part.role == Role::Core).count();
        // A patronymic is one only between a given and a family name; alone it is a name.
        if cores < 2 {
            for part in parts.iter_mut().filter(|part| part.role == Role::Patronymic) {
                part.role = Role::Core;
            }
        }
        let cores: Vec<&Part> = parts.iter().filter(|part| part.role == Role::Core).collect();
        let joined = match cores.len() {
            3..=5 => cores
                .windows(2)
                .map(|pair| self.token(&format!("{}{}", pair[0].text, pair[1].text)))
                .collect(),
            _ => Vec::new(),
        };
        Name { form: form.into(), script, parts, joined }
    }

    fn token(&self, text: &str) -> Arc<Token> {
        let shard = (self.hasher.hash_one(text) % self.shards.len() as u64) as usize;
        // A thread that panicked while it held the lock left a valid map behind.
        let mut known = self.shards[shard].lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(token) = known.get(text) {
            return token.clone();
        }
        let token = Arc::new(Token::new(text, Script::of(text)));
        known.insert(text.into(), token.clone());
        token
    }

    fn part(&self, word: &str) -> Option<Part> {
        let lower = word.to_lowercase();
        let bare = lower.trim_end_matches('.');
        if !bare.chars().any(char::is_alphabetic) {
            return None;
        }
        let text = word.trim_end_matches('.');
        let letters = text.chars().count();
        let script = Script::of(text);
        let abbreviated = word.ends_with('.') && letters <= if script == Script::Latin { 2 } else { 4 };
        let role = if generation(bare).is_some() {
            Role::Generation
        } else if (letters == 1 && script == Script::Latin) || (abbreviated && !SAINTS.contains(&bare)) {
            Role::Initial
        } else if letters >= 6 && PATRONYMICS.iter().any(|ending| bare.ends_with(ending)) {
            Role::Patronymic
        } else {
            Role::Core
        };
        let token = self.token(text);
        let also = match role {
            Role::Core => nicknames(&lower).iter().map(|name| self.token(name)).collect(),
            _ => Vec::new(),
        };
        (!token.is_empty()).then(|| Part { text: text.into(), token, role, also })
    }
}

/// Whether a word inside a name carries no identity. A capital that is an initial does: *E. Muster*.
pub(super) fn is_particle(word: &str) -> bool {
    let lower = word.to_lowercase();
    let bare = lower.trim_end_matches('.');
    let initial = bare.chars().count() == 1 && word.starts_with(char::is_uppercase);
    !initial && (PARTICLES.contains(&bare) || SONS.contains(&bare))
}

/// Other given names that the bearer of one may go by.
fn nicknames(given: &str) -> &'static [&'static str] {
    static BY_NAME: LazyLock<HashMap<&str, Vec<&str>>> = LazyLock::new(|| {
        let mut by_name: HashMap<&str, Vec<&str>> = HashMap::new();
        for row in include_str!("nicknames.tsv").lines().filter(|row| !row.starts_with('#')) {
            let Some((full, shorts)) = row.split_once('\t') else { continue };
            for short in shorts.split(' ') {
                by_name.entry(full).or_default().push(short);
                by_name.entry(short).or_default().push(full);
            }
        }
        by_name
    });
    BY_NAME.get(given).map_or(&[], Vec::as_slice)
}

/// A form without the rank that follows a name: *Muster, 3rd Baron Muster of Essex*.
fn without_rank(form: &str) -> &str {
    let rank = form.match_indices(',').find(|(at, _)| {
        let tail = form[at + 1..].trim_start();
        let tail = tail.trim_start_matches(|c: char| c.is_ascii_digit());
        let words = tail.split([' ', '.']).filter(|word| !word.is_empty() && !ORDINALS.contains(word));
        words.map(str::to_lowercase).next().is_some_and(|word| RANKS.contains(&word.as_str()))
    });
    rank.map_or(form, |(at, _)| &form[..at])
}

/// What sets apart people of one name, in one spelling: *junior* is *jr*.
pub(super) fn generation(word: &str) -> Option<&'static str> {
    let word = word.trim_end_matches('.').to_lowercase();
    GENERATIONS.iter().find(|(_, spellings)| spellings.contains(&word.as_str())).map(|(meaning, _)| *meaning)
}

/// The words of a form: cut at blanks, hyphens and dots, family names of East Asian scripts split off.
fn words(form: &str, script: Script) -> Vec<String> {
    let apart = |c: char| c.is_whitespace() || "-·・=＝‐–,/()\"„“«»".contains(c);
    let mut words: Vec<String> = form
        .split(apart)
        // A full stop stays with its initial.
        .flat_map(|word| word.split_inclusive('.'))
        .map(|word| word.chars().filter(|c| !"'’ʻʼ`´\u{200c}".contains(*c)).collect::<String>())
        .filter(|word| !word.is_empty())
        .collect();
    match script {
        Script::Han | Script::Hangul if words.len() == 1 => {
            let letters: Vec<char> = words[0].chars().collect();
            if (2..=4).contains(&letters.len()) {
                let family = if letters.len() == 4 { 2 } else { 1 };
                words = vec![letters[..family].iter().collect(), letters[family..].iter().collect()];
            }
        }
        Script::Arabic => {
            for word in &mut words {
                // The article joins its noun in writing.
                if let Some(noun) = word.strip_prefix("ال").filter(|noun| noun.chars().count() >= 3) {
                    *word = noun.to_owned();
                }
            }
        }
        _ => {}
    }
    if let [word] = &words[..] {
        words = glued(word);
    }
    words.into_iter().flat_map(|word| servant(&word)).collect()
}

/// A form of one word with a capital inside: *EvaMuster*, not *McMuster*.
fn glued(word: &str) -> Vec<String> {
    let letters: Vec<(usize, char)> = word.char_indices().collect();
    let inside =
        letters.windows(2).enumerate().skip(2).find(|(at, pair)| {
            pair[0].1.is_lowercase() && pair[1].1.is_uppercase() && at + 4 <= letters.len()
        });
    match inside {
        Some((_, pair)) => [&word[..pair[1].0], &word[pair[1].0..]].map(str::to_owned).into(),
        None => vec![word.to_owned()],
    }
}

/// The article between *abd* (servant) and a name of God joins either or neither in writing: *Abdel Fattah, Abd al-Fattah,
/// Abdelfattah* come apart alike.
fn servant(word: &str) -> Vec<String> {
    const SERVANTS: &[(&str, &str)] = &[
        ("abdel", "abd"),
        ("abdul", "abd"),
        ("abdal", "abd"),
        ("abdoul", "abd"),
        ("abdol", "abd"),
        ("abdil", "abd"),
        ("абдель", "абд"),
        ("абдул", "абд"),
        ("абдал", "абд"),
        ("عبدال", "عبد"),
    ];
    let lower = word.to_lowercase();
    for (joined, servant) in SERVANTS {
        match lower.strip_prefix(joined) {
            Some("") => return vec![(*servant).to_owned()],
            Some(rest) if rest.chars().count() > 2 => return vec![(*servant).to_owned(), rest.to_owned()],
            _ => {}
        }
    }
    vec![word.to_owned()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(form: &str) -> Vec<String> {
        Name::new(form).parts().map(str::to_owned).collect()
    }

    #[test]
    fn forms_come_apart() {
        assert_eq!(parts("Ursula von der Muster"), ["Ursula", "Muster"]);
        assert_eq!(parts("Hassan al-Muster"), ["Hassan", "Muster"]);
        assert_eq!(parts("G.W. Muster"), ["G", "W", "Muster"]);
        assert_eq!(parts("김정은"), ["김", "정은"]);
        assert_eq!(parts("Martin Muster, Jr."), ["Martin", "Muster", "Jr"]);
        assert_eq!(parts("Ван И"), ["Ван", "И"]);
        assert_eq!(parts("EvaMuster"), ["Eva", "Muster"]);
        assert_eq!(parts("McMuster"), ["McMuster"]);
        assert_eq!(parts("Abdelaziz Muster"), ["abd", "aziz", "Muster"]);
        assert_eq!(parts("!?"), Vec::<String>::new());
        assert_eq!(Name::new("Boris Nikolajewitsch Muster").core_parts(), 2);
    }
}
