//! Files of the operator: ours are written for nobody else to read, theirs are read only along a way that nobody else
//! can change. docs/decisions/0042-whose-files-are-read.md

pub mod private_files;
pub mod trusted_files;
