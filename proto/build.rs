//! Compiles the contracts, refuses those that break a promise, and generates
//! the Rust types with their ProtoJSON.

#[path = "build/contract.rs"]
mod contract;

use std::{env, fs, path::PathBuf};

use prost::Message as _;
use prost_reflect::DescriptorPool;

const FILES: [&str; 8] = [
    "plaudit/v1/options.proto",
    "plaudit/v1/common.proto",
    "plaudit/submissions/v1/events.proto",
    "plaudit/panels/v1/events.proto",
    "plaudit/scoring/v1/events.proto",
    "plaudit/awards/v1/events.proto",
    "plaudit/accounts/v1/events.proto",
    "plaudit/intake/v1/events.proto",
];

/// The committed descriptor, a line a field.
const LOCK: &str = "contracts.lock";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-changed=plaudit");
    println!("cargo:rerun-if-changed=build");
    println!("cargo:rerun-if-changed={LOCK}");
    println!("cargo:rerun-if-env-changed=PLAUDIT_WRITE_CONTRACTS");

    let descriptors =
        protox::Compiler::new(["."])?.include_imports(true).open_files(FILES)?.encode_file_descriptor_set();
    let pool = DescriptorPool::decode(descriptors.as_slice())?;
    guard_contracts(&pool)?;

    let out = PathBuf::from(env::var("OUT_DIR")?);
    let set = prost_build_types(&descriptors)?;
    prost_build::Config::new()
        .enable_type_names()
        .bytes(["."])
        .compile_well_known_types()
        .extern_path(".google.protobuf", "::pbjson_types")
        .compile_fds(set)?;
    fs::write(out.join("sealed.rs"), contract::sealed_fields(&pool))?;
    pbjson_build::Builder::new()
        .register_descriptors(&descriptors)?
        .ignore_unknown_fields()
        .out_dir(out)
        .build(&[".plaudit"])?;
    Ok(())
}

fn prost_build_types(encoded: &[u8]) -> Result<prost_types::FileDescriptorSet, prost::DecodeError> {
    prost_types::FileDescriptorSet::decode(encoded)
}

/// What is committed is for ever; `make contracts` only adds to it.
fn guard_contracts(pool: &DescriptorPool) -> Result<(), Box<dyn std::error::Error>> {
    let now = contract::lines(pool);
    let locked = fs::read_to_string(LOCK)?;
    let mut faults = contract::promises(pool);
    faults.extend(contract::broken(&locked, &now));
    if env::var_os("PLAUDIT_WRITE_CONTRACTS").is_none() {
        faults.extend(contract::uncommitted(&locked, &now));
    } else if faults.is_empty() {
        fs::write(LOCK, contract::render(&now))?;
    }
    if faults.is_empty() {
        return Ok(());
    }
    Err(format!("the contracts break a promise:\n  {}", faults.join("\n  ")).into())
}
