//! Web pages: the main text as Readability finds it, the headline included, paragraphs set off by blank lines; title
//! and date from the page's metadata. A page without main text gives all its visible text.

use super::{Content, Format, Read, Signature};
use crate::{
    Error, ErrorKind, Result,
    corpus::{Rules, date::field_date, decode},
};
use dom_query::Document as Page;
use dom_smoothie::{Config, Readability};
use encoding_rs::Encoding;
use serde_json::Value;

pub(super) const FORMAT: Format = Format {
    name: "html",
    endings: &["html", "htm", "xhtml"],
    signature: Signature::Text(begins),
    about: "web pages: the main text, title, date and author",
    read: Read::Watched(read),
};

fn begins(head: &[u8]) -> bool {
    let begins = |tag: &[u8]| head.get(..tag.len()).is_some_and(|head| head.eq_ignore_ascii_case(tag));
    begins(b"<!doctype html") || begins(b"<html")
}

fn read(bytes: &[u8], rules: &Rules) -> Result<Content> {
    let decoded = decode::decode(bytes, rules.encoding, declared_encoding)?;
    Ok(Content { encoding: decoded.encoding, ..article(&decoded.text)? })
}

/// A page nested deeper is made to break its readers: parsing takes the square of the depth.
const DEEPEST: usize = 2000;
/// A page with more elements is a list or a data dump, for which finding a main text is slow and pointless.
const MOST_ELEMENTS: usize = 60_000;

/// The `name`, `property` or `itemprop` under which `<meta>` elements state titles and dates, the most telling first.
const TITLES: &[&str] = &["og:title", "dc.title", "twitter:title"];
const AUTHORS: &[&str] = &["author", "article:author", "dc.creator", "dcterms.creator"];
const DATES: &[&str] = &[
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "date",
    "dc.date",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dcterms.date",
    "pubdate",
    "publish-date",
];
/// Elements that state a date for machines, the most telling first.
const TIMES: &[&str] =
    &["time[itemprop='datePublished']", "time[pubdate]", "article time[datetime]", "time[datetime]"];
/// What a reader never sees.
const UNSEEN: &str = "script, style, noscript, template, head, svg, iframe, select, [hidden]";
/// Notices that are laid over a page, unless they hold much of its text.
const NOTICES: &str = "[class*=cookie], [id*=cookie], [class*=consent], [id*=consent]";
/// So many times its text a page has at least beside a notice.
const BESIDE: usize = 5;
/// Blocks that the formatter would run together with their neighbours.
const BLOCKS: &str = "dt, dd, figcaption, figure, caption, header, footer, main, aside, nav, address, details, summary, form, \
    fieldset, legend, label, button, option";
/// Elements that need no end tag, so that their number says nothing about depth.
const UNCLOSED: &[&str] = &[
    "area", "base", "body", "br", "col", "dd", "dt", "embed", "head", "hr", "html", "img", "input", "li",
    "link", "meta", "option", "p", "param", "source", "tbody", "td", "tfoot", "th", "thead", "tr", "track",
    "wbr",
];

/// Reads a page.
pub(super) fn article(html: &str) -> Result<Content> {
    check_depth(html)?;
    let page = Page::from(html);
    let metas = metas(&page);
    let linked = linked_data(&page);
    let title_element = one_line(&page.select("title").first().text());
    let title = stated(&metas, TITLES, |title| Some(one_line(title)).filter(|title| !title.is_empty()))
        .or_else(|| linked.iter().find_map(|data| find_string(data, "headline")).map(one_line));
    let headline = headline(&page, title.as_deref().unwrap_or(&title_element));
    let title = title.or_else(|| headline.clone()).or(Some(title_element)).filter(|title| !title.is_empty());
    let date = stated(&metas, DATES, field_date)
        .or_else(|| linked.iter().find_map(|data| find_string(data, "datePublished")).and_then(field_date))
        .or_else(|| TIMES.iter().find_map(|time| field_date(&page.select_single(time).attr("datetime")?)));

    let author = stated(&metas, AUTHORS, |author| {
        // Some name a page about the author.
        Some(one_line(author)).filter(|author| !author.is_empty() && !author.contains("://"))
    });
    let author = author.or_else(|| linked.iter().find_map(linked_author));

    leave_out_notices(&page);
    let config = Config { max_elements_to_parse: MOST_ELEMENTS, disable_json_ld: true, ..Config::default() };
    let main = Readability::with_document(page, None, Some(config)).and_then(|mut reader| reader.parse());
    let mut text = main.map(|main| visible_text(&main.content)).unwrap_or_default();
    if text.is_empty() {
        text = visible_text(html);
    } else if let Some(headline) = headline
        && !one_line(&text).contains(&headline)
    {
        // Readability drops a heading that repeats the page's title.
        text = format!("{headline}\n\n{text}");
    }
    let metadata = author.map(|author| ("author".to_owned(), author)).into_iter().collect();
    Ok(Content { text, title, date, metadata, ..Content::default() })
}

/// Takes what asks for consent to cookies off a page.
fn leave_out_notices(page: &Page) {
    let all = page.select("body").text().len();
    for notice in page.select(NOTICES).iter().filter(|notice| notice.text().len() * BESIDE < all) {
        notice.remove();
    }
}

/// The `<meta>` elements: what they state, in lower case, and how.
fn metas(page: &Page) -> Vec<(String, String)> {
    let mut metas = Vec::new();
    for meta in page.select("meta[content]").iter() {
        for key in ["property", "name", "itemprop"] {
            if let (Some(key), Some(content)) = (meta.attr(key), meta.attr("content")) {
                metas.push((key.trim().to_lowercase(), content.to_string()));
            }
        }
    }
    metas
}

/// The first of `names` that is stated in a way that can be read.
fn stated(
    metas: &[(String, String)],
    names: &[&str],
    read: impl Fn(&str) -> Option<String>,
) -> Option<String> {
    let of_name =
        |name: &&str| metas.iter().filter(|(key, _)| key == *name).find_map(|(_, content)| read(content));
    names.iter().find_map(of_name)
}

/// The heading that names the article: the one that the title repeats, or the only one.
fn headline(page: &Page, title: &str) -> Option<String> {
    let headings: Vec<_> = page.select("h1").iter().map(|heading| one_line(&heading.text())).collect();
    let headings: Vec<_> = headings.into_iter().filter(|heading| !heading.is_empty()).collect();
    let repeats = |heading: &&String| title.contains(heading.as_str()) || heading.contains(title);
    let repeated = headings.iter().filter(repeats).max_by_key(|heading| heading.len());
    let only = headings.first().filter(|_| headings.len() == 1);
    repeated.filter(|_| !title.is_empty()).or(only).cloned()
}

/// The JSON-LD blocks of a page.
fn linked_data(page: &Page) -> Vec<Value> {
    let scripts = page.select("script[type='application/ld+json']");
    scripts.iter().filter_map(|script| serde_json::from_str(&script.text()).ok()).collect()
}

/// The first string of this name, searched through lists, graphs and main entities but not through other fields.
fn find_string<'v>(value: &'v Value, name: &str) -> Option<&'v str> {
    match value {
        Value::Array(values) => values.iter().find_map(|value| find_string(value, name)),
        Value::Object(fields) => fields.get(name).and_then(Value::as_str).or_else(|| {
            ["@graph", "mainEntity"].iter().find_map(|inner| find_string(fields.get(*inner)?, name))
        }),
        _ => None,
    }
}

/// The author that linked data name: a string, an object with a name, or several.
fn linked_author(data: &Value) -> Option<String> {
    let field = match data {
        Value::Array(values) => return values.iter().find_map(linked_author),
        Value::Object(fields) => match fields.get("@graph") {
            Some(graph) => return linked_author(graph),
            None => fields.get("author")?,
        },
        _ => return None,
    };
    let name = |value: &Value| value.as_str().or_else(|| value.get("name")?.as_str()).map(one_line);
    let names: Vec<String> = match field {
        Value::Array(values) => values.iter().filter_map(name).collect(),
        one => name(one).into_iter().collect(),
    };
    Some(names.join(", ")).filter(|names| !names.is_empty())
}

/// All text that a reader sees: of a chapter or a mail, which have nothing beside their main text.
#[cfg(any(feature = "office", feature = "mail"))]
pub(super) fn all_text(html: &str) -> Result<String> {
    check_depth(html)?;
    Ok(visible_text(html))
}

fn check_depth(html: &str) -> Result<()> {
    if depth(html) > DEEPEST {
        return Err(Error::new(ErrorKind::Limit, format!("elements nested more than {DEEPEST} deep")));
    }
    Ok(())
}

/// All text that a reader sees, paragraphs set off by blank lines.
fn visible_text(html: &str) -> String {
    let page = Page::from(html);
    page.select(UNSEEN).remove();
    page.select(BLOCKS).rename("div");
    tidy(&page.formatted_text())
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Lines without white space around them, at most one of them blank in a row.
fn tidy(text: &str) -> String {
    let mut tidied = String::with_capacity(text.len());
    for line in text.lines().map(str::trim) {
        if !line.is_empty() || !(tidied.is_empty() || tidied.ends_with("\n\n")) {
            tidied.push_str(line);
            tidied.push('\n');
        }
    }
    tidied.truncate(tidied.trim_end().len());
    tidied
}

/// The encoding that a page declares in its first kilobyte.
pub(super) fn declared_encoding(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..bytes.len().min(1024))?.to_ascii_lowercase();
    let head = String::from_utf8_lossy(&head);
    head.match_indices("charset=")
        .map(|(at, word)| at + word.len())
        .chain(head.find("encoding=").map(|at| at + 9))
        .find_map(|at| {
            let label = head.get(at..)?.trim_start_matches(['"', '\'', ' ']);
            let end = label.find(['"', '\'', ' ', '>', ';', '/', '?']).unwrap_or(label.len());
            Encoding::for_label_no_replacement(label.get(..end)?.as_bytes())
        })
}

/// How deep elements may nest at most, counted without parsing.
fn depth(html: &str) -> usize {
    let (mut depth, mut deepest) = (0usize, 0);
    let mut rest = html;
    while let Some((_, tag)) = rest.split_once('<') {
        rest = tag;
        let name = tag.find(|letter: char| !letter.is_ascii_alphanumeric()).and_then(|end| tag.get(..end));
        let name = name.unwrap_or_default().to_ascii_lowercase();
        if tag.starts_with('/') {
            depth = depth.saturating_sub(1);
        } else if tag.starts_with("!--") {
            rest = tag.split_once("-->").map_or("", |(_, after)| after);
        } else if matches!(&*name, "script" | "style") {
            rest = tag.split_once(&format!("</{name}")).map_or(tag, |(_, after)| after);
        } else if tag.starts_with(|letter: char| letter.is_ascii_alphabetic()) && !UNCLOSED.contains(&&*name)
        {
            depth += 1;
            deepest = deepest.max(depth);
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(html: &str) -> Content {
        article(html).expect("a page")
    }

    const SENTENCE: &str = "Der Rat der Stadt hat am Abend beschlossen, die alte Brücke zu erneuern, und dafür Geld bereitgestellt.";

    fn page(head: &str, heading: &str) -> String {
        let paragraphs = format!("<p>{SENTENCE} {SENTENCE}</p>").repeat(4);
        format!(
            "<!doctype html><html><head><meta charset=utf-8>{head}</head><body><nav><ul><li><a href=/>Startseite</a></li>\
             <li><a href=/sport>Sport</a></li></ul></nav><article>{heading}{paragraphs}</article>\
             <footer><p>Impressum</p></footer><script>if (a<b) alert('Unfug')</script></body></html>"
        )
    }

    #[test]
    fn main_text_in_paragraphs_with_its_headline() {
        let article =
            read(&page("<title>Brücke wird erneuert</title>", "<h1>Brücke wird <em>erneuert</em></h1>"));
        let paragraphs: Vec<_> = article.text.split("\n\n").collect();
        assert_eq!(paragraphs[0], "Brücke wird erneuert");
        assert_eq!(paragraphs.len(), 5, "{:?}", article.text);
        assert_eq!(paragraphs[1], format!("{SENTENCE} {SENTENCE}"));
        assert_eq!(article.title.as_deref(), Some("Brücke wird erneuert"));
        for unwanted in ["Startseite", "Impressum", "Unfug"] {
            assert!(!article.text.contains(unwanted), "{unwanted}");
        }
    }

    #[test]
    fn notices_are_left_out_and_pages_called_so_are_not() {
        let notice = |class: &str, text: &str| {
            page("", "").replace("<article>", &format!("<article><div class={class}><p>{text}</p></div>"))
        };
        assert!(!read(&notice("cookie", "Wir verwenden Kekse der Firma Muster.")).text.contains("Muster"));
        let whole = page("", "").replace("<body>", "<body class=cookies-allowed>");
        assert!(read(&whole).text.contains(SENTENCE));
    }

    #[test]
    fn titles_and_dates_where_pages_state_them() {
        let title = "<title>Brücke | Zeitung</title>";
        for (head, heading, title, date) in [
            (
                r#"<title>x</title><meta property="og:title" content="Br&uuml;cke &amp; Rat">"#,
                "",
                "Brücke & Rat",
                None,
            ),
            (
                &format!(r#"{title}<meta name="DC.Date" content="14. September 2023">"#),
                "",
                "Brücke | Zeitung",
                Some("2023-09-14"),
            ),
            (
                &format!(
                    r#"{title}<meta property="article:published_time" content="2023-09-14T09:00:00+01:00">"#
                ),
                "<h1>Brücke</h1>",
                "Brücke",
                Some("2023-09-14"),
            ),
            (
                r#"<meta name=date content="2023-13-01"><meta name=pubdate content="2023-09">"#,
                "<h1>Eins</h1><h1>Zwei</h1>",
                "",
                Some("2023-09"),
            ),
            (
                r#"<script type="application/ld+json">{"@graph":[{"headline":"Aus JSON","datePublished":"2023-09-14"}]}</script>"#,
                "",
                "Aus JSON",
                Some("2023-09-14"),
            ),
            (
                "",
                r#"<h1>Nur eine</h1><time datetime="2023-09-14T08:00">gestern</time>"#,
                "Nur eine",
                Some("2023-09-14"),
            ),
        ] {
            let article = read(&page(head, heading));
            assert_eq!(article.title.as_deref().unwrap_or_default(), title, "{head}{heading}");
            assert_eq!(article.date.as_deref(), date, "{head}{heading}");
        }
    }

    #[test]
    fn a_page_without_main_text_gives_all_that_is_visible() {
        for (html, text) in [
            ("", ""),
            ("<html></html>", ""),
            ("<p>Nur ein Satz.", "Nur ein Satz."),
            ("<html><body>Wien<br>Graz <b>und</b> Linz<script>x</script></body>", "Wien\nGraz und Linz"),
            ("<ul><li>Bonn<li>Köln</ul><div hidden>geheim</div>", "Bonn\nKöln"),
        ] {
            assert_eq!(read(html).text, text, "{html}");
        }
    }

    #[test]
    fn blocks_are_not_run_together() {
        let html = "<dl><dt>Ort<dd>Wien<dt>Zeit<dd>Abend</dl><figure><figcaption>Foto</figcaption></figure><main>Ende</main>\
            <table><tr><th>Name<th>Amt<tr><td>Rat<td>Stadt</table>";
        assert_eq!(read(html).text, "Ort\n\nWien\n\nZeit\n\nAbend\n\nFoto\n\nEnde\n\nName Amt\nRat Stadt");
        let page = page("<title>Große Brücke | Blatt</title>", "<h1>Blatt</h1><h1>Große Brücke</h1>");
        assert_eq!(read(&page).title.as_deref(), Some("Große Brücke"));
    }

    #[test]
    fn declared_encodings() {
        let name = |bytes: &[u8]| declared_encoding(bytes).map(Encoding::name);
        assert_eq!(name(b"<meta charset=iso-8859-1>"), Some("windows-1252"));
        assert_eq!(name(b"<META content='text/html; charset=koi8-r'>"), Some("KOI8-R"));
        assert_eq!(name(b"<?xml version='1.0' encoding='iso-8859-2'?>"), Some("ISO-8859-2"));
        assert_eq!(name(b"<p>charset=unbekannt"), None);
        assert_eq!(name(b""), None);
    }

    #[test]
    fn pages_made_to_break_readers() {
        assert!(article(&"<div>".repeat(100_000)).is_err());
        let _ = read(&"<table><tr><td>".repeat(1500));
        let _ = read(&"<p>".repeat(50_000));
        let _ = read(&"</div>".repeat(50_000));
        let _ = read(&format!("<script>{}</script>Text", "a<b ".repeat(10_000)));
        let _ = read(&format!("<{}>", "a".repeat(100_000)));
    }

    proptest! {
        #[test]
        fn broken_pages_are_survived(
            parts in proptest::collection::vec(
                proptest::sample::select(vec![
                    "<html>", "<body", ">", "<p>", "</p>", "<div class='article'>", "</div>", "<table>", "<td>", "</table>",
                    "<a href=x>", "<b>", "</a>", "<br>", "<script>", "</script>", "<!--", "-->", "&amp", "&#x110000;", "ä",
                    "<h1>", "</h1>", "<title>", "<meta charset=", "\"", "<svg>", "<noscript><img></noscript>", "<font>", "\0",
                    "Ein Satz, der etwas länger ist, damit er zählt. ", "<article>", "<ul><li>", "<template>", "<select><option>",
                ]),
                0..60,
            ),
            noise in "\\PC{0,40}",
        ) {
            let _ = article(&format!("{}{noise}", parts.concat()));
        }
    }
}
