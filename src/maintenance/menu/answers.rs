//! Answers to the menu's requests, and the pages that follow.

use super::ask::{self, Ask, How, Live, MenuAnswer, PinAnswer, Report};
use super::entries::{Item, List, MenuStep};
use super::page::{Page, Purpose, SEEN_MAX};
use super::{BACK_OUT, BOUNCE, Menu, Surface, draw};
use crate::fault_code::FaultCode;
use crate::locale::Text;
use std::time::Duration;

impl Menu {
    /// Handles the answer to the question with this number.
    pub fn answer(&mut self, asked: u64, answer: MenuAnswer, now: Duration) -> Option<Ask> {
        if asked != self.asked || self.over {
            return None;
        }
        if let MenuAnswer::Seen(line) = answer {
            self.seen(line);
            return None;
        }
        let Some(Page::Working { title }) = self.pages.last() else { return None };
        let title = title.clone();
        self.pages.pop();
        self.touched = now;
        match answer {
            MenuAnswer::Pin(answer) => return self.pin_answer(answer),
            MenuAnswer::Report(report) => self.report(title, report),
            MenuAnswer::Cases(cases) => {
                let items = cases
                    .into_iter()
                    .map(|case| Item { name: draw::case(&case), step: MenuStep::Case(case) });
                let items: Vec<_> = items.collect();
                if items.is_empty() {
                    let none = Text::new("没有未处理的票。", "No ticket is uncertain or owed.");
                    self.report(title, Report::yes(vec![none]));
                } else {
                    self.choice(title, items);
                }
            }
            MenuAnswer::Settings(settings) => {
                let items = settings.into_iter().map(|(key, value)| Item {
                    name: ask::same(format!("{key} = {value}")),
                    step: MenuStep::Edit(key, value),
                });
                self.choice(title, items.collect());
            }
            MenuAnswer::UsbDrives(what, drives) => {
                let items = drives.into_iter().map(|(drive, name)| Item {
                    name: ask::same(name),
                    step: MenuStep::Ask(Ask::Write { what, drive }),
                });
                let items: Vec<_> = items.collect();
                if items.is_empty() {
                    let none = Text::new(
                        "没有找到 U 盘：请插入后重试。",
                        "No USB stick is there: put one in and try again.",
                    );
                    self.report(title, Report::no(vec![none]));
                } else {
                    self.choice(title, items);
                }
            }
            MenuAnswer::Seen(_) => {}
        }
        None
    }

    /// Handles a key of keypad or screen during the test of the keys.
    pub fn key_seen(&mut self, name: &str, now: Duration) -> Option<Ask> {
        self.touched = now;
        let Some(Page::Live { what: Live::Keys, last, .. }) = self.pages.last_mut() else { return None };
        let before = last.take();
        let same = before.as_ref().filter(|(key, ..)| key == name);
        let count = same.map_or(1, |(_, _, count)| count + 1);
        let apart = before.as_ref().map(|(_, at, _)| now.saturating_sub(*at));
        *last = Some((name.to_owned(), now, count));
        let mut line = format!("[{name}]");
        if let Some(apart) = apart {
            line.push_str(&format!("  +{} ms", apart.as_millis()));
        }
        let bounces = same.is_some() && apart.is_some_and(|apart| apart < BOUNCE);
        let (zh, en) = if bounces { ("  抖动！", "  bounces!") } else { ("", "") };
        self.seen(Text::new(format!("{line}{zh}"), format!("{line}{en}")));
        let out = name == "back" && count >= BACK_OUT && self.surface == Surface::Screen;
        if out { self.stop_watching() } else { None }
    }

    fn pin_answer(&mut self, answer: PinAnswer) -> Option<Ask> {
        let Some(Page::Pin { user, purpose, said, .. }) = self.pages.last_mut() else { return None };
        match answer {
            PinAnswer::Wrong { left } => {
                *said = Some(Text::new(
                    format!("密码错误，还可以试 {left} 次。"),
                    format!("That PIN is wrong. Tries left: {left}."),
                ));
            }
            PinAnswer::Locked { seconds } => {
                let code = FaultCode::PinsLocked;
                *said = Some(Text::new(
                    format!("错误次数过多，请 {seconds} 秒后再试（{code}）。"),
                    format!("Too many wrong PINs: try again in {seconds} seconds ({code})."),
                ));
            }
            PinAnswer::Right => {
                let (user, purpose) = (user.clone(), purpose.clone());
                self.pages.pop();
                // The list of users below goes with it.
                if matches!(self.pages.last(), Some(Page::Choice { users: Some(_), .. })) {
                    self.pages.pop();
                }
                return match purpose {
                    Purpose::SignIn => {
                        self.who = self.users.iter().find(|known| known.name == user).cloned();
                        self.open(List::Main);
                        Some(Ask::SignedIn)
                    }
                    Purpose::Second(case) => {
                        self.ask(Ask::Settle { case, how: How::PrintAgain, second: Some(user) })
                    }
                };
            }
        }
        None
    }

    fn seen(&mut self, line: Text) {
        if let Some(Page::Live { lines, .. }) = self.pages.last_mut() {
            lines.push_back(line);
            while lines.len() > SEEN_MAX {
                lines.pop_front();
            }
        }
    }
}
