//! How far the work is, on standard error.

use super::{counted, settings::Progress, tell};
use crate::Document;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use std::{
    io::IsTerminal,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// The least time between two lines of plain or JSON progress.
const PAUSE: Duration = Duration::from_secs(1);

/// Counts finished documents, from any thread, and tells.
pub struct Meter {
    form: Form,
    /// Bytes that are expected; 0 if nobody knows.
    total: u64,
    begun: Instant,
    counts: Mutex<Counts>,
}

enum Form {
    Bar(ProgressBar),
    Plain,
    Json,
    None,
}

struct Counts {
    documents: u64,
    faulty: u64,
    bytes: u64,
    told: Instant,
}

impl Meter {
    /// Progress of a command that does its work alone; `total` is the size of its input in bytes, 0 if unknown.
    pub fn new(wanted: Option<Progress>, total: u64) -> Self {
        let at_terminal = std::io::stderr().is_terminal();
        let form = match wanted.unwrap_or(Progress::Auto) {
            Progress::Auto if at_terminal => Form::Bar(bar(total)),
            Progress::Bar => Form::Bar(bar(total)),
            Progress::Plain => Form::Plain,
            Progress::Json => Form::Json,
            Progress::Auto | Progress::None => Form::None,
        };
        let now = Instant::now();
        let counts = Mutex::new(Counts { documents: 0, faulty: 0, bytes: 0, told: now });
        Self { form, total, begun: now, counts }
    }

    /// Progress of a filter, which says nothing unless it is asked to: several share one terminal.
    pub fn of_filter(wanted: Option<Progress>, total: u64) -> Self {
        let wanted = wanted.filter(|&wanted| wanted != Progress::Auto);
        Self::new(wanted.or(Some(Progress::None)), total)
    }

    /// One more document is finished.
    pub fn step(&self, document: &Document) {
        // A thread that panicked while it counted has left nothing half done.
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.documents += 1;
        counts.faulty += u64::from(!document.faults.is_empty());
        counts.bytes += document.source.bytes;
        if let Form::Bar(bar) = &self.form {
            bar.set_position(counts.bytes.min(self.total));
            let rate = counts.documents as f64 / self.begun.elapsed().as_secs_f64().max(0.001);
            let faulty =
                if counts.faulty > 0 { format!(", {} faulty", counts.faulty) } else { String::new() };
            bar.set_message(format!("{}, {rate:.1} a second{faulty}", counted(counts.documents, "document")));
        } else if counts.told.elapsed() >= PAUSE {
            counts.told = Instant::now();
            self.tell(&counts);
        }
    }

    fn tell(&self, counts: &Counts) {
        let (documents, faulty, seconds) =
            (counts.documents, counts.faulty, self.begun.elapsed().as_secs_f64());
        let share = (self.total > 0).then(|| counts.bytes as f64 / self.total as f64);
        match self.form {
            Form::Plain => {
                let share = share.map_or(String::new(), |share| format!(", {:.0} %", 100.0 * share.min(1.0)));
                let documents = counted(documents, "document");
                tell(format!("{documents}, {faulty} faulty{share}, {seconds:.0} s"));
            }
            Form::Json => tell(json!({
                "documents": documents, "faulty": faulty, "bytes": counts.bytes,
                "total_bytes": (self.total > 0).then_some(self.total), "seconds": (seconds * 1000.0).round() / 1000.0,
            })),
            Form::Bar(_) | Form::None => {}
        }
    }
}

impl Drop for Meter {
    /// The last word: the bar is gone, the lines end with the final counts.
    fn drop(&mut self) {
        match &self.form {
            Form::Bar(bar) => bar.finish_and_clear(),
            _ => self.tell(&self.counts.lock().unwrap_or_else(PoisonError::into_inner)),
        }
    }
}

fn bar(total: u64) -> ProgressBar {
    let (bar, template) = match total {
        0 => (ProgressBar::new_spinner(), "{spinner} {msg}, {elapsed}"),
        _ => (ProgressBar::new(total), "{bar:30} {percent:>3} %  {msg}, {eta} left"),
    };
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    bar.set_style(style);
    bar.set_message("no document yet");
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}
