//! Bitmap of black and white dots, as a thermal head prints them.

/// A picture of one bit per dot, rows packed to whole bytes; a set bit is black.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bitmap {
    width: usize,
    height: usize,
    bytes: Vec<u8>,
}

impl Bitmap {
    /// Creates white paper of this size.
    pub fn new(width: usize, height: usize) -> Self {
        Self { width, height, bytes: vec![0; width.div_ceil(8) * height] }
    }

    /// Returns the width, in dots.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Returns the height, in rows.
    pub fn height(&self) -> usize {
        self.height
    }

    fn stride(&self) -> usize {
        self.width.div_ceil(8)
    }

    /// Returns true if the dot is black; outside the picture everything is white.
    pub fn get(&self, x: usize, y: usize) -> bool {
        x < self.width
            && y < self.height
            && self.bytes.get(y * self.stride() + x / 8).is_some_and(|byte| byte & (0x80 >> (x % 8)) != 0)
    }

    /// Makes the dot black or white; outside the picture nothing happens.
    pub fn set(&mut self, x: usize, y: usize, black: bool) {
        if x >= self.width || y >= self.height {
            return;
        }
        let at = y * self.stride() + x / 8;
        if let Some(byte) = self.bytes.get_mut(at) {
            let bit = 0x80 >> (x % 8);
            if black { *byte |= bit } else { *byte &= !bit }
        }
    }

    /// Makes a rectangle black.
    pub fn fill(&mut self, left: usize, top: usize, width: usize, height: usize) {
        for y in top..top.saturating_add(height).min(self.height) {
            for x in left..left.saturating_add(width).min(self.width) {
                self.set(x, y, true);
            }
        }
    }

    /// Returns true if any dot is black.
    pub fn has_ink(&self) -> bool {
        self.bytes.iter().any(|&byte| byte != 0)
    }

    /// Adds the other's rows below; both are equally wide.
    pub fn append(&mut self, other: &Self) {
        debug_assert_eq!(self.width, other.width);
        self.bytes.extend_from_slice(&other.bytes);
        self.height += other.height;
    }

    /// Removes the first rows and returns them.
    pub fn take_rows(&mut self, rows: usize) -> Self {
        let rows = rows.min(self.height);
        let rest = self.bytes.split_off((rows * self.stride()).min(self.bytes.len()));
        let taken = Self { width: self.width, height: rows, bytes: std::mem::replace(&mut self.bytes, rest) };
        self.height -= rows;
        taken
    }

    /// Returns the packed rows, top to bottom.
    pub fn rows(&self) -> impl Iterator<Item = &[u8]> {
        self.bytes.chunks_exact(self.stride().max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_are_set_read_and_cut_into_rows() {
        let mut bitmap = Bitmap::new(20, 3);
        bitmap.set(19, 2, true);
        bitmap.set(20, 0, true);
        bitmap.set(0, 3, true);
        assert!(bitmap.get(19, 2) && !bitmap.get(20, 0) && bitmap.has_ink());
        let top = bitmap.take_rows(2);
        assert_eq!((top.height(), top.has_ink(), bitmap.height()), (2, false, 1));
        assert!(bitmap.get(19, 0));
        bitmap.append(&top);
        assert_eq!(bitmap.rows().count(), 3);
        bitmap.fill(0, 1, 100, 100);
        assert!(bitmap.get(0, 2) && bitmap.get(19, 1) && !bitmap.get(0, 0));
    }
}
