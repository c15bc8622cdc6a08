//! Page: the line being set and the current styles; commands come in, strips of dots go out.

use super::command::Command;
use crate::receipt::bitmap::Bitmap;
use crate::receipt::font::{self, Cell, EM_DOTS};
use qrcode::{Color, EcLevel, QrCode};
use std::collections::VecDeque;

/// Line spacing after `ESC @`, in dots.
const DEFAULT_SPACING: usize = 30;
/// Largest QR content kept, in bytes.
const QR_BYTES_MAX: usize = 7_089;
/// Largest number of rows in a strip.
const STRIP_ROWS_MAX: usize = 16_000;

/// Work that waits for head and cutter, in order.
#[derive(Debug)]
pub enum Work {
    /// Burn dots, with their text or QR content.
    Strip(Strip),
    /// Cut the paper.
    Cut,
}

/// Strip of dots over the whole width.
#[derive(Debug)]
pub struct Strip {
    /// Dots of the strip.
    pub dots: Bitmap,
    /// Text of the line, if the strip is one.
    pub text: Option<String>,
    /// Content of the QR code, if the strip is one.
    pub code: Option<Vec<u8>>,
}

#[derive(Debug, Clone, Copy)]
struct Style {
    times_wide: usize,
    times_high: usize,
    bold: bool,
    inverse: bool,
    underline: bool,
}

impl Default for Style {
    fn default() -> Self {
        Self { times_wide: 1, times_high: 1, bold: false, inverse: false, underline: false }
    }
}

struct Placed {
    c: Option<char>,
    x: usize,
    width: usize,
    style: Style,
}

/// State of the page between commands.
pub struct Page {
    width: usize,
    chinese_at_start: bool,
    line: Vec<Placed>,
    x: usize,
    style: Style,
    align: u8,
    spacing: usize,
    /// True in Chinese mode: two bytes make a character.
    pub chinese: bool,
    qr_module: usize,
    qr_level: u8,
    qr_data: Vec<u8>,
    /// Number of rows from one mark of the stock to the next; none for plain paper.
    pub pitch: Option<usize>,
    /// Number of rows fed since the last mark.
    fed: usize,
    /// Work that waits to be burnt or cut.
    pub work: VecDeque<Work>,
}

impl Page {
    /// Creates a page of this width, in dots; `chinese_at_start` is true if the printer needs no `FS &`.
    pub fn new(width: usize, chinese_at_start: bool) -> Self {
        let mut page = Self {
            width,
            chinese_at_start,
            line: Vec::new(),
            x: 0,
            style: Style::default(),
            align: 0,
            spacing: DEFAULT_SPACING,
            chinese: chinese_at_start,
            qr_module: 3,
            qr_level: 48,
            qr_data: Vec::new(),
            pitch: None,
            fed: 0,
            work: VecDeque::new(),
        };
        page.initialise();
        page
    }

    /// Initialises as `ESC @` does: styles as at power on; the line being set is lost.
    pub fn initialise(&mut self) {
        self.line.clear();
        self.x = 0;
        self.style = Style::default();
        self.align = 0;
        self.spacing = DEFAULT_SPACING;
        self.chinese = self.chinese_at_start;
        (self.qr_module, self.qr_level) = (3, 48);
        self.qr_data.clear();
    }

    /// Executes the commands that concern the page; others are left alone.
    pub fn execute(&mut self, command: &Command<'_>) {
        match *command {
            Command::Character { c, wide } => self.place(c, wide),
            Command::LineFeed => self.end_line(self.spacing),
            Command::Initialise => self.initialise(),
            Command::FeedDots(dots) => self.end_line(usize::from(dots)),
            Command::FeedLines(lines) => self.end_line(self.spacing * usize::from(lines)),
            Command::LineSpacing(dots) => self.spacing = dots.map_or(DEFAULT_SPACING, usize::from),
            Command::Size(n) => {
                self.style.times_wide = usize::from(n >> 4 & 7) + 1;
                self.style.times_high = usize::from(n & 7) + 1;
            }
            Command::Mode(n) => {
                self.style.bold = n & 0x08 != 0;
                self.style.times_high = if n & 0x10 != 0 { 2 } else { 1 };
                self.style.times_wide = if n & 0x20 != 0 { 2 } else { 1 };
                self.style.underline = n & 0x80 != 0;
            }
            Command::Bold(on) => self.style.bold = on,
            Command::Underline(on) => self.style.underline = on,
            Command::Inverse(on) => self.style.inverse = on,
            Command::Align(n) if self.line.is_empty() => self.align = n,
            Command::Position(x) => self.x = usize::from(x).min(self.width),
            Command::Chinese(on) => self.chinese = on,
            Command::QrModule(dots) => self.qr_module = usize::from(dots.clamp(1, 16)),
            Command::QrLevel(level) => self.qr_level = level,
            Command::QrStore(data) => {
                self.qr_data.clear();
                self.qr_data.extend_from_slice(data.get(..QR_BYTES_MAX).unwrap_or(data));
            }
            Command::ToMark => self.feed_to_mark(),
            Command::QrPrint => self.print_qr(),
            Command::Raster { mode, stride, rows } => self.print_raster(mode, stride, rows),
            Command::Cut { feed, to_cutter } => {
                self.end_line(0);
                if to_cutter {
                    self.end_line(usize::from(feed));
                }
                self.work.push_back(Work::Cut);
            }
            _ => {}
        }
    }

    /// Adds a strip; everything that moves paper goes through here.
    fn strip(&mut self, dots: Bitmap, text: Option<String>, code: Option<Vec<u8>>) {
        self.fed += dots.height();
        self.work.push_back(Work::Strip(Strip { dots, text, code }));
    }

    fn feed_to_mark(&mut self) {
        self.end_line(0);
        let Some(pitch) = self.pitch.filter(|pitch| *pitch > 0) else { return };
        let beyond = self.fed % pitch;
        if beyond > 0 {
            self.strip(Bitmap::new(self.width, pitch - beyond), None, None);
        }
        self.fed = 0;
    }

    /// Drops the line being set and all work that waits.
    pub fn clear(&mut self) {
        self.line.clear();
        self.x = 0;
        self.work.clear();
    }

    fn place(&mut self, c: Option<char>, wide: bool) {
        let width = if wide { EM_DOTS } else { EM_DOTS / 2 } * self.style.times_wide;
        if self.x + width > self.width {
            self.end_line(self.spacing);
        }
        if width <= self.width {
            self.line.push(Placed { c, x: self.x, width, style: self.style });
            self.x += width;
        }
    }

    /// Prints the line being set and advances by `advance` dots, or by the line's height if that is more.
    fn end_line(&mut self, advance: usize) {
        let line = std::mem::take(&mut self.line);
        self.x = 0;
        let height = line.iter().map(|placed| EM_DOTS * placed.style.times_high).max().unwrap_or(0);
        let rows = height.max(advance).min(STRIP_ROWS_MAX);
        if rows == 0 {
            return;
        }
        let mut dots = Bitmap::new(self.width, rows);
        let used = line.last().map_or(0, |placed| placed.x + placed.width);
        let shift = self.shift(used);
        for placed in &line {
            Self::draw(&mut dots, placed, shift, height);
        }
        let text: String = line.iter().map(|placed| placed.c.unwrap_or('\u{FFFD}')).collect();
        let text = (!line.is_empty()).then_some(text);
        self.strip(dots, text, None);
    }

    fn draw(dots: &mut Bitmap, placed: &Placed, shift: usize, height: usize) {
        let style = placed.style;
        let y = height - EM_DOTS * style.times_high;
        let cell = Cell {
            x: placed.x + shift,
            y,
            width: placed.width,
            times_wide: style.times_wide,
            times_high: style.times_high,
            bold: style.bold,
            inverse: style.inverse,
        };
        font::draw(dots, placed.c, cell);
        if style.underline && !style.inverse {
            dots.fill(cell.x, height - 1, cell.width, 1);
        }
    }

    fn shift(&self, used: usize) -> usize {
        let free = self.width.saturating_sub(used);
        match self.align {
            1 => free / 2,
            2 => free,
            _ => 0,
        }
    }

    /// Prints the stored QR code; one wider than the paper prints nothing, as on a printer.
    fn print_qr(&mut self) {
        let level = match self.qr_level {
            49 => EcLevel::M,
            50 => EcLevel::Q,
            51 => EcLevel::H,
            _ => EcLevel::L,
        };
        if self.qr_data.is_empty() {
            return;
        }
        let Ok(code) = QrCode::with_error_correction_level(&self.qr_data, level) else { return };
        let (modules, size) = (code.width(), self.qr_module);
        if modules * size > self.width {
            return;
        }
        self.end_line(0);
        let left = self.shift(modules * size);
        let mut dots = Bitmap::new(self.width, modules * size);
        for (i, color) in code.to_colors().into_iter().enumerate() {
            if color == Color::Dark {
                dots.fill(left + i % modules * size, i / modules * size, size, size);
            }
        }
        self.strip(dots, None, Some(self.qr_data.clone()));
    }

    fn print_raster(&mut self, mode: u8, stride: usize, rows: &[u8]) {
        if stride == 0 {
            return;
        }
        self.end_line(0);
        let (wide, high) = (1 + usize::from(mode & 1), 1 + usize::from(mode >> 1 & 1));
        let height = (rows.len() / stride * high).min(STRIP_ROWS_MAX);
        let mut dots = Bitmap::new(self.width, height);
        let left = self.shift(stride * 8 * wide);
        for (y, row) in rows.chunks_exact(stride).enumerate() {
            for (x, _) in (0..stride * 8)
                .map(|x| (x, row.get(x / 8)))
                .filter(|(x, byte)| byte.is_some_and(|byte| byte & (0x80 >> (x % 8)) != 0))
            {
                dots.fill(left + x * wide, y * high, wide, high);
            }
        }
        self.strip(dots, None, None);
    }
}
