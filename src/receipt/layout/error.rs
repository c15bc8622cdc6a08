//! Reason why a layout can't be used, in both languages.

use crate::locale::{Text, display_text, text};

/// Reason why a layout can't be used.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum LayoutError {
    /// The text is not TOML, has an unknown key or field, or a value of the wrong kind.
    Unreadable(String),
    /// An item that every ticket must show is missing.
    Incomplete {
        /// Name of the layout.
        layout: String,
        /// Name of the missing field or item.
        missing: Text,
    },
    /// A value is outside its range.
    Invalid {
        /// Name of the layout.
        layout: String,
        /// Description of the mistake and of what would be right.
        problem: Text,
    },
    /// A logo can't be used.
    Logo {
        /// Name of the layout.
        layout: String,
        /// File name of the logo.
        file: String,
        /// Description of the problem.
        problem: Text,
    },
    /// The ticket can get too long for one form of the stock.
    TooLong {
        /// Name of the layout.
        layout: String,
        /// Longest ticket of this layout, in millimetres.
        needed: u32,
        /// Pitch of the stock's forms, in millimetres.
        has: u32,
    },
    /// The printer's paper is too narrow for the layout.
    TooWide {
        /// Name of the layout.
        layout: String,
        /// Width that the layout needs, in dots.
        needed: u16,
        /// Name of the printer's profile.
        printer: String,
        /// Width that the printer prints, in dots.
        has: u16,
    },
}

display_text!(LayoutError);

impl LayoutError {
    /// Returns the reason in both languages.
    pub fn text(&self) -> Text {
        match self {
            Self::Unreadable(reason) => text!("票面版式无法解析：{reason}", "ticket layout: {reason}"),
            Self::Incomplete { layout, missing } => text!(
                "票面版式 \"{layout}\"：缺少{missing:#}；每张票都必须有",
                "ticket layout \"{layout}\": {missing} is missing; every ticket must show it"
            ),
            Self::Invalid { layout, problem } => {
                text!("票面版式 \"{layout}\"：{problem:#}", "ticket layout \"{layout}\": {problem}")
            }
            Self::Logo { layout, file, problem } => text!(
                "票面版式 \"{layout}\"：{file}：{problem:#}",
                "ticket layout \"{layout}\": {file}: {problem}"
            ),
            Self::TooLong { layout, needed, has } => text!(
                "票面版式 \"{layout}\" 遇到最长的名称时要 {needed} 毫米；一张票纸只有 {has} 毫米",
                "ticket layout \"{layout}\" can take {needed} mm with the longest names; one form of the paper has {has} mm"
            ),
            Self::TooWide { layout, needed, printer, has } => text!(
                "票面版式 \"{layout}\" 需要 {needed} 点宽；{printer} 只能打 {has} 点",
                "ticket layout \"{layout}\" needs {needed} dots across; {printer} prints {has}"
            ),
        }
    }
}
