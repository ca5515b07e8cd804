//! The bodies of the fuzz targets, which the tests of the server run over the seeds, too.

pub mod targets;
pub mod wire;
