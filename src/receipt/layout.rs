//! Layout of a ticket: TOML that places each item, read and checked before anything is printed.

use super::bitmap::Bitmap;
use super::document::{Align, Size};
use super::logo::{self, LogoError};
use super::profile::Profile;
use super::template::Template;
use crate::locale::Text;
use serde::Deserialize;
use std::sync::Arc;

mod check;
mod error;

pub use error::LayoutError;

const MM_80: &str = include_str!("../../config/layouts/80mm.toml");
const MM_58: &str = include_str!("../../config/layouts/58mm.toml");

/// Largest number of items in a layout.
pub const ITEMS_MAX: usize = 64;
/// Largest number of columns in a row.
pub const COLUMNS_MAX: usize = 4;

/// Setting for showing the service fee (`service_fee`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ServiceFee {
    /// The fee is shown on every ticket, also where it is 0.
    #[default]
    Always,
    /// The fee is shown where one was charged.
    Charged,
    /// The fee is never shown, nor a sum with it.
    Never,
}

/// A layout, checked: complete, and with valid templates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// Name of the layout as staff know it.
    pub name: String,
    /// Narrowest paper that it is made for, in dots.
    pub narrowest_dots: u16,
    /// Setting for the lines and columns with the service fee.
    pub service_fee: ServiceFee,
    /// Items of the layout, top to bottom.
    pub items: Vec<Item>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    narrowest_dots: u16,
    #[serde(default)]
    service_fee: ServiceFee,
    item: Vec<Item>,
}

/// An item of a layout (`[[item]]`).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub enum Item {
    /// Text over the whole width. If it is too long for `max_lines`, it is printed smaller, at last on more lines.
    Text {
        /// Template of the text.
        text: Template,
        /// Alignment of the text.
        #[serde(default)]
        align: Align,
        /// Magnification, [width, height].
        #[serde(default)]
        size: SizeKey,
        /// True for bold text.
        #[serde(default)]
        bold: bool,
        /// Number of lines it may take at its size.
        #[serde(default = "one")]
        max_lines: u8,
    },
    /// Columns of equal width, with small labels above them. If a text is too long for its column, the row is printed
    /// smaller, at last one cell below the other.
    Row {
        /// Labels above the columns; none or as many as `texts`.
        #[serde(default)]
        labels: Vec<Template>,
        /// Templates of the columns, one each.
        texts: Vec<Template>,
        /// Magnification of the texts, [width, height].
        #[serde(default)]
        size: SizeKey,
        /// True for bold texts.
        #[serde(default)]
        bold: bool,
    },
    /// A rule across the paper.
    Rule {},
    /// White paper between two items.
    Feed {
        /// Length of the white paper, in dots, 1 to 255.
        dots: u8,
    },
    /// The QR code with `ticket_info_code`.
    Qr {
        /// Dots per module, 4 to 12; 3 where the paper is too narrow for more.
        module_dots: u8,
    },
    /// A second QR code, the cinema's own: a web address, on the stub, small, at the left and with its caption below,
    /// so that nobody at a door takes it for the state's.
    Link {
        /// Address, `https://…`, at most 120 characters of ASCII. Nothing of the ticket is in it.
        url: String,
        /// Caption that tells the customer the code's purpose.
        caption: Template,
        /// Dots per module, 3 to 5 and fewer than the state's.
        #[serde(default = "link_module")]
        module_dots: u8,
    },
    /// A picture at the left margin, whose grey is dithered once at the start; white borders in it centre it.
    Logo {
        /// Name of a PNG beside the layout file.
        file: String,
        /// Width on paper, in dots; at most that of the layout's narrowest paper.
        width_dots: u16,
        /// Dots of the picture, once it has been read.
        #[serde(skip)]
        dots: Option<Arc<Bitmap>>,
    },
    /// The dashed line above the stub.
    Perforation {
        /// Template of the word in it.
        text: Template,
    },
}

/// Value of the key `size`: `[width, height]`.
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

impl Layout {
    /// Returns the built-in layout for the printer's width.
    ///
    /// # Errors
    /// Fails if the printer is narrower than any built-in layout.
    pub fn built_in_for(profile: &Profile) -> Result<Self, LayoutError> {
        let wide = Self::parse(MM_80)?;
        let layout = if profile.width_dots >= wide.narrowest_dots { wide } else { Self::parse(MM_58)? };
        layout.fits(profile)?;
        Ok(layout)
    }

    /// Reads a layout from TOML and checks it.
    ///
    /// # Errors
    /// Fails on unknown keys or fields, values out of range, or a missing item that every ticket must show.
    pub fn parse(text: &str) -> Result<Self, LayoutError> {
        let file: File = toml::from_str(text).map_err(|error| LayoutError::Unreadable(error.to_string()))?;
        let layout = Self {
            name: file.name,
            narrowest_dots: file.narrowest_dots,
            service_fee: file.service_fee,
            items: file.item,
        };
        layout.check()?;
        Ok(layout)
    }

    /// Checks that the layout fits the printer's paper.
    ///
    /// # Errors
    /// Fails if the paper is too narrow.
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

    /// Reads the logos' files and dithers them. `read` returns a file's content, or the reason why it can't.
    ///
    /// # Errors
    /// Fails on a file that can't be read or is no picture for a ticket.
    pub fn take_logos(
        &mut self,
        mut read: impl FnMut(&str) -> Result<Vec<u8>, Text>,
    ) -> Result<(), LayoutError> {
        let layout = self.name.clone();
        for item in &mut self.items {
            let Item::Logo { file, width_dots, dots } = item else { continue };
            let made = read(file)
                .and_then(|bytes| {
                    logo::dither(&bytes, usize::from(*width_dots)).map_err(|error: LogoError| error.text())
                })
                .map_err(|problem| LayoutError::Logo {
                    layout: layout.clone(),
                    file: file.clone(),
                    problem,
                })?;
            *dots = Some(Arc::new(made));
        }
        Ok(())
    }
}

impl Item {
    fn templates(&self) -> impl Iterator<Item = &Template> {
        let (one, many, more): (Option<&Template>, &[Template], &[Template]) = match self {
            Self::Text { text, .. } | Self::Perforation { text } => (Some(text), &[], &[]),
            Self::Row { labels, texts, .. } => (None, labels, texts),
            Self::Link { caption, .. } => (Some(caption), &[], &[]),
            Self::Rule {} | Self::Feed { .. } | Self::Qr { .. } | Self::Logo { .. } => (None, &[], &[]),
        };
        one.into_iter().chain(many).chain(more)
    }
}

fn one() -> u8 {
    1
}

fn link_module() -> u8 {
    4
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
            ("module_dots = 6", "module_dots = 3", "module_dots"),
            ("module_dots = 6", "module_dots = 6\ncolour = 1", "colour"),
            ("size = [3, 3]", "size = [3, 9]", "1 to 8"),
            ("kind = \"rule\"", "kind = \"ruler\"", "ruler"),
            ("kind = \"rule\"", "kind = \"rule\"\ndots = 3", "dots"),
            ("kind = \"rule\"", "kind = \"qr\"\nmodule_dots = 6", "exactly one"),
            ("kind = \"rule\"", "kind = \"logo\"\nfile = \"/etc/passwd\"\nwidth_dots = 400", "file"),
            ("kind = \"rule\"", "kind = \"logo\"\nfile = \"a.png\"\nwidth_dots = 4000", "width_dots"),
            ("narrowest_dots = 504", "narrowest_dots = 100", "narrowest_dots"),
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

    #[test]
    fn a_second_code_that_could_be_taken_for_the_states_is_refused() {
        let link = |url: &str, more: &str| {
            format!("{MM_80}\n[[item]]\nkind = \"link\"\nurl = \"{url}\"\ncaption = \"会员\"\n{more}")
        };
        assert!(Layout::parse(&link("https://cinema.example/app", "")).is_ok());
        for (bad, word) in [
            (link("17212101QUJD", ""), "https://"),
            (link("http://cinema.example", ""), "https://"),
            (link(&format!("https://{}", "x".repeat(120)), ""), "120"),
            (link("https://cinema.example", "module_dots = 6"), "module_dots"),
            (link("https://cinema.example", "").replace("会员", " "), "caption"),
        ] {
            let error = Layout::parse(&bad).unwrap_err().to_string();
            assert!(error.contains(word), "{word}: {error}");
        }
        let above = MM_80.replacen(
            "kind = \"rule\"",
            "kind = \"link\"\nurl = \"https://a.example\"\ncaption = \"x\"",
            1,
        );
        assert!(Layout::parse(&above).unwrap_err().to_string().contains("perforation"));
    }

    #[test]
    fn a_layout_that_never_shows_the_fee_needs_no_place_for_it() {
        let without = MM_80.replace(", \"￥{service}\"", "").replace(", \"服务费 FEE\"", "");
        assert!(Layout::parse(&without).is_err());
        let never = format!("service_fee = \"never\"\n{without}");
        assert_eq!(Layout::parse(&never).unwrap().service_fee, ServiceFee::Never);
    }
}
