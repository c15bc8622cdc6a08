//! The newest lines of the log, in memory: for the menu and the support bundle.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// Lines kept.
const LINES_MAX: usize = 1_000;
/// The longest kept, bytes; the rest is cut.
const LINE_MAX: usize = 400;

static RING: Mutex<VecDeque<String>> = Mutex::new(VecDeque::new());

/// Keeps one line.
pub fn keep(mut line: String) {
    let mut end = line.len().min(LINE_MAX);
    while !line.is_char_boundary(end) {
        end -= 1;
    }
    line.truncate(end);
    let mut ring = RING.lock().unwrap_or_else(PoisonError::into_inner);
    while ring.len() >= LINES_MAX {
        ring.pop_front();
    }
    ring.push_back(line);
}

/// The newest lines, the oldest first, at most so many.
pub fn newest(most: usize) -> Vec<String> {
    let ring = RING.lock().unwrap_or_else(PoisonError::into_inner);
    let skip = ring.len().saturating_sub(most);
    ring.iter().skip(skip).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_are_kept_within_bounds() {
        for n in 0..LINES_MAX + 5 {
            keep(format!("ring {n} {}", "票".repeat(n % 400)));
        }
        let lines = newest(usize::MAX);
        assert_eq!(lines.len(), LINES_MAX);
        assert!(lines.iter().all(|line| line.len() <= LINE_MAX));
        let own: Vec<_> = newest(3).into_iter().filter(|line| line.starts_with("ring ")).collect();
        assert!(own.last().is_none_or(|line| line.starts_with("ring 1004 ")), "{own:?}");
    }
}
