//! The menu as lines of text: what every surface shows.

use super::ask::{Ask, Case, Live};
use super::entries::Digits;
use super::page::Page;
use super::{GRID, ITEMS, Menu, Surface};
use crate::locale::{Language, Text};
use crate::ticket::SeatState;
use serde::{Deserialize, Serialize};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns of a line; a Chinese character has two. Fits a serial console of 80 and a screen of 800 pixels.
pub const COLUMNS: usize = 58;
/// Lines of a page, below its title and above its last line: fits 24.
pub const LINES: usize = 16;

/// Page as lines of text.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Shown {
    /// Title, above the lines.
    pub title: String,
    /// Lines of the page, at most [`LINES`] of at most [`COLUMNS`].
    pub lines: Vec<String>,
    /// Last line: the keys and their effect.
    pub foot: String,
    /// True while an answer is waited for.
    pub working: bool,
    /// True if the page is a report of failure.
    pub wrong: bool,
}

impl Menu {
    /// Returns the page on show as lines of text.
    pub fn shown(&self) -> Shown {
        self.pages.last().map_or_else(Shown::default, |page| page.shown(self.surface, self.language))
    }
}

impl Page {
    /// Returns the page as lines of text, for a surface.
    fn shown(&self, surface: Surface, language: Language) -> Shown {
        let say = |text: &Text| text.in_language(language).to_owned();
        let (title, body, foot) = match self {
            Self::Choice { title, said, items, from, .. } => {
                let many = items.len() > ITEMS + 1;
                let shown = items.iter().skip(*from).take(if many { ITEMS } else { ITEMS + 1 });
                let mut lines: Vec<Text> = said.iter().cloned().collect();
                lines.extend(shown.zip(1..).map(|(item, at): (_, u32)| {
                    Text::new(format!("{at}  {}", item.name.zh), format!("{at}  {}", item.name.en))
                }));
                if many {
                    lines.push(Text::new("9  下一页", "9  more"));
                }
                (title.clone(), lines, Text::new("数字选择 · 0 返回", "digit: choose · 0: back"))
            }
            Self::Pin { user, typed, said, .. } => {
                let mut lines =
                    vec![Text::new(format!("{user}，请输入密码："), format!("{user}, your PIN:"))];
                lines.push(super::ask::same("*".repeat(typed.len())));
                lines.extend(said.iter().cloned());
                (Text::new("密码", "PIN"), lines, typing())
            }
            Self::Digits { what, typed } => {
                let ask = match what {
                    Digits::Claim => Text::new("领取编号（6 位）：", "Claim reference, 6 digits:"),
                    Digits::Number => Text::new("取票号：", "Booking number:"),
                };
                (ask.clone(), vec![ask, super::ask::same(format!("{typed}_"))], typing())
            }
            Self::Edit { key, typed, row } => {
                (super::ask::same(key.clone()), editing(surface, typed, *row), typing())
            }
            Self::Confirm { question, .. } => {
                let foot = Text::new("确定 · 返回取消", "Enter: yes · Back: no");
                (Text::new("请确认", "Are you sure?"), vec![question.clone()], foot)
            }
            Self::Working { title } => {
                let lines = vec![Text::new("请稍候……", "One moment…")];
                (title.clone(), lines, Text::new("返回：不再等待", "Back: don't wait"))
            }
            Self::Report { title, lines, from, .. } => {
                let all = wrapped(lines, language);
                let last = from + LINES >= all.len();
                let foot = if last {
                    Text::new("确定或返回", "Enter or Back")
                } else {
                    Text::new("确定：下一页 · 返回", "Enter: more · Back")
                };
                let lines = all.into_iter().skip(*from).map(super::ask::same).collect();
                (title.clone(), lines, foot)
            }
            Self::Live { what, lines, .. } => live(surface, *what, lines.iter().cloned().collect()),
        };
        Shown {
            title: cut(&say(&title)),
            lines: wrapped(&body, language).into_iter().take(LINES).collect(),
            foot: cut(&say(&foot)),
            working: matches!(self, Self::Working { .. }),
            wrong: matches!(self, Self::Report { ok: false, .. }),
        }
    }
}

/// Returns the lines of a value being typed; on a surface without letters, with the grid of characters.
fn editing(surface: Surface, typed: &str, row: Option<u8>) -> Vec<Text> {
    let mut lines = vec![super::ask::same(format!("{typed}_"))];
    if surface == Surface::Screen {
        lines.push(Text::new(
            "每个字符按两位数字：先行后列。",
            "Each character by two digits: its row, then its column.",
        ));
        lines.push(super::ask::same("     0 1 2 3 4 5 6 7 8 9"));
        for (at, characters) in GRID.iter().enumerate() {
            let here = if row == u8::try_from(at).ok() { '>' } else { ' ' };
            let spread: Vec<String> =
                characters.chars().map(|c| if c == ' ' { "␣".into() } else { c.to_string() }).collect();
            lines.push(super::ask::same(format!("{here} {at}  {}", spread.join(" "))));
        }
    }
    lines
}

/// Returns title, lines and last line of a live test.
fn live(surface: Surface, what: Live, seen: Vec<Text>) -> (Text, Vec<Text>, Text) {
    let back = Text::new("返回：结束", "Back: end");
    let (title, wait, foot) = match what {
        Live::Scanner => (
            Text::new("扫码器测试", "Scanner test"),
            Text::new("请扫一个码。此时不会出票。", "Scan a code. Nothing is printed now."),
            back,
        ),
        Live::Keys => (
            Text::new("键盘与触摸测试", "Keypad and touch test"),
            Text::new("请按每一个键。", "Press each key."),
            if surface == Surface::Screen {
                Text::new("连按三次返回：结束", "Back three times: end")
            } else {
                back
            },
        ),
    };
    let lines = if seen.is_empty() { vec![wait] } else { seen };
    (title, lines, foot)
}

fn typing() -> Text {
    Text::new("确定：完成 · 返回：删除", "Enter: done · Back: delete")
}

/// Returns an unsettled ticket as one line.
pub fn case(case: &Case) -> Text {
    let claim = case.claim.as_deref().unwrap_or("------");
    let (zh, en) =
        if case.state == SeatState::Reserved { ("未出", "owed") } else { ("未确认", "uncertain") };
    Text::new(
        format!("{claim}  {}  {zh}  {}", case.seat, case.at),
        format!("{claim}  {}  {en}  {}", case.seat, case.at),
    )
}

/// Returns the title of the page that waits for an answer, and of the answer.
pub fn title_of(ask: &Ask) -> Text {
    let (zh, en) = match ask {
        Ask::CheckPin { .. } | Ask::SignedIn | Ask::Leave => ("密码", "PIN"),
        Ask::State => ("状态", "State"),
        Ask::PaperChanged => ("换纸", "Paper change"),
        Ask::Cases | Ask::Claim(_) => ("未确认和未出的票", "Uncertain and owed tickets"),
        Ask::Settle { .. } => ("处理", "Settling"),
        Ask::Slip => ("班次小结", "Shift slip"),
        Ask::Service(_) => ("服务", "Service"),
        Ask::TestTicket => ("测试票", "Test ticket"),
        Ask::Alignment => ("对齐图案", "Alignment pattern"),
        Ask::Characters => ("全部字符", "Every character"),
        Ask::Printer => ("型号与原始状态", "Identity and raw status"),
        Ask::Watch(_) | Ask::StopWatching => ("测试", "Test"),
        Ask::Panel => ("指示灯和蜂鸣器", "Lamps and buzzer"),
        Ask::SignIn | Ask::Query(_) => ("影院取票服务", "Pickup service"),
        Ask::Cloud => ("云端", "Cloud"),
        Ask::Clock => ("时钟", "Clock"),
        Ask::Network => ("网络", "Network"),
        Ask::Disk => ("磁盘", "Disk"),
        Ask::Journal => ("取票记录", "Journal"),
        Ask::Log => ("日志", "Log"),
        Ask::Config | Ask::Settings | Ask::Save { .. } | Ask::Acknowledge => ("配置", "Configuration"),
        Ask::Restart | Ask::Reboot | Ask::PowerOff => ("重启与关机", "Restart and power"),
        Ask::Acceptance => ("验收测试", "Acceptance run"),
        Ask::UsbDrives(_) | Ask::Write { .. } => ("U 盘", "USB stick"),
    };
    Text::new(zh, en)
}

/// Wraps paragraphs into lines of at most [`COLUMNS`], without control characters.
pub fn wrapped(paragraphs: &[Text], language: Language) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in paragraphs {
        for part in paragraph.in_language(language).split('\n') {
            wrap(part, &mut lines);
        }
    }
    lines
}

/// Chinese marks that no line begins with: the character before goes onto the next line with them.
const CLOSING: &str = "，。、；：？！）”’》…";

fn wrap(text: &str, lines: &mut Vec<String>) {
    let (mut line, mut columns) = (String::new(), 0);
    // The line may be broken behind its last blank.
    let mut blank = None;
    for c in text.chars() {
        let c = if c.is_control() { ' ' } else { c };
        let width = c.width().unwrap_or(0);
        if columns + width > COLUMNS {
            let rest = match blank {
                Some(at) => line.split_off(at),
                None if CLOSING.contains(c) => line.pop().map(String::from).unwrap_or_default(),
                None => String::new(),
            };
            lines.push(line.trim_end().to_owned());
            line = rest;
            columns = line.width();
            blank = None;
        }
        line.push(c);
        columns += width;
        if c == ' ' {
            blank = Some(line.len());
        }
    }
    lines.push(line.trim_end().to_owned());
}

fn cut(text: &str) -> String {
    let mut lines = Vec::new();
    wrap(text, &mut lines);
    lines.into_iter().next().unwrap_or_default()
}
