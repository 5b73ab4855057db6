//! How far a run is, on standard error.

use super::settings::Progress;
use indicatif::{ProgressBar, ProgressStyle};
use std::{io::IsTerminal, time::Duration};

/// Documents between two lines of plain or JSON progress.
const EVERY: u64 = 100;

pub struct Meter {
    bar: Option<ProgressBar>,
    style: Progress,
    done: u64,
    faulty: u64,
}

impl Meter {
    /// `total` is how many documents are expected; there may be more, as containers hold several.
    pub fn new(style: Option<Progress>, total: u64) -> Self {
        let style = match style.unwrap_or(Progress::Auto) {
            Progress::Auto if std::io::stderr().is_terminal() => Progress::Bar,
            Progress::Auto => Progress::None,
            style => style,
        };
        let template = "{bar:30} {pos}/{len} documents, {per_sec}, {eta} left{msg}";
        let bar = (style == Progress::Bar).then(|| {
            let look =
                ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
            let bar = ProgressBar::new(total).with_style(look);
            bar.enable_steady_tick(Duration::from_millis(200));
            bar
        });
        Self { bar, style, done: 0, faulty: 0 }
    }

    pub fn step(&mut self, faulty: bool) {
        self.done += 1;
        self.faulty += u64::from(faulty);
        if let Some(bar) = &self.bar {
            bar.set_length(bar.length().unwrap_or(0).max(self.done));
            bar.inc(1);
            if faulty {
                bar.set_message(format!(", {} faulty", self.faulty));
            }
        } else if self.done.is_multiple_of(EVERY) {
            self.tell();
        }
    }

    fn tell(&self) {
        let (done, faulty) = (self.done, self.faulty);
        match self.style {
            Progress::Plain => eprintln!("{done} documents, {faulty} faulty"),
            Progress::Json => eprintln!("{{\"documents\":{done},\"faulty\":{faulty}}}"),
            _ => {}
        }
    }

    pub fn finish(self) {
        match &self.bar {
            Some(bar) => bar.finish_and_clear(),
            None => self.tell(),
        }
    }
}
