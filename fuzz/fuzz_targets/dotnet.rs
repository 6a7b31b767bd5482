//! Bytes inside of the roots of NUnit, xUnit and TRX.

#![no_main]

mod check;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    for root in ["test-run", "assemblies", "TestRun"] {
        check::check(&[format!("<{root}>").as_bytes(), data, format!("</{root}>").as_bytes()].concat());
    }
});
