//! The kernel's queue against `std`'s binary heap, on the same load in the same run.
//!
//! The load is PHOLD-like: every popped event schedules one more, a random span ahead, so the
//! number of pending events stays the same. Both loops compute the same digest; the bar is a
//! ratio, since absolute times differ from machine to machine.
//!
//! `cargo bench --bench queue`; with `-- --tiny` (and in `cargo test`) it only checks that both
//! agree.

#![expect(clippy::disallowed_types, clippy::print_stdout, reason = "a benchmark reads the clock")]

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Instant;

use prova::kernel::{Digest, Queue, SimTime};

/// As large as a real event: what is sorted must be moved, too.
#[derive(Clone, Debug)]
struct Payload {
    number: u64,
    _ballast: [u64; 9],
}

impl Payload {
    fn new(number: u64) -> Self {
        Payload { number, _ballast: [number; 9] }
    }
}

/// An entry of the binary heap: earliest first, first in first out.
struct Entry {
    at: u64,
    seq: u64,
    payload: Payload,
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        (self.at, self.seq) == (other.at, other.seq)
    }
}
impl Eq for Entry {}
impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Entry {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.at, self.seq).cmp(&(other.at, other.seq))
    }
}

/// A small fast generator, the same for both loops.
struct Noise(u64);

impl Noise {
    /// Mean about a millisecond, with some simultaneous events.
    fn span(&mut self) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 43) & !0x3f
    }
}

fn with_queue(pending: u64, events: u64) -> (u64, f64) {
    let (mut noise, mut queue) = (Noise(1), Queue::new());
    let mut number = 0;
    for _ in 0..pending {
        queue.push(SimTime::from_nanos(noise.span()), Payload::new(number));
        number += 1;
    }
    let mut digest = Digest::default();
    let start = Instant::now();
    for _ in 0..events {
        let (at, payload) = queue.pop().expect("one event schedules the next");
        digest.fold(at.as_nanos() ^ payload.number);
        let next = SimTime::from_nanos(at.as_nanos() + noise.span());
        queue.push(next, Payload::new(number));
        number += 1;
    }
    (digest.value(), start.elapsed().as_secs_f64())
}

fn with_heap(pending: u64, events: u64) -> (u64, f64) {
    let (mut noise, mut heap) = (Noise(1), BinaryHeap::new());
    let mut seq = 0;
    for _ in 0..pending {
        heap.push(Reverse(Entry { at: noise.span(), seq, payload: Payload::new(seq) }));
        seq += 1;
    }
    let mut digest = Digest::default();
    let start = Instant::now();
    for _ in 0..events {
        let Reverse(entry) = heap.pop().expect("one event schedules the next");
        digest.fold(entry.at ^ entry.payload.number);
        heap.push(Reverse(Entry { at: entry.at + noise.span(), seq, payload: Payload::new(seq) }));
        seq += 1;
    }
    (digest.value(), start.elapsed().as_secs_f64())
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

fn main() {
    let tiny =
        !std::env::args().any(|arg| arg == "--bench") || std::env::args().any(|a| a == "--tiny");
    println!("pending      queue Mev/s   heap Mev/s   ratio (bar)   digest");
    for (pending, bar) in [(1_000, 1.2), (100_000, 2.5), (1_000_000, 5.0)] {
        let (pending, events, rounds) =
            if tiny { (pending / 100, 2_000, 1) } else { (pending, 3_000_000, 5) };
        let (mut fast, mut slow, mut ratios, mut digest) = (vec![], vec![], vec![], 0);
        for _ in 0..rounds {
            let (own, own_secs) = with_queue(pending, events);
            let (other, other_secs) = with_heap(pending, events);
            assert_eq!(own, other, "both must deliver in the same order");
            digest = own;
            fast.push(events as f64 / own_secs / 1e6);
            slow.push(events as f64 / other_secs / 1e6);
            ratios.push(other_secs / own_secs);
        }
        let ratio = median(ratios);
        println!(
            "{pending:>9}   {:>10.1}   {:>10.1}   {ratio:>5.2} ({bar})   {digest:016x}",
            median(fast),
            median(slow)
        );
    }
}
