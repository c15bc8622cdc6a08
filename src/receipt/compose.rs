//! Composition of a ticket's document, by the layout.

use super::document::{Align, Block, Document, Line, QrCode, Size, Span, Style};
use super::layout::{Item, Layout, LayoutError, ServiceFee};
use super::profile::{CELL_DOTS, Profile};
use super::sample::{SAMPLE_HEADING, sample_ticket};
use super::template::{Field, Template, Values};
use super::text;
use crate::locale::{Text, display_text, text};
use crate::ticket::{Cents, Mark, Ticket};
use jiff::tz::TimeZone;

/// Policy for the content of a sample's QR code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QrPolicy {
    /// The real data, sample or not: for the virtual printer.
    Verbatim,
    /// The word SAMPLE instead of a sample's 180 characters: somebody could carry the paper to the door.
    NoSampleCodes,
}

/// Options of a ticket's composition.
#[derive(Debug, Clone, Copy)]
pub struct ComposeOptions<'a> {
    /// Profile of the printer.
    pub profile: &'a Profile,
    /// Time zone of the cinema.
    pub zone: &'a TimeZone,
    /// Mark of the paper: original or reprint.
    pub mark: Mark,
    /// True to mark the paper as a sample even if the ticket itself doesn't look like one.
    pub sample: bool,
    /// Policy for the content of a sample's QR code.
    pub qr: QrPolicy,
}

/// Reason why a ticket has no document.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ComposeError {
    /// The layout can't be used with this printer.
    Layout(#[from] LayoutError),
    /// The ticket has no `ticket_info_code`; such a ticket is never printed.
    NoInfoCode,
    /// The `ticket_info_code` has characters or a length that no QR code of ours may carry.
    BadInfoCode {
        /// Length of the `ticket_info_code`, in bytes.
        length: usize,
    },
}

display_text!(ComposeError);

impl ComposeError {
    /// Returns the reason in both languages.
    pub fn text(&self) -> Text {
        match self {
            Self::Layout(error) => error.text(),
            Self::NoInfoCode => Text::new(
                "票还没有 ticket_info_code；请再向取票服务查询",
                "the ticket has no ticket_info_code yet; ask the site again",
            ),
            Self::BadInfoCode { length } => text!(
                "{length} 字节的 ticket_info_code 太长或不是可打印的 ASCII；取票服务发送有误",
                "ticket_info_code of {length} bytes is too long or not printable ASCII; the site sends it wrongly"
            ),
        }
    }
}

impl Layout {
    /// Composes the document of one ticket.
    ///
    /// # Errors
    /// Fails without `ticket_info_code`, with one that can't be printed, or on paper too narrow for the layout.
    pub fn ticket(&self, ticket: &Ticket, order: &ComposeOptions<'_>) -> Result<Document, ComposeError> {
        self.fits(order.profile)?;
        let code = ticket.info_code.as_str();
        if code.is_empty() {
            return Err(ComposeError::NoInfoCode);
        }
        let sample = order.sample || ticket.is_sample();
        let mut page = Page {
            document: Document { blocks: Vec::with_capacity(40) },
            width_dots: usize::from(order.profile.width_dots),
            values: Values::new(ticket, order.zone),
        };
        page.marks(sample, order.mark);
        let fee = match self.service_fee {
            ServiceFee::Always => true,
            ServiceFee::Charged => ticket.service != Cents(0),
            ServiceFee::Never => false,
        };
        for item in &self.items {
            match item {
                Item::Text { text, .. } if !fee && shows_fee(text) => {}
                Item::Text { text, align, size, bold, max_lines } => {
                    let style = Style { size: size.0, bold: *bold, inverse: false };
                    page.text(text, *align, style, usize::from(*max_lines));
                }
                Item::Row { labels, texts, size, bold } => {
                    let style = Style { size: size.0, bold: *bold, inverse: false };
                    page.row(labels, texts, style, fee);
                }
                Item::Rule {} => page.document.blocks.push(Block::Rule),
                Item::Feed { dots } => page.document.feed(*dots),
                Item::Qr { module_dots } => {
                    let hidden = sample && order.qr == QrPolicy::NoSampleCodes;
                    let data = if hidden { "SAMPLE" } else { code };
                    let qr = QrCode::new(data, *module_dots)
                        .ok_or(ComposeError::BadInfoCode { length: code.len() })?;
                    page.document.blocks.push(Block::Qr(qr.fitting(page.width_dots)));
                }
                Item::Perforation { text } => {
                    let word = text.fill(&page.values).into_owned();
                    page.document.blocks.push(Block::Perforation(word));
                    page.document.feed(12);
                    page.marks(sample, order.mark);
                }
                Item::Link { url, caption, module_dots } => {
                    // The layout was checked: its address is never too long.
                    if let Some(qr) = QrCode::new(url, *module_dots) {
                        page.document.blocks.push(Block::Link(qr.fitting(page.width_dots)));
                        page.text(caption, Align::Left, Style::default(), 2);
                    }
                }
                Item::Logo { dots, .. } => {
                    page.document.blocks.extend(dots.as_ref().map(|dots| Block::Picture(dots.clone())));
                }
            }
        }
        page.document.keep_quiet();
        Ok(page.document)
    }

    /// Returns the longest that a ticket can get on this printer's paper, in dots, whatever the site sends: every name
    /// as long as the protocol allows, and printed again by authority.
    ///
    /// # Errors
    /// Fails if the paper is too narrow for the layout.
    pub fn longest_dots(&self, profile: &Profile) -> Result<usize, ComposeError> {
        const NAME_CHARS: usize = 32;
        let mut ticket = sample_ticket();
        let name = "影".repeat(NAME_CHARS);
        ticket.cinema_name.clone_from(&name);
        ticket.film_name.clone_from(&name);
        ticket.screen_name.clone_from(&name);
        ticket.seat_name = name;
        let zone = TimeZone::UTC;
        let mark = Mark::Reprint(1);
        let order = ComposeOptions { profile, zone: &zone, mark, sample: false, qr: QrPolicy::Verbatim };
        Ok(self.ticket(&ticket, &order)?.height_dots())
    }
}

/// Returns true if this text shows the service fee, or a sum with it.
fn shows_fee(text: &Template) -> bool {
    text.shows(Field::Service) || text.shows(Field::Total)
}

struct Page<'a> {
    document: Document,
    width_dots: usize,
    values: Values<'a>,
}

impl Page<'_> {
    /// Adds the bands that mark a sample or a reprint: at the head of the paper and again on the stub.
    fn marks(&mut self, sample: bool, mark: Mark) {
        if sample {
            band(&mut self.document, self.width_dots, SAMPLE_HEADING);
        }
        if let Mark::Reprint(count) = mark {
            band(&mut self.document, self.width_dots, &format!("补打 REPRINT {count}"));
        }
    }

    fn text(&mut self, template: &Template, align: Align, style: Style, max_lines: usize) {
        let filled = template.fill(&self.values);
        let mut size = style.size;
        let lines = loop {
            let lines = text::wrap(&filled, columns(self.width_dots, size));
            match smaller(size) {
                Some(next) if lines.len() > max_lines => size = next,
                _ => break lines,
            }
        };
        for line in lines {
            self.document.line(align, Style { size, ..style }, line);
        }
    }

    /// Adds a row; `fee` is true if a column with the service fee is shown, too.
    fn row(&mut self, labels: &[Template], texts: &[Template], style: Style, fee: bool) {
        let values = &self.values;
        let shown = |at: &usize| fee || texts.get(*at).is_none_or(|text| !shows_fee(text));
        let fill = |all: &[Template]| -> Vec<String> {
            let kept = all.iter().enumerate().filter(|(at, _)| shown(at));
            kept.map(|(_, text)| text.fill(values).into_owned()).collect()
        };
        let (labels, texts) = (fill(labels), fill(texts));
        if texts.is_empty() {
            return;
        }
        let column_dots = self.width_dots / texts.len().max(1);
        let plain = Size::default();
        let labels_fit =
            labels.iter().enumerate().all(|(i, label)| fits(label, plain, column_dots, i + 1 == texts.len()));
        let sizes: Option<Vec<Size>> = texts
            .iter()
            .enumerate()
            .map(|(i, text)| largest(text, style.size, column_dots, i + 1 == texts.len()))
            .collect();
        let Some(sizes) = sizes.filter(|_| labels_fit) else {
            return self.stack(&labels, &texts, style);
        };
        let span = |i: usize, text: String, style: Style| {
            let at = u16::try_from(i * column_dots).ok().filter(|&at| at > 0);
            Span { at, text, style }
        };
        let labels: Vec<_> =
            labels.into_iter().enumerate().map(|(i, label)| span(i, label, Style::default())).collect();
        let texts = texts.into_iter().zip(sizes).enumerate();
        let texts: Vec<_> = texts.map(|(i, (text, size))| span(i, text, Style { size, ..style })).collect();
        for spans in [labels, texts].into_iter().filter(|spans| !spans.is_empty()) {
            self.document.blocks.push(Block::Line(Line { align: Align::Left, spans }));
        }
    }

    /// Adds a row that doesn't fit: one cell below the other, at single width.
    fn stack(&mut self, labels: &[impl AsRef<str>], texts: &[impl AsRef<str>], style: Style) {
        let size = Size::new(1, style.size.height.min(2));
        let mut lines = Vec::new();
        for (i, cell) in texts.iter().enumerate() {
            if let Some(label) = labels.get(i) {
                let wrapped = text::wrap(label.as_ref(), columns(self.width_dots, Size::default()));
                lines.extend(wrapped.into_iter().map(|line| (Style::default(), line)));
            }
            let wrapped = text::wrap(cell.as_ref(), columns(self.width_dots, size));
            lines.extend(wrapped.into_iter().map(|line| (Style { size, ..style }, line)));
        }
        for (style, line) in lines {
            self.document.line(Align::Left, style, line);
        }
    }
}

/// Adds a band of white words on black over the whole width, as large as fits.
pub(crate) fn band(document: &mut Document, width_dots: usize, words: &str) {
    let fits = |size: &Size| text::width(words) + 2 <= columns(width_dots, *size);
    let size = [Size::new(3, 3), Size::new(2, 2)].into_iter().find(fits).unwrap_or(Size::new(1, 2));
    let free = columns(width_dots, size).saturating_sub(text::width(words));
    let mut line = " ".repeat(free / 2);
    line.push_str(words);
    line.extend(std::iter::repeat_n(' ', free - free / 2));
    document.line(Align::Left, Style { size, bold: true, inverse: true }, line);
    document.feed(12);
}

/// Returns the number of cells of this size that fit `dots`.
pub(crate) fn columns(dots: usize, size: Size) -> usize {
    dots / (usize::from(CELL_DOTS) * usize::from(size.width))
}

/// Returns true if a text fits a column, with a cell's width between it and the next.
fn fits(text: &str, size: Size, column_dots: usize, last: bool) -> bool {
    let gap = if last { 0 } else { usize::from(CELL_DOTS) };
    text::width(text) * usize::from(CELL_DOTS) * usize::from(size.width) + gap <= column_dots
}

/// Returns the largest size up to this one at which a text fits its column.
fn largest(text: &str, size: Size, column_dots: usize, last: bool) -> Option<Size> {
    std::iter::successors(Some(size), |&size| smaller(size)).find(|&size| fits(text, size, column_dots, last))
}

/// Returns the next smaller size, if there is one: less wide, and not much taller than wide.
fn smaller(size: Size) -> Option<Size> {
    let width = size.width.checked_sub(1).filter(|&width| width > 0)?;
    Some(Size::new(width, size.height.min(width.max(2))))
}

#[cfg(test)]
mod tests;
