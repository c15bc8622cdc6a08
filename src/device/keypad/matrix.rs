//! A matrix of keys, read again and again while one is down: debounce, ghosts, long presses, repeats, and stuck keys.
//! Pure: readings and times come in.

use std::time::Duration;

/// Largest number of rows or columns of a matrix.
pub const SIDE_MAX: usize = 8;
/// Time after which a pressed key counts as held.
pub const HELD: Duration = Duration::from_millis(800);
/// Interval at which a held key repeats.
pub const REPEAT: Duration = Duration::from_millis(150);
/// Time after which a pressed key counts as stuck, or as leaned on: it is ignored until it is released.
pub const STUCK: Duration = Duration::from_secs(30);
/// Interval between two looks while a key is down and nothing moves.
const RESTING_LOOK: Duration = Duration::from_millis(5);

/// Position of a key in the matrix: row * 8 + column.
pub type MatrixPosition = u8;

/// One reading of the whole matrix: one bit per key, at its [`MatrixPosition`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Look(u64);

impl Look {
    /// Adds a row as read: bit n is column n.
    pub fn with_row(self, row: usize, columns: u16) -> Self {
        let shift = row.min(SIDE_MAX - 1) * SIDE_MAX;
        Self(self.0 | u64::from(columns & 0xff) << shift)
    }

    /// Returns true if no key is down.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    fn has(self, place: MatrixPosition) -> bool {
        self.0 >> place & 1 == 1
    }

    fn row(self, row: usize) -> u64 {
        self.0 >> (row * SIDE_MAX) & 0xff
    }

    /// Returns true if two rows share two columns: the fourth corner may be a ghost, for current finds its way through
    /// the three others. The keys that are really down can't be told.
    fn is_ambiguous(self) -> bool {
        (0..SIDE_MAX).any(|a| (a + 1..SIDE_MAX).any(|b| (self.row(a) & self.row(b)).count_ones() > 1))
    }
}

/// Change of a key, as the matrix reports it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Did {
    /// The key has been pressed.
    Down,
    /// The key has been down for [`HELD`].
    Held,
    /// The key is still down, [`REPEAT`] later.
    Repeated,
    /// The key has been down for [`STUCK`].
    Stuck,
    /// The key has been released.
    Up,
}

/// Time of the next look at the matrix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// The next look is due when a column changes.
    Change,
    /// The next look is due after this time.
    After(Duration),
}

#[derive(Debug, Clone, Copy, Default)]
struct Key {
    /// Last reading, and the time since which it has been the same.
    raw: bool,
    since: Duration,
    /// Debounced state, and the time since which it holds.
    down: bool,
    down_since: Duration,
    /// Number of holds and repeats reported, and the mark of a stuck key.
    told: u32,
    stuck: bool,
}

/// Debounced state of all keys of a matrix.
#[derive(Debug, Clone)]
pub struct Matrix {
    debounce: Duration,
    keys: [Key; SIDE_MAX * SIDE_MAX],
}

impl Matrix {
    /// Creates the state with all keys up. A key must read the same for `debounce` to be believed.
    pub fn new(debounce: Duration) -> Self {
        Self { debounce, keys: [Key::default(); SIDE_MAX * SIDE_MAX] }
    }

    /// Takes one look at the matrix, and returns the changes. Times are since any moment, the same for all calls.
    pub fn look(&mut self, look: Look, now: Duration) -> Vec<(MatrixPosition, Did)> {
        let refuse = look.is_ambiguous();
        let mut did = Vec::new();
        for (place, key) in (0..).zip(&mut self.keys) {
            let raw = look.has(place);
            if raw != key.raw {
                (key.raw, key.since) = (raw, now);
            }
            if key.raw != key.down && now.saturating_sub(key.since) >= self.debounce {
                if key.raw && !refuse {
                    *key = Key { down: true, down_since: now, told: 0, stuck: false, ..*key };
                    did.push((place, Did::Down));
                } else if !key.raw {
                    key.down = false;
                    did.push((place, Did::Up));
                }
            } else if key.down && !key.stuck {
                did.extend(key.holds(now).map(|what| (place, what)));
            }
        }
        did
    }

    /// Returns the time of the next look.
    pub fn next(&self) -> Next {
        let unsure = self.keys.iter().any(|key| key.raw != key.down);
        let held = self.keys.iter().any(|key| key.down && !key.stuck);
        if unsure {
            // Several looks within the debounce: a bouncing key must not read the same by chance.
            return Next::After((self.debounce / 4).max(Duration::from_millis(1)));
        }
        if held { Next::After(RESTING_LOOK) } else { Next::Change }
    }
}

impl Key {
    fn holds(&mut self, now: Duration) -> Option<Did> {
        let down_for = now.saturating_sub(self.down_since);
        if down_for >= STUCK {
            self.stuck = true;
            return Some(Did::Stuck);
        }
        let due = HELD.saturating_add(REPEAT.saturating_mul(self.told));
        if down_for < due {
            return None;
        }
        self.told += 1;
        Some(if self.told == 1 { Did::Held } else { Did::Repeated })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEBOUNCE: Duration = Duration::from_millis(10);

    fn ms(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    fn keys(places: &[(usize, u32)]) -> Look {
        places.iter().fold(Look::default(), |look, (row, column)| look.with_row(*row, 1 << column))
    }

    /// Pseudo-random numbers from a seed (xorshift), the same each time.
    struct Chance(u64);

    impl Chance {
        fn below(&mut self, limit: u64) -> u64 {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            self.0 % limit
        }
    }

    /// Returns the edges of a contact that closes at `from`, opens at `to` (µs), and bounces for 1 to 8 ms after each.
    fn bouncing(chance: &mut Chance, from: u64, to: u64) -> Vec<(u64, bool)> {
        let mut edges = Vec::new();
        for (at, closed) in [(from, true), (to, false)] {
            edges.push((at, closed));
            let end = at + 1_000 + chance.below(7_000);
            let (mut at, mut now) = (at, closed);
            loop {
                at += 50 + chance.below(1_500);
                if at >= end {
                    break;
                }
                now = !now;
                edges.push((at, now));
            }
            if now != closed {
                edges.push((end, closed));
            }
        }
        edges
    }

    #[test]
    fn ten_thousand_presses_with_bounce_are_ten_thousand() {
        let mut chance = Chance(0x5eed_cafe);
        let mut matrix = Matrix::new(DEBOUNCE);
        let (mut now, mut start, mut slowest) = (0_u64, 1_000_u64, 0_u64);
        for press in 0..10_000 {
            let (row, column) = (chance.below(4) as usize, chance.below(3) as u32);
            let place = (row * SIDE_MAX) as MatrixPosition + column as MatrixPosition;
            let end = start + 40_000 + chance.below(150_000);
            let edges = bouncing(&mut chance, start, end);
            let closed_at =
                |time: u64| edges.iter().rev().find(|(at, _)| *at <= time).is_some_and(|(_, closed)| *closed);
            let mut did = Vec::new();
            now = now.max(start);
            loop {
                let look = if closed_at(now) { keys(&[(row, column)]) } else { Look::default() };
                let found = matrix.look(look, Duration::from_micros(now));
                if found.contains(&(place, Did::Down)) {
                    slowest = slowest.max(now - start);
                }
                did.extend(found);
                match matrix.next() {
                    // A scan takes a while, and now and then the machine is busy with something else.
                    Next::After(time) => {
                        now += time.as_micros() as u64
                            + 80
                            + chance.below(400)
                            + if chance.below(50) == 0 { 12_000 } else { 0 }
                    }
                    Next::Change => match edges.iter().find(|(at, _)| *at > now) {
                        Some((at, _)) => now = *at,
                        None => break,
                    },
                }
            }
            assert_eq!(did, [(place, Did::Down), (place, Did::Up)], "press {press}");
            start = now.max(end) + 15_000 + chance.below(80_000);
        }
        // Bounce, debounce and one delay of the machine: the debounce counts from the last bounce.
        assert!(slowest < 8_000 + 10_000 + 12_000 + 5_000, "{slowest} µs");
    }

    #[test]
    fn a_key_that_reads_clean_is_told_within_debounce_and_five_milliseconds() {
        let mut matrix = Matrix::new(DEBOUNCE);
        let mut now = ms(1_000);
        loop {
            let did = matrix.look(keys(&[(1, 1)]), now);
            if did == [(9, Did::Down)] {
                break;
            }
            let Next::After(time) = matrix.next() else { panic!("it is being pressed") };
            now += time;
        }
        assert!(now - ms(1_000) < DEBOUNCE + ms(5), "{now:?}");
    }

    #[test]
    fn shorter_than_the_debounce_is_nothing_and_leaves_it_asleep() {
        let mut matrix = Matrix::new(DEBOUNCE);
        assert!(matrix.look(keys(&[(0, 0)]), ms(0)).is_empty());
        assert!(matrix.look(Look::default(), ms(5)).is_empty());
        assert!(matrix.look(Look::default(), ms(20)).is_empty());
        assert_eq!(matrix.next(), Next::Change);
    }

    #[test]
    fn a_key_held_for_an_hour_is_told_as_stuck_and_then_no_more() {
        let mut matrix = Matrix::new(DEBOUNCE);
        let mut did = Vec::new();
        let mut now = ms(0);
        let mut looks = 0;
        while now < Duration::from_secs(3_600) {
            did.extend(matrix.look(keys(&[(3, 2)]), now).into_iter().map(|(_, what)| what));
            looks += 1;
            match matrix.next() {
                Next::After(time) => now += time,
                Next::Change => break,
            }
        }
        assert_eq!((did[0], did[1], did[2]), (Did::Down, Did::Held, Did::Repeated));
        assert_eq!(did.last(), Some(&Did::Stuck));
        assert_eq!(did.iter().filter(|what| **what == Did::Repeated).count(), 194);
        assert!(looks < 7_000, "{looks}");
        matrix.look(Look::default(), Duration::from_secs(3_600));
        assert_eq!(matrix.look(Look::default(), Duration::from_secs(3_601)), [(26, Did::Up)]);
        assert_eq!(matrix.next(), Next::Change);
    }

    #[test]
    fn another_key_works_beside_one_that_is_stuck() {
        let mut matrix = Matrix::new(DEBOUNCE);
        for second in 0..40 {
            matrix.look(keys(&[(0, 0)]), Duration::from_secs(second));
        }
        assert_eq!(matrix.next(), Next::Change);
        matrix.look(keys(&[(0, 0), (1, 1)]), Duration::from_secs(41));
        assert_eq!(matrix.look(keys(&[(0, 0), (1, 1)]), Duration::from_secs(42)), [(9, Did::Down)]);
    }

    #[test]
    fn two_keys_are_two_and_what_may_be_a_ghost_is_refused() {
        let mut matrix = Matrix::new(DEBOUNCE);
        let two = [(0, 0), (1, 1)];
        matrix.look(keys(&two), ms(0));
        assert_eq!(matrix.look(keys(&two), ms(10)), [(0, Did::Down), (9, Did::Down)]);
        // A third key at a corner: the fourth reads as down too, and nobody can tell which is which.
        let four = [(0, 0), (0, 1), (1, 0), (1, 1)];
        matrix.look(keys(&four), ms(20));
        assert!(matrix.look(keys(&four), ms(40)).is_empty());
        // One key is released: the rest is certain.
        let left = [(0, 1), (1, 1)];
        assert_eq!(matrix.look(keys(&left), ms(50)), [(1, Did::Down)]);
        assert_eq!(matrix.look(keys(&left), ms(60)), [(0, Did::Up)]);
        // All keys at once are no finger, and are not reported.
        let all: Vec<(usize, u32)> = (0..4).flat_map(|row| (0..4).map(move |column| (row, column))).collect();
        let mut matrix = Matrix::new(DEBOUNCE);
        for at in 0..100 {
            assert!(matrix.look(keys(&all), ms(at * 10)).is_empty());
        }
        // Three keys in a row share no two columns with another row, so there is no ghost.
        let mut matrix = Matrix::new(DEBOUNCE);
        let three = [(2, 0), (2, 1), (2, 2)];
        matrix.look(keys(&three), ms(0));
        assert_eq!(matrix.look(keys(&three), ms(10)).len(), 3);
    }
}
