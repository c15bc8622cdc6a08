//! A ticket's layout: TOML that says what stands where, read and checked before anything is printed.

use super::document::{Align, Size};
use super::profile::Profile;
use super::template::{Field, Template};
use serde::Deserialize;

const MM_80: &str = include_str!("../../config/layouts/80mm.toml");
const MM_58: &str = include_str!("../../config/layouts/58mm.toml");

/// Most items in a layout.
pub const ITEMS_MAX: usize = 64;
/// Most columns in a row.
pub const COLUMNS_MAX: usize = 4;

/// What every ticket must show, wherever the layout puts it.
const REQUIRED: [Field; 9] = [
    Field::Cinema,
    Field::Film,
    Field::Date,
    Field::Time,
    Field::Hall,
    Field::Seat,
    Field::Price,
    Field::Service,
    Field::TicketNo,
];

/// A layout, checked: complete, and every template in it understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// What staff call it.
    pub name: String,
    /// The narrowest paper it is made for, in dots.
    pub narrowest_dots: u16,
    /// Top to bottom.
    pub items: Vec<Item>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    narrowest_dots: u16,
    item: Vec<Item>,
}

/// One entry of a layout.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub enum Item {
    /// Text over the whole width. Too long for `max_lines`, it is printed smaller, at last on more lines.
    Text {
        /// What it says.
        text: Template,
        /// Where it stands.
        #[serde(default)]
        align: Align,
        /// Magnification [width, height].
        #[serde(default)]
        size: SizeKey,
        /// Bold.
        #[serde(default)]
        bold: bool,
        /// Lines it may take at its size.
        #[serde(default = "one")]
        max_lines: u8,
    },
    /// Columns of equal width, small labels above them. Too long for its column, the row is printed
    /// smaller, at last one below the other.
    Row {
        /// Above each column; none or as many as texts.
        #[serde(default)]
        labels: Vec<Template>,
        /// One a column.
        texts: Vec<Template>,
        /// Magnification of the texts.
        #[serde(default)]
        size: SizeKey,
        /// The texts are bold.
        #[serde(default)]
        bold: bool,
    },
    /// A line across.
    Rule {},
    /// White paper.
    Feed {
        /// How much, 1 to 255.
        dots: u8,
    },
    /// The QR code with ticket_info_code.
    Qr {
        /// Dots to a module, 3 to 12; 4 and more scan well at 203 dots to the inch.
        module_dots: u8,
    },
    /// The dashed line above the stub.
    Perforation {
        /// The word in it.
        text: Template,
    },
}

/// `size = [width, height]`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(try_from = "[u8; 2]")]
pub struct SizeKey(pub Size);

impl TryFrom<[u8; 2]> for SizeKey {
    type Error = String;

    fn try_from([width, height]: [u8; 2]) -> Result<Self, String> {
        let size = Size::new(width, height);
        if (size.width, size.height) == (width, height) {
            Ok(Self(size))
        } else {
            Err(format!("size [{width}, {height}]: both must be 1 to 8"))
        }
    }
}

/// Why a layout can't be used.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum LayoutError {
    /// Not TOML, an unknown key or field, or a value of the wrong kind.
    #[error("ticket layout: {0}")]
    Unreadable(String),
    /// Something every ticket must show is missing.
    #[error("ticket layout \"{layout}\": {missing} is missing; every ticket must show it")]
    Incomplete {
        /// Which layout.
        layout: String,
        /// What is missing.
        missing: String,
    },
    /// A value outside its range.
    #[error("ticket layout \"{layout}\": {problem}")]
    Invalid {
        /// Which layout.
        layout: String,
        /// What is wrong and what would be right.
        problem: String,
    },
    /// The printer's paper is too narrow for it.
    #[error("ticket layout \"{layout}\" needs {needed} dots across; {printer} prints {has}")]
    TooWide {
        /// Which layout.
        layout: String,
        /// What it needs.
        needed: u16,
        /// Which printer.
        printer: String,
        /// What that has.
        has: u16,
    },
}

impl Layout {
    /// The built-in layout for the printer's width.
    ///
    /// # Errors
    /// The printer is narrower than any built-in layout.
    pub fn built_in_for(profile: &Profile) -> Result<Self, LayoutError> {
        let wide = Self::parse(MM_80)?;
        let layout = if profile.width_dots >= wide.narrowest_dots { wide } else { Self::parse(MM_58)? };
        layout.fits(profile)?;
        Ok(layout)
    }

    /// Reads a layout from TOML and checks it.
    ///
    /// # Errors
    /// Unknown keys or fields, values out of range, something missing that every ticket must show.
    pub fn parse(text: &str) -> Result<Self, LayoutError> {
        let file: File = toml::from_str(text).map_err(|error| LayoutError::Unreadable(error.to_string()))?;
        let layout = Self { name: file.name, narrowest_dots: file.narrowest_dots, items: file.item };
        layout.check()?;
        Ok(layout)
    }

    /// Whether it fits the printer's paper.
    ///
    /// # Errors
    /// The paper is too narrow.
    pub fn fits(&self, profile: &Profile) -> Result<(), LayoutError> {
        if profile.width_dots >= self.narrowest_dots {
            return Ok(());
        }
        Err(LayoutError::TooWide {
            layout: self.name.clone(),
            needed: self.narrowest_dots,
            printer: profile.name.clone(),
            has: profile.width_dots,
        })
    }

    fn check(&self) -> Result<(), LayoutError> {
        let invalid = |problem: String| LayoutError::Invalid { layout: self.name.clone(), problem };
        if self.items.len() > ITEMS_MAX {
            return Err(invalid(format!("it has {} items; at most {ITEMS_MAX}", self.items.len())));
        }
        for item in &self.items {
            match item {
                Item::Row { labels, texts, .. } => {
                    if !(1..=COLUMNS_MAX).contains(&texts.len()) {
                        return Err(invalid(format!("a row must have 1 to {COLUMNS_MAX} texts")));
                    }
                    if !labels.is_empty() && labels.len() != texts.len() {
                        return Err(invalid("a row must have no labels or as many as texts".into()));
                    }
                }
                Item::Qr { module_dots } if !(3..=12).contains(module_dots) => {
                    return Err(invalid(format!("module_dots is {module_dots}; it must be 3 to 12")));
                }
                Item::Feed { dots: 0 } => return Err(invalid("dots is 0; it must be 1 to 255".into())),
                Item::Text { max_lines: 0, .. } => {
                    return Err(invalid("max_lines is 0; it must be 1 or more".into()));
                }
                _ => {}
            }
        }
        self.check_complete()
    }

    fn check_complete(&self) -> Result<(), LayoutError> {
        let incomplete = |missing: String| LayoutError::Incomplete { layout: self.name.clone(), missing };
        for field in REQUIRED {
            if !self.items.iter().any(|item| item.templates().any(|text| text.shows(field))) {
                return Err(incomplete(format!("{{{}}}", field.name())));
            }
        }
        let qr_codes = self.items.iter().filter(|item| matches!(item, Item::Qr { .. })).count();
        if qr_codes != 1 {
            return Err(LayoutError::Invalid {
                layout: self.name.clone(),
                problem: format!("it has {qr_codes} items of kind \"qr\"; a ticket has exactly one"),
            });
        }
        if !self.items.iter().any(|item| matches!(item, Item::Perforation { .. })) {
            return Err(incomplete("an item of kind \"perforation\" (the stub)".into()));
        }
        Ok(())
    }
}

impl Item {
    fn templates(&self) -> impl Iterator<Item = &Template> {
        let (one, many, more): (Option<&Template>, &[Template], &[Template]) = match self {
            Self::Text { text, .. } | Self::Perforation { text } => (Some(text), &[], &[]),
            Self::Row { labels, texts, .. } => (None, labels, texts),
            Self::Rule {} | Self::Feed { .. } | Self::Qr { .. } => (None, &[], &[]),
        };
        one.into_iter().chain(many).chain(more)
    }
}

fn one() -> u8 {
    1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_layouts_read_and_fit_their_printers() {
        for (name, _) in super::super::profile::BUILT_IN {
            let profile = Profile::built_in(name).unwrap();
            let layout = Layout::built_in_for(&profile).unwrap();
            assert!(layout.narrowest_dots <= profile.width_dots, "{name}");
        }
    }

    #[test]
    fn a_layout_without_what_the_rules_want_is_refused_by_name() {
        for (gone, word) in [("{seat}", "{seat}"), ("{service}", "{service}"), ("{ticket_no}", "{ticket_no}")]
        {
            let error = Layout::parse(&MM_80.replace(gone, "x")).unwrap_err();
            assert!(matches!(error, LayoutError::Incomplete { .. }), "{error}");
            assert!(error.to_string().contains(word), "{error}");
        }
        let error = Layout::parse(&MM_80.replace("kind = \"perforation\"", "kind = \"text\"")).unwrap_err();
        assert!(error.to_string().contains("perforation"), "{error}");
    }

    #[test]
    fn mistakes_are_named() {
        for (from, to, word) in [
            ("= \"{film}\"", "= \"{flim}\"", "flim"),
            ("module_dots = 6", "module_dots = 1", "module_dots"),
            ("module_dots = 6", "module_dots = 6\ncolour = 1", "colour"),
            ("size = [3, 3]", "size = [3, 9]", "1 to 8"),
            ("kind = \"rule\"", "kind = \"ruler\"", "ruler"),
            ("kind = \"rule\"", "kind = \"rule\"\ndots = 3", "dots"),
            ("kind = \"rule\"", "kind = \"qr\"\nmodule_dots = 6", "exactly one"),
        ] {
            assert!(MM_80.contains(from), "{from}");
            let error = Layout::parse(&MM_80.replacen(from, to, 1)).unwrap_err();
            assert!(error.to_string().contains(word), "{word}: {error}");
        }
    }

    #[test]
    fn wide_layouts_are_refused_on_narrow_paper() {
        let narrow = Profile::built_in("generic-58").unwrap();
        let error = Layout::parse(MM_80).unwrap().fits(&narrow).unwrap_err();
        assert!(matches!(error, LayoutError::TooWide { has: 384, .. }), "{error}");
    }
}
