//! Tables for a terminal, in which a Chinese character is two cells wide.

use std::fmt;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Widest column, cells; longer texts end in `…`.
const CELLS_MAX: usize = 60;

/// A table: headings, then rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    /// Returns a table with these headings and no rows.
    pub(super) fn new(headings: &[&str]) -> Self {
        Self { rows: vec![headings.iter().map(|heading| (*heading).to_owned()).collect()] }
    }

    /// Adds a row; missing cells stay empty.
    pub(super) fn row(&mut self, cells: &[Option<&str>]) {
        self.rows.push(cells.iter().map(|cell| tame(cell.unwrap_or_default())).collect());
    }
}

/// Returns the text without control characters, and no wider than a column.
pub(super) fn tame(text: &str) -> String {
    let mut shown = String::new();
    let mut cells = 0;
    for c in text.chars() {
        let c = if c.is_control() { ' ' } else { c };
        cells += c.width().unwrap_or(0);
        if cells > CELLS_MAX {
            shown.push('…');
            break;
        }
        shown.push(c);
    }
    shown
}

/// Pads the text with blanks to a width of `cells`.
pub(super) fn padded(text: &str, cells: usize) -> String {
    format!("{text}{}", " ".repeat(cells.saturating_sub(text.width())))
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |column: usize| {
            self.rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        for row in &self.rows {
            let cells: Vec<String> =
                row.iter().zip(&widths).map(|(cell, width)| padded(cell, *width)).collect();
            writeln!(f, "{}", cells.join("  ").trim_end())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_columns_stand_below_each_other() {
        let mut table = Table::new(&["film", "min"]);
        table.row(&[Some("重返20岁"), Some("97")]);
        table.row(&[Some("Up"), None]);
        table.row(&[None, Some("5")]);
        assert_eq!(table.to_string(), "film      min\n重返20岁  97\nUp\n          5\n");
    }

    #[test]
    fn a_terminal_obeys_nothing_and_lines_stay_short() {
        assert_eq!(tame("a\u{1b}[2J\nb"), "a [2J b");
        assert_eq!(tame(&"影".repeat(500)).width(), 61);
    }
}
