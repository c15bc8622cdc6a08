//! Keys with an effect of their own on a page, beyond going on or back.

use super::ask::{Ask, How, Live, Pin};
use super::entries::Digits;
use super::page::{Page, Purpose};
use super::{GRID, Key, Menu, Surface, VALUE_MAX};
use std::time::Duration;

impl Menu {
    pub(super) fn enter(&mut self) -> Option<Ask> {
        match self.pages.last()? {
            Page::Pin { user, typed, .. } if !typed.is_empty() => {
                let ask = Ask::CheckPin { user: user.clone(), pin: Pin(typed.clone()) };
                if let Some(Page::Pin { typed, .. }) = self.pages.last_mut() {
                    typed.clear();
                }
                self.ask(ask)
            }
            Page::Digits { what, typed } if !typed.is_empty() => {
                let ask = match what {
                    Digits::Claim => Ask::Claim(format!("{typed:0>6}")),
                    Digits::Number => Ask::Query(typed.clone()),
                };
                self.pages.pop();
                self.ask(ask)
            }
            Page::Confirm { ask, .. } => {
                let ask = ask.clone();
                self.pages.pop();
                match ask {
                    Ask::Settle { case, how: How::PrintAgain, second: None } => {
                        self.choose_user(Purpose::Second(case));
                        None
                    }
                    ask => self.ask(ask),
                }
            }
            _ => None,
        }
    }

    pub(super) fn edit(&mut self, key: Key) -> Option<Ask> {
        let direct = self.surface == Surface::Terminal;
        let Some(Page::Edit { key: setting, typed, row }) = self.pages.last_mut() else { return None };
        let mut add = |c: char| {
            if typed.len() < VALUE_MAX && !c.is_control() {
                typed.push(c);
            }
        };
        match (key, *row) {
            (Key::Digit(digit), _) if direct => add(char::from(b'0' + digit.min(9))),
            (Key::Digit(digit), None) => *row = Some(digit),
            (Key::Digit(digit), Some(first)) => {
                *row = None;
                let picked = GRID.get(usize::from(first)).and_then(|row| row.chars().nth(usize::from(digit)));
                picked.into_iter().for_each(add);
            }
            (Key::Character(c), _) => add(c),
            (Key::Back, Some(_)) => *row = None,
            (Key::Back, None) => {
                if typed.pop().is_none() {
                    return self.back();
                }
            }
            (Key::Enter, _) => {
                let ask = Ask::Save { key: setting.clone(), value: typed.trim().to_owned() };
                self.pages.pop();
                return self.ask(ask);
            }
        }
        None
    }

    pub(super) fn live_key(&mut self, key: Key, now: Duration) -> Option<Ask> {
        let keys = self.watching() == Some(Live::Keys);
        if keys && self.surface == Surface::Screen {
            let name = match key {
                Key::Digit(digit) => digit.to_string(),
                Key::Character(c) => c.to_string(),
                Key::Back => "back".into(),
                Key::Enter => "enter".into(),
            };
            return self.key_seen(&name, now);
        }
        if key == Key::Back { self.stop_watching() } else { None }
    }

    pub(super) fn stop_watching(&mut self) -> Option<Ask> {
        self.pages.pop();
        self.asked += 1;
        Some(Ask::StopWatching)
    }
}
