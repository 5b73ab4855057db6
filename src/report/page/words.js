"use strict";
// What the page says in either language, and in German what the tables say in English.
const WORDS = {
  de: {
    skip: "Zum Inhalt", overview: "Überblick", entities: "Namen", documents: "Dokumente", network: "Netz",
    search: "Namen, Schreibweisen und Titel suchen", scheme: "Hell/Dunkel", PER: "Personen", LOC: "Orte",
    ORG: "Organisationen", OTH: "Andere", all: "Alle", mentions: "Nennungen", name: "Name", of: { PER: "Person", LOC: "Ort", ORG: "Organisation", OTH: "Anderes" },
    counted: {
      mentions: ["Nennung", "Nennungen"], documents: ["Dokument", "Dokumente"], sentences: ["Satz", "Sätze"], entities: ["Name", "Namen"],
    },
    pages: "Seiten", months: "Monat", years: "Jahr", kind: "Art", forms: "Schreibweisen",
    form: "Schreibweise", why: "Warum sie dazugehört", script: "Schrift", first: "zuerst", last: "zuletzt", more: "Mehr zeigen",
    languages: "Sprachen", faults: "Was nicht gelesen werden konnte", none: "Nichts gefunden.", timeline: { months: "Dokumente nach Monaten", years: "Dokumente nach Jahren" }, astable: "Als Tabelle",
    together: "Steht zusammen mit", context: "Im Zusammenhang", title: "Titel", date: "Datum", language: "Sprache", status: "Zustand",
    sentences: "Sätze", read: "gelesen", faulty: "fehlerhaft", copies: "Doppelte", notext: "Der Text ist nicht in diesem Bericht.",
    duplicate: "Derselbe oder fast derselbe Text wie", pairs: "Verbindungen", sort: "Ordnen nach", byname: "Name", bycount: "Häufigkeit",
    part: (shown, all, what) => `Gezeigt werden ${shown} von ${all} ${what}, die mit den meisten Nennungen; alle stehen in den Tabellen.`,
    networkAbout: "Wer in einem Satz oder Dokument zusammen steht. Punkte lassen sich ziehen, ein Klick öffnet den Namen; dieselben Verbindungen stehen darunter als Tabelle.",
    results: "Gefunden", other: "English", reason: inGerman,
  },
  en: {
    skip: "Skip to content", overview: "Overview", entities: "Names", documents: "Documents", network: "Network",
    search: "Search names, spellings and titles", scheme: "Light/dark", PER: "People", LOC: "Places", ORG: "Organisations",
    OTH: "Others", all: "All", mentions: "Mentions", name: "Name", of: { PER: "Person", LOC: "Place", ORG: "Organisation", OTH: "Other" },
    counted: {
      mentions: ["mention", "mentions"], documents: ["document", "documents"], sentences: ["sentence", "sentences"], entities: ["name", "names"],
    },
    pages: "Pages", months: "Month", years: "Year", kind: "Kind", forms: "Spellings", form: "Spelling",
    why: "Why it belongs", script: "Script", first: "first", last: "last", more: "Show more", languages: "Languages",
    faults: "What could not be read", none: "Nothing found.", timeline: { months: "Documents by month", years: "Documents by year" }, astable: "As a table", together: "Stands together with",
    context: "In context", title: "Title", date: "Date", language: "Language", status: "Status", sentences: "Sentences", read: "read",
    faulty: "faulty", copies: "Duplicates", notext: "The text is not in this report.", duplicate: "The same text, or nearly, as",
    pairs: "Connections", sort: "Sort by", byname: "Name", bycount: "Frequency",
    part: (shown, all, what) => `Shown are ${shown} of ${all} ${what}, those with most mentions; the tables hold all.`,
    networkAbout: "Who stands together in a sentence or document. Drag the points, click one to open the name; the table below holds the same connections.",
    results: "Found", other: "Deutsch", reason: (text) => text,
  },
};

const SCRIPTS = {
  Latin: "lateinische", Cyrillic: "kyrillische", Greek: "griechische", Armenian: "armenische", Georgian: "georgische", Arabic: "arabische",
  Hebrew: "hebräische", Korean: "koreanische", Chinese: "chinesische", Japanese: "japanische", foreign: "fremde",
};
const RELATIONS = {
  "official name": "amtlicher Name", "localised name": "Name in einer Sprache", "former name": "früherer Name", abbreviation: "Abkürzung",
  "name or spelling variant": "anderer Name oder andere Schreibweise",
};
const FOUND = { "": "", ", inflected or qualified": ", gebeugt oder mit Zusatz", ", by its sound": ", nach dem Klang" };
/** The reasons of forms.csv, and the notes of documents.csv: whole, or a clause of several. Faults stay as they are. */
const REASONS = [
  [/^a lone name; where it stands, (.*) is named in full, and far more often than others it fits$/,
    (_, full) => `ein Name allein; wo er steht, wird ${full} mit vollem Namen genannt, und weit öfter als andere, auf die er passt`],
  [/^a lone family name; its documents name nobody in full whom it fits, and in all others only (.*) has it$/,
    (_, full) => `ein Familienname allein; seine Dokumente nennen niemanden mit vollem Namen, auf den er passt, und in allen anderen trägt ihn nur ${full}`],
  [/^language assumed$/, () => "Sprache angenommen"],
  [/^no recogniser for ([a-z]{2,3})$/, (_, code) => `kein Erkenner für ${new Intl.DisplayNames(["de"], { type: "language" }).of(code)}`],
  [/^founding form$/, () => "Ausgangsform"],
  [/^your decision$/, () => "Ihre Entscheidung"],
  [/^the same spelling$/, () => "dieselbe Schreibweise"],
  [/^the same reading$/, () => "klingt gleich"],
  [/^(\w+) spelling of the same reading$/, (_, script) => `${SCRIPTS[script] ?? script} Schreibweise desselben Klangs`],
  [/^another transcription or spelling of a like reading$/, () => "andere Umschrift oder Schreibweise ähnlichen Klangs"],
  [/^family and given name agree$/, () => "Familien- und Vorname stimmen überein"],
  [/^family and given name do not both agree$/, () => "Familien- und Vorname stimmen nicht beide überein"],
  [/^family name first in one$/, () => "einmal steht der Familienname vorn"],
  [/^an initial stands for a name$/, () => "ein Anfangsbuchstabe steht für einen Namen"],
  [/^(.*) is left out in one$/, (_, part) => `${part} fehlt einmal`],
  [/^(.*) and (.*) are only alike$/, (_, one, other) => `${one} und ${other} sind nur ähnlich`],
  [/^(.*) and (.*) contradict each other$/, (_, one, other) => `${one} und ${other} widersprechen sich`],
  [/^too little agrees$/, () => "zu wenig stimmt überein"],
  [/^no part of one sounds like a part of the other$/, () => "kein Teil des einen klingt wie einer des anderen"],
  [/^only (.*) is in both, one part of a name is not enough$/, (_, part) => `nur ${part} haben beide, ein Teil eines Namens genügt nicht`],
  [/^nothing to compare$/, () => "nichts zu vergleichen"],
  [/^the same name with or without its legal form$/, () => "derselbe Name mit oder ohne Rechtsform"],
  [/^the same name in another spelling$/, () => "derselbe Name in anderer Schreibweise"],
  [/^(.*?)(, inflected or qualified|, by its sound|) of the same place or organisation$/,
    (_, relation, found) => `${RELATIONS[relation] ?? relation}${FOUND[found]} desselben Ortes oder derselben Organisation`],
];

function inGerman(reason) {
  const known = REASONS.find(([pattern]) => pattern.test(reason));
  if (known) return reason.replace(...known);
  const by = reason.match(/^as (.*?): (.*)$/);
  if (by) return `wie ${by[1]}: ${inGerman(by[2])}`;
  const clauses = reason.split("; ");
  return clauses.length > 1 ? clauses.map(inGerman).join("; ") : reason;
}
