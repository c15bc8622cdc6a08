//! The TCP segments of a capture file (pcap or pcapng). Pure.

use core::net::{IpAddr, SocketAddr};
use etherparse::{EtherType, LaxNetSlice, LaxSlicedPacket, TransportSlice};
use jiff::Timestamp;
use pcap_parser::{Block, PcapBlockOwned, PcapError, create_reader};
use std::io::Cursor;

/// Window of the reader, in bytes: a longer block ends the reading.
const WINDOW: usize = 256 * 1024;

/// One captured TCP segment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Segment<'a> {
    pub at: Option<Timestamp>,
    pub from: SocketAddr,
    pub to: SocketAddr,
    pub sequence: u32,
    pub syn: bool,
    pub ack: bool,
    pub payload: &'a [u8],
}

/// Returns true if the file is a capture rather than the bytes of one direction.
pub(super) fn is_capture(file: &[u8]) -> bool {
    const MAGICS: [[u8; 4]; 5] = [
        [0xD4, 0xC3, 0xB2, 0xA1],
        [0xA1, 0xB2, 0xC3, 0xD4],
        [0x4D, 0x3C, 0xB2, 0xA1],
        [0xA1, 0xB2, 0x3C, 0x4D],
        [0x0A, 0x0D, 0x0D, 0x0A],
    ];
    file.first_chunk().is_some_and(|magic| MAGICS.contains(magic))
}

/// An interface of the capture, with its link type and clock.
#[derive(Clone, Copy)]
struct Interface {
    link: i32,
    ticks_per_second: u64,
    offset: i64,
}

/// Passes every TCP segment to `take`, in the order captured.
///
/// # Errors
/// Reason why reading ended early; earlier segments have been taken.
pub(super) fn for_each_segment(file: &[u8], mut take: impl FnMut(Segment<'_>)) -> Result<(), String> {
    let mut reader = match create_reader(WINDOW, Cursor::new(file)) {
        Ok(reader) => reader,
        Err(error) => return Err(ending(&error)),
    };
    let mut interfaces: Vec<Interface> = Vec::new();
    let mut starved = false;
    loop {
        match reader.next() {
            Ok((length, block)) => {
                if let Some((interface, at, data)) = packet(&block, &mut interfaces)
                    && let Some(segment) = segment(interface, at, data)
                {
                    take(segment);
                }
                reader.consume(length);
                starved = false;
            }
            Err(PcapError::Eof) => return Ok(()),
            // Tries once more after a refill; if that brings nothing, the file ends inside a block.
            Err(PcapError::Incomplete(_)) if !starved => {
                starved = true;
                if let Err(error) = reader.refill() {
                    return Err(ending(&error));
                }
            }
            Err(error) => return Err(ending(&error)),
        }
    }
}

fn ending<I>(error: &PcapError<I>) -> String {
    match error {
        PcapError::Eof | PcapError::UnexpectedEof | PcapError::Incomplete(_) => {
            "the capture file ends in the middle of a packet".into()
        }
        PcapError::BufferTooSmall => "the capture file has a block of more than 256 KiB".into(),
        _ => "the capture file is damaged; what stands before the damage was read".into(),
    }
}

/// Returns the packet in a block, if it holds one; records interfaces.
fn packet<'a>(
    block: &'a PcapBlockOwned<'a>,
    interfaces: &mut Vec<Interface>,
) -> Option<(Interface, Option<Timestamp>, &'a [u8])> {
    match block {
        PcapBlockOwned::LegacyHeader(header) => {
            let ticks_per_second = if header.is_nanosecond_precision() { 1_000_000_000 } else { 1_000_000 };
            *interfaces = vec![Interface { link: header.network.0, ticks_per_second, offset: 0 }];
            None
        }
        PcapBlockOwned::Legacy(packet) => {
            let interface = *interfaces.first()?;
            let at = Timestamp::from_second(packet.ts_sec.into()).ok();
            Some((interface, at, packet.data))
        }
        PcapBlockOwned::NG(Block::SectionHeader(_)) => {
            interfaces.clear();
            None
        }
        PcapBlockOwned::NG(Block::InterfaceDescription(description)) => {
            let ticks_per_second = description.ts_resolution().filter(|ticks| *ticks > 0)?;
            let offset = description.ts_offset();
            interfaces.push(Interface { link: description.linktype.0, ticks_per_second, offset });
            None
        }
        PcapBlockOwned::NG(Block::EnhancedPacket(packet)) => {
            let interface = *interfaces.get(usize::try_from(packet.if_id).ok()?)?;
            let ticks = u64::from(packet.ts_high) << 32 | u64::from(packet.ts_low);
            let seconds = i64::try_from(ticks / interface.ticks_per_second).ok();
            let at = seconds.and_then(|s| Timestamp::from_second(s.checked_add(interface.offset)?).ok());
            Some((interface, at, packet.data))
        }
        PcapBlockOwned::NG(Block::SimplePacket(packet)) => Some((*interfaces.first()?, None, packet.data)),
        PcapBlockOwned::NG(_) => None,
    }
}

/// Returns the TCP segment in a packet, if it is one. Fragments of IP packets are skipped: no LAN makes them.
fn segment(interface: Interface, at: Option<Timestamp>, data: &[u8]) -> Option<Segment<'_>> {
    let cooked = |protocol_at: usize, header: usize| {
        let protocol = data.get(protocol_at..)?.first_chunk::<2>()?;
        let protocol = EtherType(u16::from_be_bytes(*protocol));
        Some(LaxSlicedPacket::from_ether_type(protocol, data.get(header..)?))
    };
    // https://www.tcpdump.org/linktypes.html
    let packet = match interface.link {
        1 => LaxSlicedPacket::from_ethernet(data).ok()?,
        0 | 108 => LaxSlicedPacket::from_ip(data.get(4..)?).ok()?,
        12 | 14 | 101 | 228 | 229 => LaxSlicedPacket::from_ip(data).ok()?,
        113 => cooked(14, 16)?,
        276 => cooked(0, 20)?,
        _ => return None,
    };
    let (source, destination): (IpAddr, IpAddr) = match packet.net? {
        LaxNetSlice::Ipv4(ip) => (ip.header().source_addr().into(), ip.header().destination_addr().into()),
        LaxNetSlice::Ipv6(ip) => (ip.header().source_addr().into(), ip.header().destination_addr().into()),
        LaxNetSlice::Arp(_) => return None,
    };
    let Some(TransportSlice::Tcp(tcp)) = packet.transport else { return None };
    Some(Segment {
        at,
        from: SocketAddr::new(source, tcp.source_port()),
        to: SocketAddr::new(destination, tcp.destination_port()),
        sequence: tcp.sequence_number(),
        syn: tcp.syn(),
        ack: tcp.ack(),
        payload: tcp.payload(),
    })
}
