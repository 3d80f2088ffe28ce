//! Distributions of durations, from integers and tables only.

use super::chance::Stream;
use super::tables::{EXPONENTIAL, NORMAL, POWER_OF_TWO};
use super::time::Span;

/// How a random duration is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dist {
    /// Always the same.
    Constant(Span),
    /// Every value of the closed range is equally likely.
    Uniform {
        /// Shortest.
        low: Span,
        /// Longest.
        high: Span,
    },
    /// Memoryless with this mean, as arrivals of independent clients are.
    Exponential {
        /// Mean.
        mean: Span,
    },
    /// Log-normal-like, as measured latencies are: most draws lie near the median, few far above.
    LogNormal {
        /// Half of the draws are shorter.
        median: Span,
        /// How much longer the 84th percentile is than the median, in percent: 150 = 1.5 times.
        spread_percent: u32,
    },
}

/// One in the tables' unit.
const ONE: u64 = 65_536;

impl Dist {
    /// Draws one duration.
    pub fn draw(&self, stream: &mut Stream) -> Span {
        match *self {
            Dist::Constant(span) => span,
            Dist::Uniform { low, high } => {
                Span::nanos(stream.between(low.as_nanos(), high.as_nanos().max(low.as_nanos())))
            }
            Dist::Exponential { mean } => mean.scaled(exponential(stream), ONE),
            Dist::LogNormal { median, spread_percent } => {
                log_normal(stream, median, spread_percent)
            }
        }
    }

    /// The middle of the distribution: half of the draws are shorter.
    #[must_use]
    pub fn median(&self) -> Span {
        match *self {
            Dist::Constant(span) => span,
            Dist::Uniform { low, high } => (low + high) / 2,
            Dist::Exponential { mean } => mean.scaled(693_147, 1_000_000),
            Dist::LogNormal { median, .. } => median,
        }
    }
}

/// A draw with mean one, in units of [`ONE`].
fn exponential(stream: &mut Stream) -> u64 {
    let mut offset = 0;
    loop {
        let bits = stream.below(256 * ONE);
        let (index, fraction) = (bits / ONE, bits % ONE);
        if index == 255 {
            // The last cell reaches to infinity; the tail of an exponential is itself, shifted.
            offset += EXPONENTIAL[255];
            continue;
        }
        let place = usize::try_from(index).unwrap_or(0);
        let (low, high) = (EXPONENTIAL[place], EXPONENTIAL[place + 1]);
        return offset + low + (high - low) * fraction / ONE;
    }
}

/// `median * spread^z` with z standard normal.
fn log_normal(stream: &mut Stream, median: Span, spread_percent: u32) -> Span {
    let bits = stream.below(512 * ONE);
    let (upper, bits) = (bits >= 256 * ONE, bits % (256 * ONE));
    let (place, fraction) = (usize::try_from(bits / ONE).unwrap_or(0), bits % ONE);
    let (low, high) = (NORMAL[place], NORMAL[place + 1]);
    let z = low + (high - low) * fraction / ONE;
    // spread^z = 2^(z * log2(spread)).
    let exponent = z * log2_percent(spread_percent) / ONE;
    let factor = power_of_two(exponent);
    if upper { median.scaled(factor, ONE) } else { median.scaled(ONE, factor) }
}

/// `log2(percent / 100)` in units of [`ONE`], by the table; 0 below 100 percent.
fn log2_percent(percent: u32) -> u64 {
    let mut value = u64::from(percent.clamp(100, 6_400)) * ONE / 100;
    let mut whole = 0;
    while value >= 2 * ONE {
        value /= 2;
        whole += ONE;
    }
    let place = POWER_OF_TWO.partition_point(|entry| *entry <= value).saturating_sub(1);
    let place = place.min(255);
    let (low, high) = (POWER_OF_TWO[place], POWER_OF_TWO[place + 1]);
    whole + (place as u64 * ONE + (value - low) * ONE / (high - low)) / 256
}

/// `2^(exponent / ONE)` in units of [`ONE`].
fn power_of_two(exponent: u64) -> u64 {
    let whole = (exponent / ONE).min(30);
    let scaled = exponent % ONE * 256;
    let (place, fraction) = (usize::try_from(scaled / ONE).unwrap_or(0), scaled % ONE);
    let (low, high) = (POWER_OF_TWO[place], POWER_OF_TWO[place + 1]);
    (low + (high - low) * fraction / ONE) << whole
}

#[cfg(test)]
mod tests {
    use super::super::actor::Slot;
    use super::super::chance::Purpose;
    use super::*;

    fn draws(dist: Dist) -> Vec<u64> {
        let mut stream = Stream::new(1, Slot(0), Purpose::named("test"));
        let mut all: Vec<u64> =
            (0..100_000).map(|_| dist.draw(&mut stream).as_nanos() / 1_000).collect();
        all.sort_unstable();
        all
    }

    /// Whether `got` lies within two percent of `want`.
    fn near(got: u64, want: u64) -> bool {
        got.abs_diff(want) * 50 <= want
    }

    #[test]
    fn an_exponential_has_its_mean_and_its_quantiles() {
        let all = draws(Dist::Exponential { mean: Span::millis(10) });
        assert!(near(all.iter().sum::<u64>() / 100_000, 10_000));
        assert!(near(all[50_000], 6_931), "median {}", all[50_000]);
        assert!(near(all[99_000], 46_052), "p99 {}", all[99_000]);
    }

    #[test]
    fn a_log_normal_has_its_median_and_its_spread() {
        let all = draws(Dist::LogNormal { median: Span::millis(10), spread_percent: 150 });
        assert!(near(all[50_000], 10_000), "median {}", all[50_000]);
        assert!(near(all[84_134], 15_000), "one sigma {}", all[84_134]);
        assert!(near(all[15_866], 6_667), "minus one sigma {}", all[15_866]);
    }

    #[test]
    fn a_uniform_stays_inside() {
        let all = draws(Dist::Uniform { low: Span::millis(1), high: Span::millis(2) });
        assert!(all[0] >= 1_000 && all[99_999] <= 2_000);
        assert!(near(all[50_000], 1_500));
    }
}
