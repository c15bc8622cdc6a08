//! Terminal or serial console: raw keys in, lines out, only those that have changed.

use crate::maintenance::menu::draw::{LINES, Shown};
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcgetwinsize, tcsetattr};
use std::io::{self, Write};
use unicode_width::UnicodeWidthChar;

/// Columns of a terminal of unknown size, such as a serial console.
const COLUMNS: u16 = 80;

/// Terminal in raw mode; its former mode is restored when this is dropped.
pub(super) struct Terminal {
    before: Termios,
    drawn: Vec<String>,
    columns: usize,
}

impl Terminal {
    pub(super) fn open() -> io::Result<Self> {
        let input = io::stdin();
        let before = tcgetattr(&input)?;
        let mut raw = before.clone();
        raw.make_raw();
        tcsetattr(&input, OptionalActions::Flush, &raw)?;
        let mut out = io::stdout().lock();
        // The alternate screen, where there is one; cleared; without a cursor.
        out.write_all(b"\x1b[?1049h\x1b[2J\x1b[?25l")?;
        out.flush()?;
        Ok(Self { before, drawn: Vec::new(), columns: 0 })
    }

    pub(super) fn draw(&mut self, shown: &Shown) -> io::Result<()> {
        let columns = tcgetwinsize(io::stdout()).map_or(COLUMNS, |size| size.ws_col);
        let columns = usize::from(if columns == 0 { COLUMNS } else { columns });
        if columns != self.columns {
            self.columns = columns;
            self.drawn.clear();
        }
        let mark = if shown.wrong { " !" } else { "" };
        let mut lines = vec![format!("{}{mark}", shown.title), String::new()];
        lines.extend(shown.lines.iter().cloned());
        lines.resize(LINES + 3, String::new());
        lines.push(shown.foot.clone());
        let mut out = Vec::new();
        for (at, line) in lines.iter().enumerate() {
            if self.drawn.get(at) != Some(line) {
                let weight = if at == 0 { "\x1b[1m" } else { "" };
                write!(out, "\x1b[{};1H\x1b[K{weight}{}\x1b[0m", at + 1, cut(line, columns))?;
            }
        }
        self.drawn = lines;
        let mut to = io::stdout().lock();
        to.write_all(&out)?;
        to.flush()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let mut out = io::stdout().lock();
        let _ = out.write_all(b"\x1b[?25h\x1b[?1049l");
        let _ = out.flush();
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, &self.before);
    }
}

fn cut(line: &str, columns: usize) -> String {
    let mut left = columns;
    let fits = |c: &char| {
        let width = c.width().unwrap_or(0);
        let fits = width <= left;
        left = left.saturating_sub(width);
        fits
    };
    line.chars().filter(|c| !c.is_control()).take_while(fits).collect()
}
