//! Whether two lots of answer times differ: by their medians, and by ranks (Mann and Whitney 1947), which heed no
//! distribution and no outliers.

use std::time::Duration;

/// Two-sided limit of the rank test: noise alone passes it once in a thousand times.
const MOST_Z: f64 = 3.29;

/// What two lots of times differ by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Difference {
    /// The medians, in microseconds.
    pub(crate) medians: (f64, f64),
    /// The rank statistic, normally distributed around 0 where there is no difference; positive when the second is slower.
    pub(crate) z: f64,
    /// The probability that one of the second takes longer than one of the first, ties counted half (Vargha and
    /// Delaney 2000); 0.5 where there is no difference.
    pub(crate) superiority: f64,
}

impl Difference {
    /// Of two lots of times.
    pub(crate) fn of(first: &[Duration], second: &[Duration]) -> Self {
        let (z, superiority) = rank_statistic(first, second);
        Self {
            medians: (median(first), median(second)),
            z,
            superiority,
        }
    }

    /// Which way they differ, if they do: in ranks, or in medians by more than `part` of the smaller.
    pub(crate) fn seen(self, part: f64) -> Option<bool> {
        let (first, second) = self.medians;
        if self.z.abs() > MOST_Z {
            Some(self.z > 0.0)
        } else if (first - second).abs() > part * first.min(second) {
            Some(second > first)
        } else {
            None
        }
    }
}

fn median(times: &[Duration]) -> f64 {
    let mut sorted: Vec<_> = times.iter().map(|time| micros(*time)).collect();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

/// The normal approximation, with the correction for ties, and the part of all pairs in which the second is slower.
fn rank_statistic(first: &[Duration], second: &[Duration]) -> (f64, f64) {
    let mut all: Vec<(Duration, bool)> = first.iter().map(|time| (*time, false)).collect();
    all.extend(second.iter().map(|time| (*time, true)));
    all.sort_unstable();
    let (mut ranks_of_second, mut ties, mut below) = (0.0, 0.0, 0.0);
    for equal in all.chunk_by(|one, other| one.0 == other.0) {
        let count = float(equal.len());
        let rank = below + f64::midpoint(count, 1.0);
        ranks_of_second += rank * float(equal.iter().filter(|it| it.1).count());
        ties += count * (count * count - 1.0);
        below += count;
    }
    let (n, m, both) = (float(first.len()), float(second.len()), below);
    let statistic = ranks_of_second - m * (m + 1.0) / 2.0;
    let variance = n * m / 12.0 * (both + 1.0 - ties / (both * (both - 1.0)));
    let z = (statistic - n * m / 2.0) / variance.sqrt();
    (z, statistic / (n * m))
}

fn float(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap())
}

mod tests {
    use crypto::random::{Random as _, SeededRandom};

    use super::*;

    /// Times as they are on a busy machine: a hump with a long tail.
    fn times(seed: u64, count: usize, more: u64) -> Vec<Duration> {
        let random = SeededRandom::new(seed);
        let mut bytes = vec![0; count * 8];
        random.fill(&mut bytes);
        let noise = bytes.chunks_exact(8).map(|eight| {
            let hump: u64 = eight[..6].iter().map(|byte| u64::from(*byte)).sum();
            let tail = if eight[6] < 12 {
                u64::from(eight[7]) * 40
            } else {
                0
            };
            Duration::from_micros(5_000 + hump + tail + more)
        });
        noise.collect()
    }

    #[test]
    fn no_difference_is_seen_where_there_is_none() {
        let seen = (0..400)
            .filter(|seed| {
                let (first, second) = (times(*seed, 500, 0), times(seed + 1_000, 500, 0));
                Difference::of(&first, &second).seen(0.02).is_some()
            })
            .count();
        assert!(seen <= 4, "{seen} of 400");
    }

    #[test]
    fn a_difference_far_below_the_noise_is_seen_with_its_direction() {
        for seed in 0..50 {
            let (fast, slow) = (times(seed, 500, 0), times(seed + 1_000, 500, 100));
            assert_eq!(Difference::of(&fast, &slow).seen(0.02), Some(true));
            assert_eq!(Difference::of(&slow, &fast).seen(0.02), Some(false));
        }
    }

    #[test]
    fn equal_times_are_no_difference_and_wholly_different_ones_are() {
        let (one, two) = (
            vec![Duration::from_micros(1); 20],
            vec![Duration::from_micros(2); 20],
        );
        assert_eq!(Difference::of(&one, &two).seen(0.02), Some(true));
        let mixed = [one, two].concat();
        assert!(Difference::of(&mixed, &mixed).z.abs() < 1e-9);
    }

    /// By hand: U is 21 of 25, and 17 of 20 where times are equal.
    #[test]
    fn the_statistic_is_that_of_worked_examples() {
        let of = |millis: &[u64]| -> Vec<_> {
            let millis = millis.iter();
            millis.map(|it| Duration::from_millis(*it)).collect()
        };
        for (first, second, expected, part) in [
            (
                &[1, 2, 3, 5, 8][..],
                &[4, 6, 7, 9, 10][..],
                1.775_592,
                21.0 / 25.0,
            ),
            (&[1, 2, 2, 3], &[2, 3, 3, 4, 5], 1.774_824, 17.0 / 20.0),
        ] {
            let found = Difference::of(&of(first), &of(second));
            assert!((found.z - expected).abs() < 1e-6, "{found:?}");
            assert!((found.superiority - part).abs() < 1e-9, "{found:?}");
        }
    }
}
