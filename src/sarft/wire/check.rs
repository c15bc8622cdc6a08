//! The checksums a trailer can hold.

use super::Check;
use crc::{CRC_16_IBM_3740, CRC_16_MODBUS, CRC_32_ISO_HDLC, Crc};

const MODBUS: Crc<u16> = Crc::<u16>::new(&CRC_16_MODBUS);
// Catalogues call poly 0x1021 with init 0xFFFF IBM-3740; devices' manuals call it CCITT.
const CCITT: Crc<u16> = Crc::<u16>::new(&CRC_16_IBM_3740);
const CRC32: Crc<u32> = Crc::<u32>::new(&CRC_32_ISO_HDLC);

impl Check {
    /// Every item, in the grammar's order.
    pub(crate) const ALL: [Self; 5] =
        [Self::Crc16Modbus, Self::Crc16Ccitt, Self::Crc32, Self::Sum8, Self::Xor8];

    /// Word for the checksum in `[sarft.wire] trailer`.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Crc16Modbus => "crc16-modbus",
            Self::Crc16Ccitt => "crc16-ccitt",
            Self::Crc32 => "crc32",
            Self::Sum8 => "sum8",
            Self::Xor8 => "xor8",
        }
    }

    /// Size in bytes.
    pub(crate) fn size(self) -> usize {
        match self {
            Self::Crc16Modbus | Self::Crc16Ccitt => 2,
            Self::Crc32 => 4,
            Self::Sum8 | Self::Xor8 => 1,
        }
    }

    /// Computes the checksum of these bytes.
    pub(crate) fn over(self, bytes: &[u8]) -> u32 {
        match self {
            Self::Crc16Modbus => MODBUS.checksum(bytes).into(),
            Self::Crc16Ccitt => CCITT.checksum(bytes).into(),
            Self::Crc32 => CRC32.checksum(bytes),
            Self::Sum8 => bytes.iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte)).into(),
            Self::Xor8 => bytes.iter().fold(0u8, |sum, byte| sum ^ byte).into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_values_of_the_catalogues() {
        let over = |check: Check| check.over(b"123456789");
        assert_eq!(over(Check::Crc16Modbus), 0x4B37);
        assert_eq!(over(Check::Crc16Ccitt), 0x29B1);
        assert_eq!(over(Check::Crc32), 0xCBF4_3926);
        assert_eq!(over(Check::Sum8), 0xDD);
        assert_eq!(over(Check::Xor8), 0x31);
    }
}
