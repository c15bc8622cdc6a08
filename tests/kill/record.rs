//! Newest pickups of a record that grows long: only what came since the last look is read, through the running kiosk.

use crate::e2e::Home;
use pickup_kiosk::kiosk::control::{self, Pickups, Request, Shape};
use serde_json::Value;

/// Record of pickups, as far as it was read before.
pub struct Record<'a> {
    home: &'a Home,
    /// Start of the last page, and the number of pickups that lie before.
    page: (i64, usize),
    /// The last pickup before that page.
    before: Option<Value>,
}

impl<'a> Record<'a> {
    /// Returns a record of which nothing was read.
    pub fn new(home: &'a Home) -> Self {
        Self { home, page: (0, 0), before: None }
    }

    /// Returns the number of pickups.
    pub fn count(&mut self) -> usize {
        let last = self.last_page().len();
        self.page.1 + last
    }

    /// Returns the newest pickup, if there are more than `count`.
    pub fn newest_after(&mut self, count: usize) -> Option<Value> {
        let mut last = self.last_page();
        let there_are_more = self.page.1 + last.len() > count;
        let newest = last.pop().or_else(|| self.before.clone());
        newest.filter(|_| there_are_more)
    }

    fn last_page(&mut self) -> Vec<Value> {
        loop {
            let page = Pickups { shape: Shape::JsonLines, day: None, unresolved: false, after: self.page.0 };
            let answer = control::call(&self.home.state_dir(), &Request::Pickups(page)).unwrap();
            let answer = answer.expect("a running kiosk");
            assert!(answer.ok, "{}", answer.text);
            let mut pickups: Vec<Value> =
                answer.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
            // A page is left behind once its last pickup has ended.
            let ended = pickups.last().is_some_and(|last| last["outcome"].is_string());
            match answer.next.filter(|_| ended) {
                Some(next) => {
                    self.page = (next, self.page.1 + pickups.len());
                    self.before = pickups.pop();
                }
                None => return pickups,
            }
        }
    }
}
