//! Chance: one random stream per (seed, actor, purpose).
//!
//! Because every purpose of every actor has a stream of its own, one more draw in the scheduler
//! does not move the kubelets, and two variants of a scenario can be compared like with like.
//! The generator is ChaCha with 8 rounds: specified, portable, and good far beyond our need.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::actor::Slot;

/// What a stream is for; made from a name, at compile time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Purpose(u32);

impl Purpose {
    /// Jitter, loss, duplication and reordering of the messages that an actor sends.
    pub const LINK: Purpose = Purpose::named("link");

    /// The purpose called `name` (FNV-1a of the name).
    #[must_use]
    pub const fn named(name: &str) -> Purpose {
        let bytes = name.as_bytes();
        let mut hash: u32 = 0x811c_9dc5;
        let mut at = 0;
        while at < bytes.len() {
            hash = (hash ^ bytes[at] as u32).wrapping_mul(0x0100_0193);
            at += 1;
        }
        Purpose(hash)
    }
}

/// All random streams of a run; a clone continues exactly where the original stood.
#[derive(Clone, Debug)]
pub struct Chance {
    seed: u64,
    /// Streams by slot; a slot has few purposes, so a short list beats a map.
    streams: Vec<Vec<(Purpose, Stream)>>,
}

/// One stream of random numbers; integers only.
#[derive(Clone, Debug)]
pub struct Stream(ChaCha8Rng);

impl Chance {
    /// Chance for a run with `seed`.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Chance { seed, streams: Vec::new() }
    }

    /// The seed all streams come from.
    #[must_use]
    pub const fn seed(&self) -> u64 {
        self.seed
    }

    /// The stream of `slot` for `purpose`, made at the first use.
    pub fn stream(&mut self, slot: Slot, purpose: Purpose) -> &mut Stream {
        // The outside has the place after nobody: index 0 is shifted by one.
        let index = if slot == Slot::OUTSIDE { 0 } else { slot.index() + 1 };
        if index >= self.streams.len() {
            self.streams.resize_with(index + 1, Vec::new);
        }
        let of_slot = &mut self.streams[index];
        let found = of_slot.iter().position(|(known, _)| *known == purpose);
        let place = found.unwrap_or_else(|| {
            of_slot.push((purpose, Stream::new(self.seed, slot, purpose)));
            of_slot.len() - 1
        });
        &mut of_slot[place].1
    }
}

impl Stream {
    /// The stream for one purpose of one actor.
    #[must_use]
    pub fn new(seed: u64, slot: Slot, purpose: Purpose) -> Self {
        let mut key = [0u8; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        let mut rng = ChaCha8Rng::from_seed(key);
        rng.set_stream(u64::from(slot.0) << 32 | u64::from(purpose.0));
        Stream(rng)
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A number in `0 .. bound`; 0 when `bound` is 0.
    ///
    /// Multiply-and-shift: the bias is below 2^-32 for the bounds used here, and there is no
    /// loop whose length depends on chance.
    pub fn below(&mut self, bound: u64) -> u64 {
        let product = u128::from(self.0.next_u64()) * u128::from(bound);
        u64::try_from(product >> 64).unwrap_or(0)
    }

    /// An index in `0 .. len`; 0 when `len` is 0.
    pub fn index(&mut self, len: usize) -> usize {
        usize::try_from(self.below(len as u64)).unwrap_or(0)
    }

    /// A number in `low ..= high`.
    pub fn between(&mut self, low: u64, high: u64) -> u64 {
        assert!(low <= high, "a range has its lower end first");
        match (high - low).checked_add(1) {
            Some(width) => low + self.below(width),
            None => self.bits(),
        }
    }

    /// True in `per_million` of a million draws.
    pub fn happens(&mut self, per_million: u32) -> bool {
        per_million > 0 && self.below(1_000_000) < u64::from(per_million)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_do_not_disturb_each_other() {
        let (a, b) = (Purpose::named("a"), Purpose::named("b"));
        let mut one = Chance::new(7);
        let mut two = Chance::new(7);
        one.stream(Slot(3), b).bits();
        one.stream(Slot(4), a).bits();
        let left: Vec<u64> = (0..8).map(|_| one.stream(Slot(3), a).bits()).collect();
        let right: Vec<u64> = (0..8).map(|_| two.stream(Slot(3), a).bits()).collect();
        assert_eq!(left, right);
    }

    #[test]
    fn slots_purposes_and_seeds_all_count() {
        let draw = |seed, slot, name| Stream::new(seed, Slot(slot), Purpose::named(name)).bits();
        let base = draw(1, 1, "x");
        assert_ne!(base, draw(2, 1, "x"));
        assert_ne!(base, draw(1, 2, "x"));
        assert_ne!(base, draw(1, 1, "y"));
    }

    #[test]
    fn draws_stay_in_their_range() {
        let mut stream = Stream::new(1, Slot(0), Purpose::LINK);
        let mut seen = [false; 5];
        for _ in 0..1000 {
            let drawn = stream.between(10, 14);
            seen[usize::try_from(drawn - 10).unwrap_or(9)] = true;
        }
        assert_eq!(seen, [true; 5]);
        assert_eq!(stream.below(0), 0);
    }
}
