//! The limit of connections, from the memory and file descriptors of this process.

use std::fs;
use std::path::Path;

use settings::HttpLimits;

/// Connections of the operator's listener: probes and Prometheus are few.
pub const OF_OPERATOR: u32 = 64;

/// Bytes that a connection takes at most while it sends a head, measured by `scripts/bench-strangers`, rounded up.
const A_CONNECTION: u64 = 96 * 1024;
/// The part of the memory that connections may take.
const SHARE: u64 = 4;
/// Descriptors that are not connections: database, files, mail, the other listener.
const OTHER_DESCRIPTORS: u64 = 256;
/// The least and the most that is chosen by itself.
const LEAST: u64 = 64;
const MOST: u64 = 16_384;

/// Connections of the main listener: what is set, or what there is room for.
pub fn most_connections(limits: &HttpLimits) -> u32 {
    if limits.connections > 0 {
        return limits.connections;
    }
    room_for(memory(), descriptors())
}

fn room_for(memory: Option<u64>, descriptors: Option<u64>) -> u32 {
    let by_memory = memory.map_or(MOST, |bytes| bytes / SHARE / A_CONNECTION);
    let by_descriptors = descriptors.map_or(MOST, |all| all.saturating_sub(OTHER_DESCRIPTORS));
    let room = by_memory.min(by_descriptors).clamp(LEAST, MOST);
    u32::try_from(room).unwrap_or(u32::MAX)
}

/// Bytes of the machine, or of the group of processes that this one belongs to where that has fewer (cgroups, version 2).
fn memory() -> Option<u64> {
    let of_machine = fs::read_to_string("/proc/meminfo").ok();
    let of_machine = of_machine.and_then(|text| machine_bytes(&text));
    let own = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    let own = own.lines().find_map(|line| line.strip_prefix("0::/"));
    let own = Path::new("/sys/fs/cgroup").join(own.unwrap_or_default());
    let groups = own.ancestors();
    let limits = groups.filter_map(|group| fs::read_to_string(group.join("memory.max")).ok());
    let of_group = limits.filter_map(|text| text.trim().parse().ok()).min();
    of_machine.into_iter().chain(of_group).min()
}

fn machine_bytes(text: &str) -> Option<u64> {
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}

/// Descriptors that this process may have.
fn descriptors() -> Option<u64> {
    soft_limit(&fs::read_to_string("/proc/self/limits").ok()?)
}

fn soft_limit(text: &str) -> Option<u64> {
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GIB: u64 = 1 << 30;

    #[test]
    fn the_scarcer_of_memory_and_descriptors_decides() {
        for (memory, descriptors, expected) in [
            (Some(GIB), Some(65_536), 2_730),
            (Some(GIB / 2), Some(65_536), 1_365),
            (Some(GIB), Some(1_024), 768),
            (Some(64 * GIB), Some(1 << 20), 16_384),
            (Some(1), Some(1), 64),
            (None, None, 16_384),
        ] {
            assert_eq!(
                room_for(memory, descriptors),
                expected,
                "{memory:?} {descriptors:?}"
            );
        }
    }

    #[test]
    fn what_the_system_says_is_read() {
        let memory = "MemTotal:        4029872 kB\nMemFree:          100 kB\n";
        assert_eq!(machine_bytes(memory), Some(4_029_872 * 1024));
        let limits = "Limit                     Soft Limit           Hard Limit           Units     \n\
                      Max open files            1024                 524288               files     \n";
        assert_eq!(soft_limit(limits), Some(1_024));
        assert_eq!((machine_bytes("?"), soft_limit("?")), (None, None));
        let here = most_connections(&HttpLimits::default());
        assert!((64..=16_384).contains(&here), "{here}");
    }
}
