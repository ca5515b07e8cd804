//! How long a mail to nobody takes: as long as those to its domain took to hand over.

use std::collections::VecDeque;
use std::time::Duration;

/// How long the last mails took, for each domain that they went to. Whoever runs a domain can have its mail server take its
/// time; that changes what goes to nobody at this domain, and at no other.
#[derive(Debug, Default)]
pub struct UsualTimes {
    /// The domain of the last mail is the last one.
    domains: VecDeque<(String, LastTimes)>,
}

impl UsualTimes {
    /// Domains that are remembered at most; one has 250 bytes or so.
    const MOST: usize = 256;

    /// Notes how long a mail took that the mail server has answered.
    pub fn add(&mut self, domain: &str, time: Duration) {
        let at = self.domains.iter().position(|(one, _)| one == domain);
        let known = at.and_then(|at| self.domains.remove(at));
        let (domain, mut times) =
            known.unwrap_or_else(|| (domain.to_owned(), LastTimes::default()));
        times.add(time);
        if self.domains.len() == Self::MOST {
            self.domains.pop_front();
        }
        self.domains.push_back((domain, times));
    }

    /// How long one to a domain usually takes: the median of its last ones. Where it had none, the median of what the domains
    /// take, in which each counts once; 0 before there was one.
    pub fn of(&self, domain: &str) -> Duration {
        let own = self.domains.iter().find(|(one, _)| one == domain);
        let usual = match own {
            Some((_, times)) => times.usual(),
            None => median(self.domains.iter().filter_map(|(_, times)| times.usual())),
        };
        usual.unwrap_or_default()
    }
}

/// How long the last mails to one domain took.
#[derive(Debug, Default)]
struct LastTimes(VecDeque<Duration>);

impl LastTimes {
    const MANY: usize = 9;

    fn add(&mut self, time: Duration) {
        if self.0.len() == Self::MANY {
            self.0.pop_front();
        }
        self.0.push_back(time);
    }

    /// One that is slow now and then is not the usual time.
    fn usual(&self) -> Option<Duration> {
        median(self.0.iter().copied())
    }
}

/// The value in the middle; of two, the lower.
fn median(times: impl Iterator<Item = Duration>) -> Option<Duration> {
    let mut times: Vec<_> = times.collect();
    times.sort_unstable();
    times.get(times.len().saturating_sub(1) / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// What was handed over to which domain in so many seconds, and how long one to nobody takes at which.
    #[test]
    fn a_domain_has_its_own_usual_time_and_an_unknown_one_that_of_most_domains() {
        type Case<'a> = (&'a [(&'a str, &'a [u32])], &'a [(&'a str, u32)]);
        let table: &[Case] = &[
            (&[], &[("a", 0)]),
            (&[("a", &[30])], &[("a", 30), ("b", 30)]),
            // A few slow ones are not the usual time.
            (&[("a", &[30, 1, 1, 1, 1, 1, 25, 25, 25, 25])], &[("a", 1)]),
            (&[("a", &[1, 1, 1, 1, 1, 2, 2, 2, 2, 2])], &[("a", 2)]),
            (&[("a", &[1, 9])], &[("a", 1)]),
            // Nor is one domain what the others are, however many mails go to it.
            (
                &[("a", &[1]), ("slow", &[20; 30])],
                &[("a", 1), ("slow", 20), ("b", 1)],
            ),
            (
                &[("slow", &[20; 30]), ("a", &[1]), ("b", &[2])],
                &[("slow", 20), ("c", 2)],
            ),
        ];
        for (handed_over, expected) in table {
            let mut times = UsualTimes::default();
            for (domain, seconds) in *handed_over {
                for one in *seconds {
                    times.add(domain, *one * SECOND);
                }
            }
            for (domain, seconds) in *expected {
                assert_eq!(
                    times.of(domain),
                    *seconds * SECOND,
                    "{handed_over:?} {domain}"
                );
            }
        }
    }

    #[test]
    fn the_domain_that_had_no_mail_for_longest_is_forgotten_first() {
        let mut times = UsualTimes::default();
        times.add("first", 7 * SECOND);
        times.add("second", 8 * SECOND);
        times.add("first", 7 * SECOND);
        for number in 2..UsualTimes::MOST {
            times.add(&format!("d{number}"), SECOND);
        }
        assert_eq!(times.of("second"), 8 * SECOND);
        times.add("one more", SECOND);
        assert_eq!(times.domains.len(), UsualTimes::MOST);
        assert_eq!(times.of("second"), SECOND, "as any unknown one");
        assert_eq!(times.of("first"), 7 * SECOND);
    }
}
